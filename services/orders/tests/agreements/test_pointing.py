"""Spot orders are pointed to the agreement that covers what they want."""

from typing import Any

import pytest

NOON = "2026-05-04T12:00:00+02:00"


@pytest.fixture
async def decided(desk):
    """The route of a cart of paper, as decided at cart time."""

    async def decide(quantity: str = "200", when: str = NOON, **more: Any) -> dict[str, Any]:
        body = desk.basket((desk.paper, quantity), **more)
        answer = await desk.post("/route-checks", body, Business_Time=when)
        assert answer.status_code == 200, answer.text
        decision: dict[str, Any] = answer.json()
        return decision

    return decide


def hints(decision: dict[str, Any]) -> list[tuple[bool, bool]]:
    return [(hint["entitled"], hint["exhausted"]) for hint in decision["inputs"]["agreements"]]


async def test_an_exclusive_agreement_stops_the_spot_order(desk, office, decided):
    agreement = await office.in_force()
    decision = await decided()
    assert (decision["outcome"], decision["agreement_id"]) == (
        "use_agreement",
        agreement["agreement_id"],
    )
    assert hints(decision) == [(True, False)]
    ordered = await desk.post("/orders", desk.basket((desk.paper, "200")), Business_Time=NOON)
    assert (ordered.status_code, ordered.json()["code"]) == (409, "use_agreement")


async def test_another_suppliers_article_of_the_group_is_pointed_to_it_too(desk, office):
    await office.in_force()
    cheaper = await desk.market.article(await desk.market.supplier(name="Billig"), "10.80")
    body = desk.basket((cheaper, "200"))
    decision = (await desk.post("/route-checks", body, Business_Time=NOON)).json()
    assert decision["outcome"] == "use_agreement"


async def test_an_open_agreement_asks_for_a_reason(office, decided):
    await office.in_force(binding="open")
    assert (await decided())["refusal"] == "reason_missing"
    decision = await decided(reason_beside_agreement="Farbe im Vertrag nicht enthalten")
    assert decision["outcome"] == "direct"


@pytest.mark.parametrize(
    ("different", "hint"),
    [
        ({"entitled": []}, (False, False)),
        ({"ceilings": [{"value_net": "2399.99"}]}, (True, True)),
        ({"ceilings": [{"quantity": "199"}]}, (True, True)),
    ],
)
async def test_not_entitled_or_exhausted_only_informs(desk, office, decided, different, hint):
    other = await desk.market.member(name="Nachbarstadt")
    terms = office.terms()
    terms["lots"][0]["ceilings"] = different.get("ceilings", [{"value_net": "2400.00"}])
    if "entitled" in different:
        terms["entitled"][0]["member_id"] = str(other)
    await office.in_force(lots=terms["lots"], entitled=terms["entitled"])
    decision = await decided()
    assert (decision["outcome"], hints(decision)) == ("direct", [hint])


@pytest.mark.parametrize(
    ("limit", "exhausted"), [({"value_net": "2400"}, False), ({"quantity": "199"}, True)]
)
async def test_several_positions_of_a_group_count_a_line_once(office, decided, limit, exhausted):
    """200 packs are wanted at 12.00; the same group stands in the lot three times."""
    lot = office.terms()["lots"][0] | {"ceilings": [{"value_net": "9999999"} | limit]}
    own = lot["positions"][0]
    others = [own | {"position_no": no, "unit_price_net": "11.00"} for no in (2, 3)]
    without = [{k: v for k, v in position.items() if k != "article_id"} for position in others]
    await office.in_force(lots=[lot | {"positions": [own, *without]}])
    assert hints(await decided()) == [(True, exhausted)]


async def test_an_article_without_a_position_counts_at_the_cheapest_of_its_group(desk, office):
    lot = office.terms()["lots"][0] | {"ceilings": [{"value_net": "2200"}]}
    cheap = lot["positions"][0] | {"position_no": 2, "unit_price_net": "11.00"}
    del cheap["article_id"]
    await office.in_force(lots=[lot | {"positions": [lot["positions"][0], cheap]}])
    article = await desk.market.article(await desk.market.supplier(name="Billig"), "10.80")
    body = desk.basket((article, "200"))
    decision = (await desk.post("/route-checks", body, Business_Time=NOON)).json()
    assert hints(decision) == [(True, False)]


@pytest.mark.parametrize("day", ["2025-12-31", "2029-01-01"])
async def test_outside_its_term_it_points_nobody(office, decided, day: str):
    await office.in_force()
    assert hints(await decided(when=f"{day}T12:00:00+01:00")) == []


async def test_a_draft_and_an_ended_one_point_nobody(office, decided):
    await office.drafted()
    ended = await office.in_force()
    await office.post(f"/agreements/{ended['agreement_id']}/end")
    assert hints(await decided()) == []


async def test_what_nobody_can_deliver_is_not_pointed_to(desk, office, decided):
    await office.in_force()
    own = await desk.market.article(office.supplier_id, article_number="BW-9")
    await desk.market.article(
        office.supplier_id, article_id=desk.paper, version=2, status="withdrawn"
    )
    body = desk.basket((own, "200"))
    decision = (await desk.post("/route-checks", body, Business_Time=NOON)).json()
    assert hints(decision) == []


async def test_call_offs_are_added_to_no_spot_order(desk, office, decided):
    agreement = await office.in_force(binding="open")
    line = {"lot_no": 1, "position_no": 1, "quantity": "2500"}
    called = {"agreement_id": agreement["agreement_id"], "lines": [line]}
    assert (await desk.post("/call-offs", called, Business_Time=NOON)).status_code == 201
    decision = await decided("320", reason_beside_agreement="anderes Papier")
    assert (decision["outcome"], decision["decisive_net"]) == ("direct", "4000.00")
