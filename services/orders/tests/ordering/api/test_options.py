"""Every option of an order, of a route check and of a submission does what it says."""

from decimal import Decimal
from typing import Any

import pytest

from marktbund.clock import business_date, now
from marktbund.contracts.members import AwardingCategory, UnitState
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.ids import new_id
from orders.ordering.commands.orders import CheckRoute, CreateOrder, SubmitOrder

TODAY = business_date(now()).isoformat()
PLACE = {
    "name": "Bauhof",
    "street": "Am Bauhof 1",
    "postcode": "53879",
    "town": "Euskirchen",
    "country": "DE",
    "note": "Tor 2",
    "receiving_hours": "7 bis 15 Uhr",
}
NAMED: dict[str, Any] = {
    "account": {"cost_centre": "57310", "internal_order": "I-4", "budget_line": "1.5731.01"},
    "delivery": PLACE,
    "buyer_reference": "04011000-1234512345-06",
    "purpose": "Winterdienst",
    "reference": "Amt 40/7",
    "side_costs_net": "4.50",
    "grant": {"title": "DigitalPakt", "offers_asked": 3},
    "quotes": [{"supplier_name": "Papier Nord GmbH", "net_total": "80.00", "quoted_on": TODAY}],
    "reason_beside_agreement": "Farbe im Vertrag nicht enthalten",
    "reason_without_offers": "Eilt",
    "need": {"title": "Schulanfang", "kind": "recurring", "monthly_net": "30.00"},
    "need_id": None,
    "unit_id": None,
}
DECISIVE = ("side_costs_net", "grant", "reason_beside_agreement", "reason_without_offers")
"""What a decision's inputs repeat."""
BESIDE = ("account", "delivery", "buyer_reference", "purpose", "reference")
"""What no route depends on."""


async def value_of(desk, option: str) -> Any:
    """An option's value; of a need or unit its id, once there is one."""
    if option == "need_id":
        described = {"title": "Ausstattung", "contract_kind": "supply", "stated_net": "400"}
        return (await desk.post("/needs", described)).json()["need_id"]
    if option == "unit_id":
        awards = AwardingCategory(cpv_prefix="30197", evidence="Beschluss", valid_to="2099-12-31")
        shared = {"member_id": desk.member_id, "name": "Amt 40", "awards": (awards,)}
        unit = UnitState(version=1, unit_id=new_id(), **shared)
        await desk.market.tell(unit)
        return str(unit.unit_id)
    return NAMED[option]


async def kept_of(desk, order_id: str, option: str) -> Any:
    """What an order shows of an option, written as it was sent."""
    order = (await desk.get(f"/orders/{order_id}")).json()
    beside = (await desk.get(f"/orders/{order_id}/circumstances")).json()
    if option in DECISIVE:
        assert beside["terms"][option] == order["decision"]["inputs"][option]
        return beside["terms"][option]
    if option == "quotes":
        names = ("supplier_name", "net_total", "quoted_on")
        return [{name: offer[name] for name in names} for offer in order["offers"]]
    if option == "need":
        estimate = beside["need"]["estimate"]
        monthly = f"{Decimal(estimate['net']) / 12:.2f}"
        about = {"title": beside["need"]["title"], "kind": estimate["need_kind"]}
        return about | {"monthly_net": monthly}
    return beside["terms"]["unit_id"] if option == "unit_id" else order[option]


def test_the_table_knows_every_option():
    assert set(NAMED) == set(CheckRoute.model_fields) - {"lines"}
    assert set(CreateOrder.model_fields) - set(CheckRoute.model_fields) == {
        "draft",
        "seen_net_total",
    }
    assert set(SubmitOrder.model_fields) - set(CheckRoute.model_fields) == {"seen_net_total"}


@pytest.mark.parametrize("option", NAMED)
async def test_an_order_keeps_what_it_is_sent_with(desk, option: str):
    # Above what is ordered: a recurring need is worth twelve months.
    value = await value_of(desk, option)
    order = await desk.ordered((desk.paper, "2"), **{option: value})
    assert await kept_of(desk, order["order_id"], option) == value
    assert order["net_total"] == "25.00"
    assert order["status"] == ("awaiting_offers" if option == "grant" else "placed")


