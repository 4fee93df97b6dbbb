"""The content an approval binds: its bytes, its hash, and what changes it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.order_details import AccountAssignment, DeliveryPlace, LineQuote
from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import (
    ClassSum,
    Estimate,
    RouteDecision,
    RouteInputs,
    WindowSum,
)
from orders.ordering.domain.content import content_of, content_sha256, still_says
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.terms import OrderTerms

BEFORE_DETAILS = "90d9e24cfa61f26ee2ec5cb8809d19eccb3366a373f2e984047f37bd0061daff"
BEFORE_WINDOWS = "e96584a4bc81114c8bacd2a54416a84fd44074d7002d0a9977b2eebafe29dc28"
LINE = OrderLine(
    line_no=1,
    article_id=UUID(int=3),
    supplier_id=UUID(int=4),
    article_number="BW-1",
    name="Papier",
    cpv="30197630",
    comparable_group="gtin:1",
    quantity=Decimal(3),
    order_unit="XPK",
    unit_price_net=Decimal("12.50"),
    vat_rate=Decimal(19),
    net_amount=Decimal("37.50"),
)
ORDER = SpotOrder(UUID(int=1), UUID(int=2), UUID(int=2), UUID(int=5), "17", lines=(LINE,))
DECISION = RouteDecision(
    outcome="direct",
    binding=False,
    reasons=("frei",),
    decisive_net=Decimal("37.50"),
    evaluator=1,
    inputs=RouteInputs(
        contract_kind="supply",
        decided_on=date(2026, 3, 2),
        ordered_net=Decimal("37.50"),
        side_costs_net=Decimal(0),
        estimate=Estimate(need_kind="one_off", method="sum_of_lines", net=Decimal("37.50")),
        need_before_net=Decimal(0),
        classes=(),
    ),
)
PLACE = DeliveryPlace(name="Bauhof", street="Am Bauhof 1", postcode="53879", town="Euskirchen")


def hash_of(order: SpotOrder, decision: RouteDecision) -> str:
    return content_sha256(content_of(order, decision))


def test_an_order_without_details_has_the_hash_it_always_had():
    assert hash_of(ORDER, DECISION) == BEFORE_DETAILS


def test_what_was_added_up_in_one_window_has_the_hash_it_always_had():
    summed = ClassSum(
        cpv_class="3019",
        pot_id=UUID(int=6),
        before_net=Decimal("900.00"),
        ordered_net=Decimal("37.50"),
        position=7,
    )
    window = WindowSum(months=12, before_net=Decimal("900.00"))
    hashes = [
        hash_of(ORDER, DECISION.model_copy(update={"inputs": inputs}))
        for inputs in (
            DECISION.inputs.model_copy(update={"classes": (summed,)}),
            DECISION.inputs.model_copy(
                update={"classes": (summed.model_copy(update={"windows": (window,)}),)}
            ),
        )
    ]
    assert hashes[0] == BEFORE_WINDOWS
    assert hashes[1] != BEFORE_WINDOWS


@pytest.mark.parametrize(
    "terms",
    [
        OrderTerms(account=AccountAssignment(cost_centre="57310")),
        OrderTerms(delivery=PLACE),
        OrderTerms(delivery=PLACE.model_copy(update={"receiving_hours": "Mo-Do 7-15 Uhr"})),
        OrderTerms(buyer_reference="05-57310-42"),
        OrderTerms(purpose="Freibad"),
    ],
)
def test_whatever_an_order_says_is_bound(terms: OrderTerms):
    assert hash_of(replace(ORDER, terms=terms), DECISION) != BEFORE_DETAILS


@pytest.mark.parametrize(
    "change",
    [
        {"quote": LineQuote(document_sha256="ab" * 32, quoted_on=date(2026, 3, 1))},
        {"account": AccountAssignment(budget_line="522100")},
    ],
)
def test_whatever_a_line_says_is_bound(change: dict[str, object]):
    lines = (LINE.model_copy(update=change),)
    assert hash_of(replace(ORDER, lines=lines), DECISION) != BEFORE_DETAILS


class Labelled(OrderLine):
    """A line of a later release, with a field that has a value where nobody gave it."""

    label: str = "ohne"


def test_a_field_of_a_later_release_leaves_what_was_kept_as_it_was():
    kept = content_of(ORDER, DECISION)
    later = replace(ORDER, lines=(Labelled.model_validate(LINE.model_dump()),))
    assert content_of(later, DECISION) != kept
    assert still_says(kept, content_of(later, DECISION))


@pytest.mark.parametrize(
    "changed",
    [
        replace(ORDER, order_id=UUID(int=9)),
        replace(ORDER, lines=()),
        replace(ORDER, lines=(LINE, LINE)),
        replace(ORDER, lines=(LINE.model_copy(update={"quantity": Decimal(30)}),)),
        replace(ORDER, lines=(LINE.model_copy(update={"unit_price_net": Decimal("12.51")}),)),
        replace(ORDER, lines=(LINE.model_copy(update={"supplier_id": UUID(int=7)}),)),
        replace(ORDER, need_id=UUID(int=8)),
        replace(ORDER, terms=OrderTerms(unit_id=UUID(int=8))),
        replace(ORDER, terms=OrderTerms(side_costs_net=Decimal("4.90"))),
    ],
)
def test_whatever_was_kept_and_is_said_differently_is_seen(changed: SpotOrder):
    assert not still_says(content_of(ORDER, DECISION), content_of(changed, DECISION))


def test_another_route_or_reason_is_seen():
    kept = content_of(ORDER, DECISION)
    for change in ({"outcome": "comparison"}, {"reasons": ("ausgenommen",)}, {"evaluator": 2}):
        assert not still_says(kept, content_of(ORDER, DECISION.model_copy(update=change)))


def test_a_detail_that_was_kept_and_is_gone_is_seen():
    kept = content_of(replace(ORDER, terms=OrderTerms(purpose="Freibad")), DECISION)
    assert not still_says(kept, content_of(ORDER, DECISION))


@pytest.mark.parametrize(
    ("kept", "now"),
    [
        (b'{"a":1}', b'{"a":true}'),
        (b'{"a":0}', b'{"a":null}'),
        (b'{"a":null}', b"{}"),
        (b'{"a":{"b":"1"}}', b'{"a":["b"]}'),
        (b'{"a":["1","2"]}', b'{"a":["2","1"]}'),
    ],
)
def test_values_are_compared_as_they_stand_there(kept: bytes, now: bytes):
    assert not still_says(kept, now)


def test_a_price_is_the_same_with_and_without_its_zeros():
    line = LINE.model_copy(update={"unit_price_net": Decimal("12.5000")})
    assert content_of(replace(ORDER, lines=(line,)), DECISION) == content_of(ORDER, DECISION)
