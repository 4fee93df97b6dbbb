"""From the cells to a proposal and its decision, through the doors."""

from decimal import Decimal

import pytest

from marktbund.ids import new_id

REASON = "Drei Mitglieder kaufen dasselbe"
GROUPS = ("mfr:a|1", "mfr:a|2")


async def test_a_proposal_carries_its_figures_and_reasons(doors, team, parties, assess):
    members, suppliers = parties
    [proposal] = await assess()
    assert proposal["title"] == "Kernsortiment 30190000: Papier A4, Papier A3"
    assert (proposal["rank"], proposal["status"], proposal["groups"]) == (1, "proposed", 2)
    assert (proposal["members"], proposal["suppliers"], proposal["months"]) == (3, 2, 6)
    assert (proposal["lines"], proposal["demand_net"]) == (72, "21924.00")
    assert (proposal["first_month"], proposal["months_total"]) == ("2025-07-01", 12)
    assert "3 Mitglieder kaufen dasselbe" in proposal["reason"]
    detail = (await doors.client.get(f"/proposals/{proposal['proposal_id']}", headers=team)).json()
    assert {buyer["id"] for buyer in detail["by_member"]} == {str(buyer) for buyer in members}
    assert {seller["name"] for seller in detail["by_supplier"]} == {"Papierkontor"}
    assert [group["comparable_group"] for group in detail["core"]] == list(GROUPS)
    prices = detail["core"][0]["prices"]
    assert (prices["quartile_1"], prices["quartile_3"]) == ("300.0000", "309.0000")
    assert detail["score"] == str(sum(Decimal(c["points"]) for c in detail["criteria"]))
    assert len(suppliers) == len(detail["by_supplier"])


async def test_the_orders_behind_it_add_up_to_its_demand(doors, team, bought, assess):
    await bought()
    await bought(months=2, agreement_id=new_id())
    [proposal] = await assess()
    path = f"/proposals/{proposal['proposal_id']}/orders"
    lines = (await doors.client.get(path, params={"limit": 500}, headers=team)).json()
    assert (len(lines), sum(Decimal(line["ordered_net"]) for line in lines)) == (72, 21924)
    of_group = {"limit": 500, "group": GROUPS[0]}
    assert len((await doors.client.get(path, params=of_group, headers=team)).json()) == 36
    sheet = await doors.client.get(f"{path}.csv", params={"group": GROUPS[1]}, headers=team)
    heading, first, *rest = sheet.text.lstrip("\ufeff").splitlines()
    assert heading.startswith("Bestellung;Lieferantenbestellung;Position;Monat;Mitglied")
    assert ("300,0000" in first or "309,0000" in first, len(rest)) == (True, 35)


@pytest.mark.parametrize(("months", "members"), [(2, 3), (6, 2)])
async def test_too_few_members_or_months_are_no_core(bought, assess, months, members):
    await bought(months=months, members=[new_id() for _ in range(members)])
    assert await assess() == []


async def test_nothing_heard_is_nothing_to_propose(assess):
    assert await assess() == []


async def test_an_assessment_without_news_changes_nothing(planning, bought, assess):
    await bought()
    before = await assess()
    assert await assess() == before


async def test_a_rejected_proposal_stays_away_until_it_has_grown(bought, assess, decide):
    members, suppliers = await bought()
    [proposal] = await assess()
    answer = await decide(proposal, "rejected", "Der Bedarf läuft aus")
    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")
    assert answer.json()["decision"]["evidence"]["demand_net"] == "21924.00"
    assert await assess() == []
    await bought(members=members, suppliers=suppliers, amount="400.00")
    [back] = await assess()
    assert (back["proposal_id"], back["status"]) == (proposal["proposal_id"], "proposed")
    assert back["returned"].startswith("Seit der Ablehnung gewachsen: 21.924,00 EUR")


async def test_only_the_team_decides_and_members_see_nothing(doors, bought, assess, decide):
    await bought()
    [proposal] = await assess()
    path = f"/proposals/{proposal['proposal_id']}"
    body = {"decision": "accepted", "reason": REASON}
    for role in ("office", "auditor"):
        headers = await doors.account((role, None))
        assert (await doors.client.get(path, headers=headers)).status_code == 200
        answer = await doors.client.post(f"{path}/decision", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_authorised")
    stranger = await doors.account(("procurement", new_id()))
    for url in (path, f"{path}/orders", "/proposals", "/tenders", "/corrections"):
        assert (await doors.client.get(url, headers=stranger)).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"decision": "vielleicht", "reason": REASON}, "decision"),
        ({"decision": "rejected", "reason": "  zu  "}, "reason"),
        ({"decision": "rejected"}, "reason"),
    ],
)
async def test_a_decision_needs_a_reason(doors, team, body, field):
    answer = await doors.client.post(f"/proposals/{new_id()}/decision", json=body, headers=team)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_what_is_not_there_is_not_found(doors, team):
    for url, code in (
        (f"/proposals/{new_id()}", "proposal_unknown"),
        (f"/proposals/{new_id()}/orders.csv", "proposal_unknown"),
        (f"/tenders/{new_id()}", "tender_unknown"),
        (f"/tenders/{new_id()}/moved", "tender_unknown"),
    ):
        answer = await doors.client.get(url, headers=team)
        assert (answer.status_code, answer.json()["code"]) == (404, code)


async def test_the_list_can_be_downloaded(doors, team, bought, assess):
    await bought()
    await assess()
    sheet = await doors.client.get("/proposals.csv", headers=team)
    assert sheet.headers["content-disposition"] == 'attachment; filename="kernsortimente.csv"'
    _, row = sheet.text.splitlines()
    assert row.startswith("1;30190000;Kernsortiment 30190000: Papier A4")
    assert ";21924,00;2025-07;2026-06;" in row
