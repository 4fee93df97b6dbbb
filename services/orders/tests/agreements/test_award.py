"""From an awarded tender to an agreement in force."""

from typing import Any

from marktbund.contracts.tender_planning import TenderAwarded
from marktbund.ids import new_id


def awarded(office: Any, **different: Any) -> TenderAwarded:
    [lot] = office.terms()["lots"]
    [ceiling] = lot.pop("ceilings")
    [position] = lot.pop("positions")
    lot |= {"ceiling_value_net": ceiling["value_net"], "ceiling_quantity": ceiling["quantity"]}
    lot |= {"positions": [position | {"quantity": "8000"}]}
    usual = {"version": 2, "tender_id": new_id(), "title": "Kernsortiment Papier", "lots": [lot]}
    usual |= {"awarded_by": new_id(), "awarded_on": "2026-03-02", "binding": "exclusive"}
    usual |= {"starts_on": "2026-04-01", "ends_on": "2028-03-31"}
    usual |= {"entitled": [{"member_id": office.member_id, "entitled_from": "2026-04-01"}]}
    return TenderAwarded.model_validate(usual | different)


async def test_an_award_drafts_an_agreement_that_one_of_the_office_confirms(office, market):
    event = awarded(office)
    await market.tell(event)
    [draft] = await office.get("/agreements")
    assert (draft["status"], draft["tender_id"]) == ("draft", str(event.tender_id))
    assert draft["number"].startswith("RV-2026-")
    answer = await office.post(f"/agreements/{draft['agreement_id']}/confirmation")
    assert answer.json()["status"] == "in_force"
    [lot] = answer.json()["lots"]
    assert lot["positions"][0]["unit_price_net"] == "12.0000"
    assert lot["ceilings"] == [{"member_id": None, "value_net": "100000.00", "quantity": "9000"}]


async def test_an_award_heard_twice_drafts_once(office, market, uow):
    event = awarded(office)
    await market.tell(event)
    await market.tell(event)
    assert len(await office.get("/agreements")) == 1
    assert [type(event).__name__ for event, _ in uow.take_announced()] == ["AgreementDrafted"]


async def test_an_award_without_a_ceiling_is_completed_before_it_is_confirmed(office, market):
    event = awarded(office)
    bare = event.lots[0].model_copy(update={"ceiling_value_net": None, "ceiling_quantity": None})
    await market.tell(event.model_copy(update={"lots": (bare,)}))
    [draft] = await office.get("/agreements")
    path = f"/agreements/{draft['agreement_id']}"
    refused = await office.post(f"{path}/confirmation")
    assert (refused.status_code, refused.json()["code"]) == (422, "ceiling_missing")
    assert (await office.put(path, office.terms())).status_code == 200
    assert (await office.post(f"{path}/confirmation")).json()["status"] == "in_force"


async def test_from_the_award_to_the_next_spot_order_that_is_pointed_to_it(office, market, desk):
    noon = {"Business_Time": "2026-05-04T12:00:00+02:00"}
    body = desk.basket((desk.paper, "10"))
    before = (await desk.post("/route-checks", body, **noon)).json()
    await market.tell(awarded(office))
    [draft] = await office.get("/agreements")
    drafted = (await desk.post("/route-checks", body, **noon)).json()
    await office.post(f"/agreements/{draft['agreement_id']}/confirmation")
    after = (await desk.post("/route-checks", body, **noon)).json()
    assert [decision["outcome"] for decision in (before, drafted, after)] == [
        "direct",
        "direct",
        "use_agreement",
    ]
    assert after["agreement_id"] == draft["agreement_id"]
