"""A ceiling's arithmetic: nothing beyond it, nothing lost, to the cent and the unit."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.agreements import Ceiling
from marktbund.errors import Conflict
from orders.agreements.domain.ceilings import Draw, Standing, refusals_of, require_room_for

TOWN, DISTRICT = UUID(int=1), UUID(int=2)
amounts = st.decimals(Decimal(0), Decimal(500), places=2)
quantities = st.decimals(Decimal(0), Decimal(500), places=3)


def draw(value: object, quantity: object = 0) -> Draw:
    return Draw(1, Decimal(str(value)), Decimal(str(quantity)))


@given(st.lists(st.tuples(amounts, quantities), max_size=20), amounts, quantities)
def test_what_is_taken_and_given_back_leaves_nothing(draws, limit_value, limit_quantity):
    empty = Standing(1, None, limit_value, limit_quantity)
    standing, taken = empty, []
    for value, quantity in draws:
        wanted = draw(value, quantity)
        if standing.refusals(wanted):
            with pytest.raises(ValueError, match="cannot take"):
                standing.take(wanted)
            continue
        standing = standing.take(wanted)
        taken.append(wanted)
        assert standing.used_value_net <= limit_value
        assert standing.used_quantity <= limit_quantity
    for back in taken:
        standing = standing.take(draw(-back.value_net, -back.quantity))
    assert standing == empty


def test_the_last_cent_fits_and_one_more_does_not():
    standing = Standing(1, None, Decimal("100000.00"), None, Decimal("99000.00"))
    assert standing.refusals(draw("1000.00")) == []
    [reason] = standing.refusals(draw("1000.01"))
    assert (reason.code, reason.detail) == ("ceiling_value", "Los 1: Rest 1.000,00 EUR.")
    assert "§ 132 GWB" in reason.way_out


def test_giving_back_is_never_refused_but_only_what_was_taken():
    full = Standing(1, None, Decimal(5), Decimal(5), Decimal(5), Decimal(5))
    assert full.refusals(draw(-5, -5)) == []
    with pytest.raises(ValueError, match="cannot take"):
        full.take(draw("-5.01"))


def test_without_a_limit_consumption_is_counted_all_the_same():
    standing = Standing(1, None).take(draw(7, 2))
    assert (standing.used_value_net, standing.rest_value_net) == (Decimal(7), None)


def ceiling(value: str | None, quantity: str | None = None) -> Ceiling:
    return Ceiling(
        value_net=None if value is None else Decimal(value),
        quantity=None if quantity is None else Decimal(quantity),
    )


def standing(**more) -> Standing:
    values = {"limit_value_net": Decimal(100), "used_value_net": Decimal(60)}
    return Standing(1, **({"member_id": None} | values | more))


@pytest.mark.parametrize(
    ("draw", "codes"),
    [
        (Draw(1, Decimal("40.00"), Decimal(1)), []),
        (Draw(1, Decimal("40.01"), Decimal(1)), ["ceiling_value"]),
        (Draw(1, Decimal(1), Decimal(5)), []),
        (Draw(1, Decimal(1), Decimal(6)), ["ceiling_quantity"]),
        (Draw(1, Decimal(41), Decimal(6)), ["ceiling_value", "ceiling_quantity"]),
        (Draw(1, Decimal(-60), Decimal(-5)), []),
        (Draw(1, Decimal(0), Decimal(0)), []),
    ],
)
def test_a_ceiling_binds_to_the_cent_and_to_the_piece(draw: Draw, codes: list[str]):
    known = standing(limit_quantity=Decimal(10), used_quantity=Decimal(5))
    assert [reason.code for reason in known.refusals(draw)] == codes


def test_what_a_lower_limit_leaves_below_zero_refuses_all_but_giving_back():
    over = standing(used_value_net=Decimal(120))
    assert over.rest_value_net == -20
    assert over.refusals(Draw(1, Decimal("0.01"), Decimal(1)))
    assert over.take(Draw(1, Decimal(-30), Decimal(0))).used_value_net == 90


def test_a_members_share_is_named_as_its_own():
    own = standing(member_id=TOWN)
    draws = [Draw(1, Decimal(41), Decimal(1)), Draw(2, Decimal(10**6), Decimal(1))]
    reasons = refusals_of(draws, {(1, None): standing(), (1, TOWN): own}, TOWN)
    assert [reason.code for reason in reasons] == ["ceiling_value", "member_ceiling_value"]
    assert "Rest Ihres Anteils 40,00 EUR" in reasons[1].detail
    assert refusals_of(draws, {(1, DISTRICT): own}, TOWN) == []


def test_a_ceiling_never_drops_below_what_was_taken():
    known = standing(used_quantity=Decimal(5))
    for enough in (ceiling("60", "5"), ceiling(None, "5"), ceiling("60.01")):
        require_room_for(known, enough)
    require_room_for(None, ceiling("0.01"))
    for short in (ceiling("59.99"), ceiling("100", "4")):
        with pytest.raises(Conflict) as refused:
            require_room_for(known, short)
        assert (refused.value.code, refused.value.field) == ("below_consumption", "content.ceiling")
