"""The hash an approval binds: what was hashed before there were details keeps its hash."""

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
from orders.ordering.domain.approvals import content_sha256
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


def test_an_order_without_details_has_the_hash_it_always_had():
    assert content_sha256(ORDER, DECISION) == BEFORE_DETAILS


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
        content_sha256(ORDER, DECISION.model_copy(update={"inputs": inputs}))
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
    assert content_sha256(replace(ORDER, terms=terms), DECISION) != BEFORE_DETAILS


@pytest.mark.parametrize(
    "change",
    [
        {"quote": LineQuote(document_sha256="ab" * 32, quoted_on=date(2026, 3, 1))},
        {"account": AccountAssignment(budget_line="522100")},
    ],
)
def test_whatever_a_line_says_is_bound(change: dict[str, object]):
    lines = (LINE.model_copy(update=change),)
    assert content_sha256(replace(ORDER, lines=lines), DECISION) != BEFORE_DETAILS
