"""From an accepted proposal to a tender, its result and the agreement, through the doors."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from marktbund import clock
from marktbund.contracts.agreements import (
    AgreementLot,
    AgreementPosition,
    AgreementState,
    Ceiling,
    Entitlement,
)
from marktbund.ids import new_id

GROUP = "mfr:a|1"
TODAY = clock.business_date(clock.now())


def award(members, suppliers, **changed):
    position = {
        "position_no": 1,
        "comparable_group": GROUP,
        "description": "Papier A4",
        "order_unit": "C62",
        "unit_price_net": "280.00",
        "quantity": "144",
    }
    lot = {
        "lot_no": 1,
        "title": "Los 1",
        "supplier_id": str(suppliers[0]),
        "ceiling_value_net": "50000.00",
        "positions": [position],
    }
    return {
        "awarded_on": str(TODAY),
        "binding": "exclusive",
        "starts_on": str(TODAY),
        "ends_on": str(TODAY + timedelta(days=4 * 365)),
        "entitled": [{"member_id": str(member), "entitled_from": str(TODAY)} for member in members],
        "lots": [lot],
    } | changed


def agreed(tender_id, supplier_id, members) -> AgreementState:
    position = AgreementPosition(
        position_no=1,
        comparable_group=GROUP,
        description="Papier A4",
        order_unit="C62",
        unit_price_net=Decimal(280),
    )
    lot = AgreementLot(
        lot_no=1,
        title="Los 1",
        supplier_id=supplier_id,
        positions=(position,),
        ceilings=(Ceiling(value_net=Decimal(50_000)),),
    )
    first = date(2026, 7, 1)
    return AgreementState(
        version=3,
        agreement_id=new_id(),
        tender_id=tender_id,
        number="RV-1",
        title="Papier",
        binding="exclusive",
        status="in_force",
        starts_on=first,
        ends_on=date(2030, 6, 30),
        entitled=tuple(Entitlement(member_id=m, entitled_from=first) for m in members),
        lots=(lot,),
    )


async def test_accepting_opens_a_tender_and_its_groups_are_not_proposed_again(
    doors, team, bought, assess, decide
):
    members, _ = await bought()
    [proposal] = await assess()
    accepted = (await decide(proposal)).json()
    assert accepted["status"] == "accepted"
    assert await doors.announced() == ["ProposalDecided", "TenderOpened"]
    [tender] = (await doors.client.get("/tenders", headers=team)).json()
    assert (tender["tender_id"], tender["status"]) == (accepted["tender_id"], "open")
    assert set(tender["members"]) == {str(member) for member in members}
    [lot] = tender["lots"]
    assert [position["quantity_high"] for position in lot["positions"]] == ["72", "72"]
    assert await assess() == []
    again = await decide(proposal)
    assert (again.status_code, again.json()["code"]) == (409, "proposal_decided")


async def test_a_cancelled_tender_sets_its_groups_free(doors, team, bought, assess, decide):
    await bought()
    [proposal] = await assess()
    tender_id = (await decide(proposal)).json()["tender_id"]
    path = f"/tenders/{tender_id}/cancellation"
    answer = await doors.client.post(path, json={"reason": "Kein Angebot"}, headers=team)
    assert answer.json()["status"] == "cancelled"
    [new] = await assess()
    assert new["proposal_id"] != proposal["proposal_id"]
    assert (await doors.announced())[-1] == "TenderCancelled"


async def test_the_award_closes_the_loop(doors, team, planning, sender, parties, assess, decide):
    members, suppliers = parties
    [proposal] = await assess()
    tender_id = (await decide(proposal)).json()["tender_id"]
    path = f"/tenders/{tender_id}"
    answer = await doors.client.post(f"{path}/award", json=award(*parties), headers=team)
    assert (answer.status_code, answer.json()["status"]) == (200, "awarded"), answer.text
    assert (await doors.announced())[-1] == "TenderAwarded"
    agreement = agreed(tender_id, suppliers[0], members)
    await planning.hear(agreement)
    shown = (await doors.client.get(path, headers=team)).json()["agreement"]
    assert (shown["number"], shown["status"]) == ("RV-1", "in_force")
    line = sender.line(1, "280.00", cpv="30197630", group=GROUP)
    called_off = sender.place(
        line,
        member_id=members[0],
        supplier_id=suppliers[0],
        agreement_id=agreement.agreement_id,
        placed_at=datetime(2026, 7, 8, tzinfo=UTC),
    )
    await planning.hear(called_off)
    months = (await doors.client.get(f"{path}/moved", headers=team)).json()
    assert [(m["called_off_net"], m["free_net"]) for m in months[-2:]] == [
        ("0.00", "3654.00"),
        ("280.00", "0.00"),
    ]
    assert months[-1]["members_calling_off"] == 1
    sheet = (await doors.client.get(f"{path}/moved.csv", headers=team)).content
    assert sheet.decode("utf-8-sig").splitlines()[-1] == "2026-07;280,00;0,00;0,00;1;0"
    assert await assess() == []


async def test_an_open_award_is_listed_as_awarded(doors, team, parties, assess, decide):
    [proposal] = await assess()
    tender_id = (await decide(proposal)).json()["tender_id"]
    entered = await doors.client.post(
        f"/tenders/{tender_id}/award", json=award(*parties, binding="open"), headers=team
    )
    assert entered.json()["award"]["binding"] == "open"
    [listed] = (await doors.client.get("/tenders?status=awarded", headers=team)).json()
    assert listed["tender_id"] == tender_id


async def test_an_award_to_somebody_unknown_is_refused_whole(doors, team, bought, assess, decide):
    members, suppliers = await bought()
    [proposal] = await assess()
    tender_id = (await decide(proposal)).json()["tender_id"]
    answer = await doors.client.post(
        f"/tenders/{tender_id}/award", json=award(members, suppliers), headers=team
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "award_party_unknown")
    assert answer.json()["field"] == "lots[0].supplier_id"
    assert answer.json()["detail"] == "Den Lieferanten von Los 1 gibt es hier nicht."
    assert await doors.announced() == ["ProposalDecided", "TenderOpened"]
    shown = (await doors.client.get(f"/tenders/{tender_id}", headers=team)).json()
    assert (shown["status"], shown["award"]) == ("open", None)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"awarded_on": str(TODAY + timedelta(days=1))}, "awarded_on"),
        ({"awarded_on": "2026-06-15"}, "awarded_on"),
        ({"ends_on": "2199-12-31"}, "ends_on"),
        ({"starts_on": 1767225600}, "starts_on"),
    ],
)
async def test_an_award_of_impossible_days_is_refused_and_the_tender_stays_open(
    doors, team, parties, assess, decide, changed: dict, field: str
):
    [proposal] = await assess()
    tender_id = (await decide(proposal)).json()["tender_id"]
    path = f"/tenders/{tender_id}"
    answer = await doors.client.post(f"{path}/award", json=award(*parties, **changed), headers=team)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (await doors.client.get(path, headers=team)).json()["status"] == "open"
    assert await doors.announced() == ["ProposalDecided", "TenderOpened"]


@pytest.mark.parametrize("reason", ["    ", "\u200b\u200b\u200b\u200b\u200b", "  kurz"])
async def test_a_decision_needs_a_reason_that_can_be_read(
    doors, team, bought, assess, decide, reason: str
):
    await bought()
    [proposal] = await assess()
    refused = await decide(proposal, reason=reason)
    assert (refused.status_code, refused.json()["field"]) == (422, "reason")
    assert await doors.announced() == []
