"""Lists of proposals and tenders: what an option chooses, pages, and who is refused what."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from sqlalchemy import text

from marktbund import clock
from marktbund.contracts.members import MemberState
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.contracts.tender_planning import ProposalStatus, TenderStatus
from marktbund.ids import new_id
from tender_planning.commands.decisions import EnterAward

TODAY = clock.business_date(clock.now())
CLASSES = ("30190000", "33140000", "39110000", "44420000")
"""The strongest first. The last is bought by orders of its own, to be cancelled."""
AMOUNTS = ("4000.00", "3000.00", "2000.00", "1000.00")
OFFICIAL = (("office", None), ("auditor", None))


@pytest.fixture
def lists(doors, team):
    async def made(path, **options):
        answer = await doors.client.get(path, params=options, headers=team)
        assert answer.status_code == 200, answer.text
        if path.endswith(".csv"):
            table = io.StringIO(answer.content.decode("utf-8-sig"))
            return [row["CPV-Klasse"] for row in csv.DictReader(table, delimiter=";")]
        return answer.json()

    return made


@pytest.fixture
async def rivals(planning, sender, assess):
    """Four core assortments as proposals, and the orders of the last."""
    members, supplier, last = [new_id() for _ in range(3)], new_id(), []
    for month in (1, 2, 3):
        for member in members:
            lines = [
                sender.line(number, amount, cpv=f"{cpv[:4]}7630", group=f"mfr:a|{number}")
                for number, (cpv, amount) in enumerate(zip(CLASSES, AMOUNTS, strict=True), 1)
            ]
            shared = {
                "member_id": member,
                "supplier_id": supplier,
                "placed_at": datetime(2026, month, 10, tzinfo=UTC),
            }
            last.append(sender.place(lines[3], **shared))
            await planning.hear(sender.place(*lines[:3], **shared), last[-1])
    known = MemberState(
        version=1,
        member_id=members[0],
        name="Stadt Muster",
        legal_form="municipality",
        official_key="05",
        status="active",
    )
    await planning.hear(known)
    await planning.hear(
        SupplierState(version=1, supplier_id=supplier, name="Kontor", status="active")
    )
    return await assess(), last


@pytest.fixture
def award(doors, team):
    """Enter the result of a tender: its first position, won by the supplier of `rivals`."""

    async def made(tender, order, binding):
        [lot] = tender["lots"]
        position = {
            name: lot["positions"][0][name]
            for name in ("position_no", "comparable_group", "description", "order_unit")
        }
        won = {
            "lot_no": 1,
            "title": "Los 1",
            "supplier_id": str(order.supplier_id),
            "ceiling_value_net": "50000.00",
            "positions": [position | {"unit_price_net": "280.00", "quantity": "144"}],
        }
        body = {
            "awarded_on": str(TODAY),
            "binding": binding,
            "starts_on": str(TODAY),
            "ends_on": str(TODAY + timedelta(days=4 * 365)),
            "entitled": [{"member_id": str(order.member_id), "entitled_from": str(TODAY)}],
            "lots": [won],
        }
        path = f"/tenders/{tender['tender_id']}/award"
        answer = await doors.client.post(path, json=body, headers=team)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return made


async def pages(lists, path, limit, **options):
    """All pages of a list, one after the other."""
    seen = []
    while page := await lists(path, limit=limit, after=len(seen), **options):
        assert len(page) <= limit
        seen += page
    return seen


@pytest.mark.parametrize("limit", [1, 3])
async def test_pages_of_proposals_are_all_of_them(lists, rivals, limit):
    whole = await lists("/proposals")
    assert [(proposal["cpv_class"], proposal["rank"]) for proposal in whole] == list(
        zip(CLASSES, (1, 2, 3, 4), strict=True)
    )
    assert await pages(lists, "/proposals", limit) == whole
    assert await lists("/proposals.csv", limit=limit, after=2) == list(CLASSES)


async def test_proposals_of_one_score_have_one_order_everywhere(lists, planning, rivals):
    await planning.connection.execute(text("UPDATE proposal SET score = 50"))
    whole = await lists("/proposals", status="proposed")
    assert await pages(lists, "/proposals", 1, status="proposed") == whole
    for rank, proposal in enumerate(whole, 1):
        shown = await lists(f"/proposals/{proposal['proposal_id']}")
        assert (shown["rank"], proposal["rank"]) == (rank, rank)


async def test_a_status_lists_its_own_proposals(lists, planning, sender, rivals, assess, decide):
    (accepted, rejected, *_), last = rivals
    await decide(accepted)
    await decide(rejected, "rejected")
    await planning.hear(*[sender.cancel(order) for order in last])
    await assess()
    expected = dict(zip(("accepted", "rejected", "proposed", "faded"), CLASSES, strict=True))
    assert set(expected) == set(get_args(ProposalStatus))
    for status, cpv_class in expected.items():
        [proposal] = await lists("/proposals", status=status)
        assert (proposal["status"], proposal["cpv_class"]) == (status, cpv_class)
        assert await lists("/proposals", status=status, after=1) == []
        assert await lists("/proposals.csv", status=status) == [cpv_class]


@pytest.mark.parametrize("limit", [2, 4])
async def test_pages_of_the_orders_behind_a_proposal_are_all_of_them(lists, rivals, limit):
    path = f"/proposals/{rivals[0][0]['proposal_id']}/orders"
    whole = await lists(path)
    seen, after = [], {}
    while page := await lists(path, limit=limit, **after):
        seen += page
        after = {"after": page[-1]["line"]}
    assert (len(whole), seen) == (9, whole)


async def test_a_status_lists_its_own_tenders_page_by_page(
    doors, team, lists, rivals, decide, award
):
    proposals, last = rivals
    for proposal in proposals:
        await decide(proposal)
    first, second, *others = whole = await lists("/tenders")
    assert len(whole) == 4
    for limit in (1, 3):
        assert await pages(lists, "/tenders", limit) == whole
    await award(first, last[0], "open")
    path = f"/tenders/{second['tender_id']}/cancellation"
    answer = await doors.client.post(path, json={"reason": "Kein Angebot"}, headers=team)
    assert answer.json()["status"] == "cancelled"
    expected = {"awarded": [first], "cancelled": [second], "open": others}
    assert set(expected) == set(get_args(TenderStatus))
    for status, tenders in expected.items():
        listed = await lists("/tenders", status=status)
        assert {tender["status"] for tender in listed} == {status}
        ids = [tender["tender_id"] for tender in tenders]
        assert [tender["tender_id"] for tender in listed] == ids
        assert await pages(lists, "/tenders", 1, status=status) == listed


@pytest.mark.parametrize("binding", get_args(EnterAward.model_fields["binding"].annotation))
async def test_an_award_keeps_how_it_binds(lists, rivals, decide, award, binding):
    [proposal, *_], last = rivals
    tender_id = (await decide(proposal)).json()["tender_id"]
    awarded = await award(await lists(f"/tenders/{tender_id}"), last[0], binding)
    assert (awarded["status"], awarded["award"]["binding"]) == ("awarded", binding)
    assert await lists(f"/tenders/{tender_id}") == awarded


async def test_who_only_looks_on_assesses_nothing(doors, team, bought, lists):
    await bought()
    for headers in (*[await doors.account(role) for role in OFFICIAL], {}):
        answer = await doors.client.post("/proposals/assessment", headers=headers)
        code = (403, "not_authorised") if headers else (401, "token_missing")
        assert (answer.status_code, answer.json()["code"]) == code
    assert await lists("/proposals") == []


async def test_an_ended_tender_is_not_cancelled_again(doors, team, rivals, lists, decide):
    tender_id = (await decide(rivals[0][0])).json()["tender_id"]
    path, body = f"/tenders/{tender_id}/cancellation", {"reason": "Kein Angebot"}
    for role in OFFICIAL:
        answer = await doors.client.post(path, json=body, headers=await doors.account(role))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_authorised")
    answer = await doors.client.post(path, json={"reason": " nö "}, headers=team)
    assert (answer.status_code, answer.json()["field"]) == (422, "reason")
    assert (await lists(f"/tenders/{tender_id}"))["status"] == "open"
    assert (await doors.client.post(path, json=body, headers=team)).status_code == 200
    before = await doors.announced(), await lists(f"/tenders/{tender_id}")
    again = await doors.client.post(path, json=body, headers=team)
    assert (again.status_code, again.json()["code"]) == (409, "tender_closed")
    assert (await doors.announced(), await lists(f"/tenders/{tender_id}")) == before
    unknown = f"/tenders/{new_id()}/cancellation"
    answer = await doors.client.post(unknown, json=body, headers=team)
    assert (answer.status_code, answer.json()["code"]) == (404, "tender_unknown")


async def test_sheets_of_lists_are_refused_as_the_lists_are(doors, team):
    stranger = await doors.account(("procurement", new_id()))
    refused = (
        ("/proposals.csv", stranger, 403, "not_authorised"),
        ("/proposals.csv?status=offen", team, 422, "invalid_input"),
        (f"/tenders/{new_id()}/moved.csv", stranger, 403, "not_authorised"),
        (f"/tenders/{new_id()}/moved.csv", team, 404, "tender_unknown"),
    )
    for path, headers, status, code in refused:
        answer = await doors.client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