@pytest.mark.parametrize("option", NAMED)
async def test_a_draft_is_sent_off_with_what_is_named_and_the_rest_as_it_was(desk, option: str):
    other = "purpose" if option != "purpose" else "buyer_reference"
    cart = {other: NAMED[other], "draft": True}
    draft = await desk.ordered((desk.paper, "2"), **cart)
    value = await value_of(desk, option)
    path = f"/orders/{draft['order_id']}"
    sent = await desk.post(f"{path}/submission", {option: value})
    assert (sent.status_code, sent.json()["net_total"]) == (201, "25.00"), sent.text
    assert sent.json()["status"] == ("awaiting_offers" if option == "grant" else "placed")
    assert await kept_of(desk, draft["order_id"], option) == value
    assert (await desk.get(path)).json()[other] == NAMED[other]


async def checked(desk, **named: Any) -> dict[str, Any]:
    """A check's decision; nothing is kept of it."""
    before = await desk.standing()
    answer = await desk.post("/route-checks", desk.basket((desk.paper, "2"), **named))
    assert answer.status_code == 200, answer.text
    assert await desk.standing() == before
    decision: dict[str, Any] = answer.json()
    return decision


@pytest.fixture
async def compared(desk) -> None:
    """Rules that hold every order up to 5,000 EUR against a comparison."""
    await desk.market.rules(
        desk.member_id, RouteLimit(route="compare", up_to_net=5000, offers_received=1)
    )


@pytest.mark.parametrize("option", BESIDE)
@pytest.mark.usefixtures("compared")
async def test_a_check_does_not_depend_on_where_goods_go(desk, option: str):
    assert await checked(desk, **{option: NAMED[option]}) == await checked(desk)


@pytest.mark.parametrize("option", DECISIVE)
@pytest.mark.usefixtures("compared")
async def test_a_check_is_made_from_what_decides(desk, option: str):
    decision = await checked(desk, **{option: NAMED[option]})
    assert decision["inputs"][option] == NAMED[option]
    assert decision["outcome"] == ("request" if option == "grant" else "compare")
    expected = "29.50" if option == "side_costs_net" else "25.00"
    assert Decimal(decision["decisive_net"]) == Decimal(expected)


@pytest.mark.usefixtures("compared")
async def test_a_check_counts_quotes_brought_along(desk):
    without, along = await checked(desk), await checked(desk, quotes=NAMED["quotes"])
    assert along["inputs"]["offers"] == without["inputs"]["offers"] + 1


@pytest.mark.usefixtures("compared")
async def test_a_check_estimates_a_need_or_goes_on_with_one(desk):
    described = await checked(desk, need=NAMED["need"])
    estimate = described["inputs"]["estimate"]
    assert (estimate["need_kind"], estimate["method"]) == ("recurring", "twelve_months")
    assert Decimal(estimate["net"]) == Decimal(360)
    need_id = await value_of(desk, "need_id")
    await desk.ordered((desk.paper, "3"), need_id=need_id)
    going_on = await checked(desk, need_id=need_id)
    assert Decimal(going_on["inputs"]["need_before_net"]) == Decimal("37.50")
    assert Decimal(going_on["inputs"]["estimate"]["net"]) == Decimal(400)


@pytest.mark.usefixtures("compared")
async def test_a_check_adds_up_in_the_pot_of_a_unit_that_awards_itself(desk):
    unit_id = await value_of(desk, "unit_id")
    pots = [
        [share["pot_id"] for share in decision["inputs"]["classes"]]
        for decision in (await checked(desk), await checked(desk, unit_id=unit_id))
    ]
    assert pots == [[str(desk.member_id)], [unit_id]]


REFUSED: list[tuple[dict[str, Any], int, str, str]] = [
    ({"unit_id": str(new_id())}, 422, "unit_unknown", "unit_id"),
    ({"need_id": str(new_id())}, 404, "need_unknown", "need_id"),
    ({"need": {"kind": "recurring"}}, 422, "estimate_missing", "need.monthly_net"),
]


@pytest.mark.parametrize("way", ["/orders", "/route-checks", "submission"])
@pytest.mark.parametrize(
    ("named", "status", "code", "field"), REFUSED, ids=[row[2] for row in REFUSED]
)
async def test_what_there_is_not_is_refused_and_nothing_kept(
    desk, way: str, named: dict[str, Any], status: int, code: str, field: str
):
    path, body = way, desk.basket((desk.paper, "2"), **named)
    if way == "submission":
        draft = await desk.ordered((desk.paper, "2"), draft=True)
        path, body = f"/orders/{draft['order_id']}/submission", named
    before = await desk.standing()
    answer = await desk.post(path, body)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (status, code, field)
    assert await desk.standing() == before
