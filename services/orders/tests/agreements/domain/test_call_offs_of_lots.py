"""A call-off over several lots: each lot's minimum, partner and ceiling, and refused whole."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.agreements import AgreementLot, AgreementPosition, Entitlement
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.call_offs import Call, Checked, Place, Supply, check_call_off
from orders.agreements.domain.ceilings import Draw, Standing
from orders.agreements.domain.looking_again import hindrances_of_call_off
from orders.agreements.domain.terms import Terms
from orders.ground.domain.articles import Article

TOWN, BUEROWELT, PAPIERHAUS = UUID(int=1), UUID(int=2), UUID(int=3)
START, TODAY, END = date(2026, 4, 1), date(2026, 5, 4), date(2027, 3, 31)
PRICES = {(1, 1): "3.00", (1, 2): "0.3333", (2, 1): "12.00", (5, 1): "0.50"}
UNITS = {(1, 1): "PK", (1, 2): "KGM", (2, 1): "C62", (5, 1): "KGM"}
SELLERS = {1: BUEROWELT, 2: PAPIERHAUS, 5: BUEROWELT}


def lot(lot_no: int, **more: object) -> AgreementLot:
    positions = tuple(
        AgreementPosition(
            position_no=number[1],
            comparable_group=f"gtin:{number[0]}{number[1]}",
            description=f"Papier {number[0]}.{number[1]}",
            order_unit=UNITS[number],
            unit_price_net=Decimal(price),
        )
        for number, price in PRICES.items()
        if number[0] == lot_no
    )
    usual = {"title": f"Los {lot_no}", "supplier_id": SELLERS[lot_no], "positions": positions}
    return AgreementLot.model_validate({"lot_no": lot_no, "ceilings": ()} | usual | more)


AGREEMENT = Agreement(
    UUID(int=9),
    None,
    "RV-1",
    Terms(
        "Papier",
        "exclusive",
        START,
        END,
        "",
        (Entitlement(member_id=TOWN, entitled_from=START),),
        (lot(1, minimum_order_net=Decimal("30.00")), lot(2), lot(5)),
    ),
    UUID(int=8),
    "in_force",
)
ARTICLES: dict[Place, Article] = {
    number: Article(
        article_id=UUID(int=100 + 10 * number[0] + number[1]),
        supplier_id=SELLERS[number[0]],
        article_number=f"P-{number[0]}{number[1]}",
        name="Papier",
        cpv="30197644",
        comparable_group=f"gtin:{number[0]}{number[1]}",
        order_unit=UNITS[number],
        unit_price_net=Decimal("99.00"),
        vat_rate=Decimal(19),
        orderable=True,
    )
    for number in PRICES
}
SUPPLY = Supply(ARTICLES, frozenset({BUEROWELT, PAPIERHAUS}), {})


def called(*calls: tuple[int, int, str]) -> list[Call]:
    return [Call(lot_no, no, Decimal(quantity)) for lot_no, no, quantity in calls]


def check(
    *calls: tuple[int, int, str], supply: Supply = SUPPLY, agreement: Agreement = AGREEMENT
) -> Checked:
    return check_call_off(agreement, TOWN, called(*calls), supply, TODAY)


def problems(checked: Checked) -> list[tuple[str, str]]:
    assert bool(checked.reasons) != bool(checked.lines)
    return [(reason.code, reason.field) for reason in checked.reasons]


def capped(*standings: Standing) -> Supply:
    return replace(
        SUPPLY, standings={(known.lot_no, known.member_id): known for known in standings}
    )


def test_lines_keep_the_order_they_were_asked_in_and_draws_are_summed_by_lot():
    checked = check((5, 1, "7"), (1, 1, "10"), (2, 1, "2"), (1, 2, "1.5"))
    assert checked.reasons == ()
    assert [(line.line_no, line.lot_no, line.position_no) for line in checked.lines] == [
        (1, 5, 1),
        (2, 1, 1),
        (3, 2, 1),
        (4, 1, 2),
    ]
    # 7 x 0.50, 10 x 3.00, 2 x 12.00, 1.5 x 0.3333 = 0.49995: each rounded to the cent by itself.
    assert [line.net_amount for line in checked.lines] == [
        Decimal("3.50"),
        Decimal("30.00"),
        Decimal("24.00"),
        Decimal("0.50"),
    ]
    assert checked.draws == (
        Draw(1, Decimal("30.50"), Decimal("11.5")),
        Draw(2, Decimal("24.00"), Decimal(2)),
        Draw(5, Decimal("3.50"), Decimal(7)),
    )


def test_lines_go_to_their_lots_partners_at_their_own_articles():
    lines = check((1, 1, "10"), (2, 1, "1"), (5, 1, "1")).lines
    assert [line.supplier_id for line in lines] == [BUEROWELT, PAPIERHAUS, BUEROWELT]
    assert [line.article_number for line in lines] == ["P-11", "P-21", "P-51"]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([(1, 1, "10")], []),
        ([(1, 1, "9")], [("below_minimum_order", "lot 1")]),
        # What another lot brings is another partner's.
        ([(1, 1, "9"), (2, 1, "50")], [("below_minimum_order", "lot 1")]),
        # 27.00 and 9.001 x 0.3333 = 3.0000333: to the cent 30.00.
        ([(1, 1, "9"), (1, 2, "9.001")], []),
        # 27.00 and 2.99.
        ([(1, 1, "9"), (1, 2, "8.983")], [("below_minimum_order", "lot 1")]),
        ([(2, 1, "1")], []),
    ],
)
def test_each_lot_has_its_own_minimum(calls: list[tuple[int, int, str]], expected: list):
    assert problems(check(*calls)) == expected


@pytest.mark.parametrize(
    ("used", "expected"),
    [("76.00", []), ("76.01", [("ceiling_value", "lot 2")])],
)
def test_a_ceiling_reached_by_a_cent_refuses_the_lots_that_have_room_too(
    used: str, expected: list[tuple[str, str]]
):
    supply = capped(Standing(2, None, Decimal("100.00"), None, Decimal(used)))
    assert problems(check((1, 1, "10"), (2, 1, "2"), supply=supply)) == expected


def test_a_member_that_has_its_share_left_still_meets_the_ceiling_of_all():
    supply = capped(
        Standing(2, None, Decimal("100.00"), None, Decimal("90.00")),
        Standing(2, TOWN, Decimal("50.00"), None, Decimal(0)),
    )
    assert [code for code, _ in problems(check((2, 1, "2"), supply=supply))] == ["ceiling_value"]


def test_the_share_of_another_member_is_no_ceiling_of_this_one():
    supply = capped(Standing(2, UUID(int=77), Decimal("1.00"), Decimal(1)))
    assert problems(check((2, 1, "2"), supply=supply)) == []


def test_two_exhausted_lots_are_named_each():
    supply = capped(Standing(1, None, Decimal("1.00")), Standing(5, None, None, Decimal("0.5")))
    assert problems(check((5, 1, "1"), (1, 1, "10"), supply=supply)) == [
        ("ceiling_value", "lot 1"),
        ("ceiling_quantity", "lot 5"),
    ]


def test_a_partner_that_may_not_sell_stops_its_own_lines_by_name():
    supply = replace(SUPPLY, suppliers=frozenset({PAPIERHAUS}))
    assert problems(check((1, 1, "10"), (2, 1, "1"), (5, 1, "1"), supply=supply)) == [
        ("supplier_not_active", "lines[0]"),
        ("supplier_not_active", "lines[2]"),
    ]


def test_what_cannot_be_had_is_named_by_its_place_in_the_request():
    articles = ARTICLES | {(2, 1): replace(ARTICLES[2, 1], orderable=False)}
    del articles[5, 1]
    supply = replace(SUPPLY, articles=articles)
    assert problems(check((7, 1, "1"), (5, 1, "1"), (2, 1, "1"), (1, 9, "1"), supply=supply)) == [
        ("lot_unknown", "lines[0].lot_no"),
        ("position_unknown", "lines[3].position_no"),
        ("article_missing", "lines[1]"),
        ("article_discontinued", "lines[2]"),
    ]


def test_the_same_position_twice_is_two_lines_and_one_draw():
    checked = check((5, 1, "0.01"), (5, 1, "0.02"))
    assert [line.net_amount for line in checked.lines] == [Decimal("0.01"), Decimal("0.01")]
    assert checked.draws == (Draw(5, Decimal("0.02"), Decimal("0.03")),)


@pytest.mark.parametrize(
    ("call", "code", "field"),
    [
        (Call(2, 1, Decimal("1.5")), "quantity_not_whole", "lines[0].quantity"),
        # 0.009 x 0.50 is less than half a cent.
        (Call(5, 1, Decimal("0.009")), "amount_zero", "lines[0].quantity"),
        (
            Call(2, 1, Decimal(1), date(2026, 5, 3)),
            "day_in_the_past",
            "lines[0].requested_delivery_date",
        ),
    ],
)
def test_what_nobody_delivers_is_refused_on_its_line(call: Call, code: str, field: str):
    checked = check_call_off(AGREEMENT, TOWN, [call], SUPPLY, TODAY)
    assert problems(checked) == [(code, field)]


def test_today_is_a_day_to_wish_for():
    checked = check_call_off(AGREEMENT, TOWN, [Call(2, 1, Decimal(1), TODAY)], SUPPLY, TODAY)
    assert checked.lines[0].requested_delivery_date == TODAY


def test_a_cascade_of_three_asks_the_partner_right_before():
    made = replace(
        AGREEMENT,
        terms=replace(
            AGREEMENT.terms, lots=(lot(1), lot(2, after_lot_no=1), lot(5, after_lot_no=2))
        ),
    )
    wanted = [(2, 1, "1"), (5, 1, "1")]
    assert problems(check(*wanted, agreement=made)) == [
        ("cascade_first", "lot 2"),
        ("cascade_first", "lot 5"),
    ]
    first = replace(SUPPLY, declined={1: "Mail vom 03.05.2026"})
    assert problems(check(*wanted, agreement=made, supply=first)) == [("cascade_first", "lot 5")]
    both = replace(SUPPLY, declined={1: "Mail vom 03.05.2026", 2: "Brief"})
    assert problems(check(*wanted, agreement=made, supply=both)) == []
    blank = replace(SUPPLY, declined={1: "", 2: "Brief"})
    assert problems(check(*wanted, agreement=made, supply=blank)) == [("cascade_first", "lot 2")]


@given(
    st.lists(
        st.tuples(st.sampled_from([(1, 2), (5, 1)]), st.decimals(Decimal("0.03"), 9_999, places=3)),
        min_size=1,
        max_size=8,
    )
)
def test_draws_are_what_the_lines_cost_to_the_cent(wanted):
    made = replace(AGREEMENT, terms=replace(AGREEMENT.terms, lots=(lot(1), lot(5))))
    checked = check(*((*number, str(quantity)) for number, quantity in wanted), agreement=made)
    assert checked.reasons == ()
    for draw in checked.draws:
        lines = [line for line in checked.lines if line.lot_no == draw.lot_no]
        assert draw.value_net == sum(line.net_amount for line in lines)
        assert draw.quantity == sum(line.quantity for line in lines)
    assert len(checked.lines) == len(wanted)


# -- the same call-off, looked at again when an approver lets it go on ----------------------------


LINES = check((1, 1, "10"), (2, 1, "2"), (5, 1, "7")).lines


def again(
    supply: Supply = SUPPLY, agreement: Agreement = AGREEMENT, today: date = TODAY
) -> list[tuple[str, str]]:
    reasons = hindrances_of_call_off(agreement, TOWN, LINES, supply, today)
    return [(reason.code, reason.field) for reason in reasons]


def with_terms(**different: object) -> Agreement:
    return replace(AGREEMENT, terms=replace(AGREEMENT.terms, **different))


def test_nothing_stands_against_a_call_off_whose_agreement_is_as_it_was():
    assert again() == []


def test_its_room_is_held_and_its_turn_was_decided():
    supply = capped(Standing(1, None, Decimal(1), Decimal(1), Decimal(1), Decimal(1)))
    lots = lot(1, minimum_order_net=Decimal(999)), lot(2, after_lot_no=1), lot(5)
    assert again(supply, with_terms(lots=lots)) == []


def test_a_wish_that_passed_while_it_waited_is_no_hindrance():
    line = LINES[1].model_copy(update={"requested_delivery_date": date(2026, 5, 1)})
    reasons = hindrances_of_call_off(AGREEMENT, TOWN, [line], SUPPLY, TODAY)
    assert list(reasons) == []


def test_a_price_pinned_anew_is_named_with_both_prices():
    dearer = lot(2).positions[0].model_copy(update={"unit_price_net": Decimal("12.01")})
    agreement = with_terms(lots=(lot(1), lot(2, positions=(dearer,)), lot(5)))
    [reason] = hindrances_of_call_off(agreement, TOWN, LINES, SUPPLY, TODAY)
    assert (reason.code, reason.field) == ("price_changed", "lines[1].unit_price_net")
    assert "12,00" in reason.detail
    assert "12,01" in reason.detail


def test_an_approved_successor_is_named_and_called_off_anew():
    successor = replace(ARTICLES[5, 1], article_id=UUID(int=300), article_number="P-NEU")
    supply = replace(SUPPLY, articles=ARTICLES | {(5, 1): successor})
    [reason] = hindrances_of_call_off(AGREEMENT, TOWN, LINES, supply, TODAY)
    assert (reason.code, reason.field) == ("article_changed", "lines[2].article_id")
    assert "P-NEU" in reason.detail


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"suppliers": frozenset({BUEROWELT})}, [("supplier_not_active", "lines[1]")]),
        (
            {"articles": {(1, 1): ARTICLES[1, 1], (2, 1): ARTICLES[2, 1]}},
            [("article_missing", "lines[2]")],
        ),
        (
            {"articles": ARTICLES | {(1, 1): replace(ARTICLES[1, 1], order_unit="C62")}},
            [("unit_differs", "lines[0]")],
        ),
    ],
)
def test_what_cannot_be_delivered_any_more_is_named(changes: dict, expected: list):
    assert again(replace(SUPPLY, **changes)) == expected


@pytest.mark.parametrize(
    ("today", "code"),
    [(END, []), (date(2027, 4, 1), ["agreement_not_in_force"])],
)
def test_the_last_day_counts_while_an_approver_looks(today: date, code: list[str]):
    assert [reason for reason, _ in again(today=today)] == code


def test_who_lost_its_entitlement_while_it_waited_calls_nothing_off():
    over = Entitlement(member_id=TOWN, entitled_from=START, entitled_to=date(2026, 5, 3))
    assert again(agreement=with_terms(entitled=(over,))) == [("entitlement_over", "Member")]


def test_a_lot_that_is_gone_is_named_alone():
    assert again(agreement=with_terms(lots=(lot(1), lot(2)))) == [
        ("lot_unknown", "lines[2].lot_no")
    ]


def test_a_line_of_no_agreement_is_a_fault_and_never_passed_by():
    stray = LINES[0].model_copy(update={"lot_no": None})
    with pytest.raises(LookupError, match="line 1"):
        list(hindrances_of_call_off(AGREEMENT, TOWN, [stray], SUPPLY, TODAY))
