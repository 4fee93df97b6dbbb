"""The office's doors: an agreement entered, confirmed by a second person, changed, ended."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from marktbund import clock
from marktbund.ids import new_id
from marktbund.isolating import ItemsFailed
from marktbund.testing.databases import PinnedDatabase
from orders import jobs


def exhausted(shown: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (row["lot_no"], row["member_id"], row["limit_value_net"], row["used_value_net"])
        for row in shown["exhaustion"]
    ]


def apart(office: Any) -> list[dict[str, Any]]:
    """The usual lot for other articles: no two agreements cover the same."""
    [lot] = office.terms()["lots"]
    position = lot["positions"][0] | {"comparable_group": "gtin:4006381333931", "article_id": None}
    return [lot | {"positions": [position]}]


async def test_a_draft_is_confirmed_by_a_second_person(office):
    draft = await office.drafted()
    year = clock.business_date(clock.now()).year
    assert (draft["status"], draft["exhaustion"]) == ("draft", [])
    assert draft["number"].startswith("RV-2026-"), year
    own = await office.post(f"/agreements/{draft['agreement_id']}/confirmation")
    assert (own.status_code, own.json()["code"]) == (409, "four_eyes")
    other = await office.post(f"/agreements/{draft['agreement_id']}/confirmation", second=True)
    assert (other.status_code, other.json()["status"]) == (200, "in_force")
    assert exhausted(other.json()) == [(1, None, "100000.00", "0.00")]
    assert await office.doors.announced() == [
        "AgreementDrafted",
        "AgreementConfirmed",
        "AgreementInForce",
    ]


async def test_a_number_is_given_once(office):
    await office.drafted(number="RV-77")
    again = await office.post("/agreements", office.terms(number="RV-77"))
    assert (again.status_code, again.json()["field"]) == (422, "number")


async def test_the_same_request_drafts_once(office):
    key = str(new_id())
    first = await office.post("/agreements", office.terms(), Idempotency_Key=key)
    second = await office.post("/agreements", office.terms(), Idempotency_Key=key)
    assert first.json() == second.json()
    assert await office.doors.announced() == ["AgreementDrafted"]


async def test_a_revised_draft_is_found_by_its_new_positions_only(office):
    draft = await office.drafted()
    body = office.terms()
    body["lots"][0]["positions"][0]["comparable_group"] = "gtin:4006381333931"
    revised = await office.put(f"/agreements/{draft['agreement_id']}", body)
    assert (revised.status_code, revised.json()["version"]) == (200, 2)
    groups = "SELECT comparable_group FROM agreement_position"
    rows = await office.doors.database.connection.execute(text(groups))
    assert rows.scalars().all() == ["gtin:4006381333931"]


async def test_a_misspelt_field_is_noticed(office):
    body = office.terms()
    body["lots"][0]["celings"] = []
    answer = await office.post("/agreements", body)
    assert (answer.status_code, answer.json()["field"]) == (422, "lots[0].celings")


async def test_a_raise_needs_its_paragraph_and_two_people(office):
    agreement_id = (await office.in_force())["agreement_id"]
    ceiling = {"value_net": "120000.00", "quantity": "9000"}
    content = {"kind": "ceiling", "lot_no": 1, "ceiling": ceiling}
    refused = await office.changed(agreement_id, content)
    assert (refused.status_code, refused.json()["code"]) == (422, "raise_ground_missing")
    raised = await office.changed(agreement_id, content | {"raise_ground": "132_2_2"})
    assert exhausted(raised.json()) == [(1, None, "120000.00", "0.00")]
    assert (await office.doors.announced())[-1] == "CeilingChanged"


async def test_a_later_change_is_brought_into_effect_by_the_calendar(office, connection):
    agreement_id = (await office.in_force())["agreement_id"]
    content = {"kind": "price", "lot_no": 1, "position_no": 1, "unit_price_net": "12.6000"}
    await office.changed(agreement_id, content, effective_on="2026-07-01")
    database = PinnedDatabase(connection, "orders")

    async def price_on(year: int, month: int, day: int) -> tuple[int, str]:
        today = clock.business_date(clock.now()).replace(year=year, month=month, day=day)
        done = await jobs.advance_agreements(database, today)
        shown = await office.get(f"/agreements/{agreement_id}")
        return done, shown["lots"][0]["positions"][0]["unit_price_net"]

    assert await price_on(2026, 6, 30) == (0, "12.0000")
    assert await price_on(2026, 7, 1) == (1, "12.6000")
    assert await price_on(2029, 1, 1) == (1, "12.6000")
    assert (await office.get(f"/agreements/{agreement_id}"))["status"] == "ended"


async def test_an_agreement_that_fails_holds_no_other_up(office, connection):
    broken = (await office.in_force())["agreement_id"]
    sound = (await office.in_force(lots=apart(office)))["agreement_id"]
    content = {"kind": "price", "lot_no": 1, "position_no": 1, "unit_price_net": "12.6000"}
    await office.changed(broken, content, effective_on="2026-06-01")
    await office.changed(sound, content, effective_on="2026-07-01")
    values = {"broken": UUID(broken)}
    spoil = "UPDATE agreement SET changes = '[{}]' WHERE agreement_id = :broken"
    await connection.execute(text(spoil), values)
    with pytest.raises(ItemsFailed):
        await jobs.advance_agreements(PinnedDatabase(connection, "orders"), date(2026, 7, 1))
    shown = await office.get(f"/agreements/{sound}")
    assert shown["lots"][0]["positions"][0]["unit_price_net"] == "12.6000"
    left = "SELECT next_due FROM agreement WHERE agreement_id = :broken"
    assert await connection.scalar(text(left), values) == date(2026, 6, 1)


async def test_what_waits_for_a_decision_is_found_by_itself(office):
    draft = (await office.drafted())["agreement_id"]
    agreed = (await office.in_force(lots=apart(office)))["agreement_id"]

    async def waiting() -> list[str]:
        return [
            agreement["agreement_id"]
            for agreement in await office.get("/agreements?undecided=true")
        ]

    assert await waiting() == [draft]
    content = {"kind": "term", "ends_on": "2029-12-31"}
    body = {"effective_on": "2026-05-04", "basis": "Nr. 7", "content": content}
    await office.post(f"/agreements/{agreed}/changes", body)
    assert await waiting() == [agreed, draft]
    await office.post(f"/agreements/{agreed}/changes/1/approval", second=True)
    await office.post(f"/agreements/{draft}/end")
    assert await waiting() == []
    assert len(await office.get("/agreements")) == 2


async def test_ended_there_is_nothing_left_to_do(office, connection):
    agreement_id = (await office.in_force())["agreement_id"]
    ended = await office.post(f"/agreements/{agreement_id}/end")
    assert (ended.status_code, ended.json()["status"]) == (200, "ended")
    again = await office.post(f"/agreements/{agreement_id}/end")
    assert (again.status_code, again.json()["code"]) == (409, "agreement_state")
    due = "SELECT count(*) FROM agreement WHERE next_due IS NOT NULL"
    assert await connection.scalar(text(due)) == 0


async def test_a_member_sees_its_own_share_and_no_other(office, desk):
    neighbour = await desk.market.member(name="Nachbarstadt")
    body = office.terms()
    shares = [
        {"member_id": str(member), "value_net": value}
        for member, value in ((office.member_id, "500.00"), (neighbour, "700.00"))
    ]
    body["lots"][0]["ceilings"] += shares
    await office.in_force(lots=body["lots"])
    [own] = (await desk.get("/member-agreements")).json()
    assert exhausted(own) == [
        (1, None, "100000.00", "0.00"),
        (1, str(office.member_id), "500.00", "0.00"),
    ]
    assert [ceiling["member_id"] for ceiling in own["lots"][0]["ceilings"]] == [
        None,
        str(office.member_id),
    ]
    assert own["entitled_from"] == "2026-01-01"
    everything = await office.get("/agreements")
    assert len(everything[0]["exhaustion"]) == 3


@pytest.mark.parametrize("role", ["requester", "approver", "award_office"])
async def test_a_member_does_not_reach_the_offices_doors(office, role: str):
    token = await office.doors.account((role, office.member_id))
    shown = await office.doors.client.get("/agreements", headers=token)
    entered = await office.doors.client.post("/agreements", json=office.terms(), headers=token)
    assert (shown.status_code, entered.status_code) == (403, 403)


async def test_an_unknown_agreement(office):
    for answer in (
        await office.post(f"/agreements/{new_id()}/confirmation"),
        await office.doors.client.get(f"/agreements/{new_id()}", headers=office.first),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "agreement_unknown")
