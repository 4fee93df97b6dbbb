"""Every option of the doors that look: what it narrows down, and by how much."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from marktbund.ids import new_id

PAPERS = "mfr:a|1"
LAPTOP_CLASS = "30210000"
Asked = Callable[..., Any]


@pytest.fixture
async def demand(planning, sender, bought):
    """Three members buy paper for six months, 3,654.00 a month; a fourth a laptop in August."""
    members, suppliers = await bought()
    laptop = sender.place(
        sender.line(1, "5000.00"), placed_at=datetime(2026, 8, 10, tzinfo=UTC), member_id=new_id()
    )
    await planning.hear(laptop)
    return {"member_id": members[0], "supplier_id": suppliers[0], "laptop": laptop}


@pytest.fixture
def asked(doors, team) -> Asked:
    async def made(path: str, **options: Any) -> Any:
        named = {name.rstrip("_"): str(value) for name, value in options.items()}
        answer = await doors.client.get(path, params=named, headers=team)
        assert answer.status_code == 200, answer.text
        if path.endswith(".csv"):
            return [line.split(";") for line in answer.text.splitlines()[1:]]
        return answer.json()

    return made


NARROWED = [
    ({}, "26924.00", {"demand": 19, "months": 7, "pareto": 2}),
    ({"class": LAPTOP_CLASS}, "5000.00", {"demand": 1, "months": 1, "pareto": 1}),
    ({"member_id": "member_id"}, "7308.00", {"demand": 6, "months": 6, "pareto": 1}),
    ({"from": "2026-08-01"}, "5000.00", {"demand": 1, "months": 1, "pareto": 1}),
    ({"to": "2026-01-31"}, "3654.00", {"demand": 3, "months": 1, "pareto": 1}),
]


@pytest.mark.parametrize(("options", "net", "rows"), NARROWED)
async def test_demand_is_narrowed_by_class_member_and_months(
    demand, asked: Asked, options: dict, net: str, rows: dict[str, int]
):
    chosen = {name: demand.get(value, value) for name, value in options.items()}
    assert (await asked("/demand/totals", **chosen))["demand_net"] == net
    assert len(await asked("/demand.csv", **chosen)) == rows["demand"]
    for picture in ("months", "pareto"):
        drawn = await asked(f"/demand/{picture}", **chosen)
        assert sum(float(row["demand_net"]) for row in drawn) == float(net)
        assert len(await asked(f"/demand/{picture}.csv", **chosen)) == len(drawn)
        assert len(drawn) == rows[picture]


@pytest.mark.parametrize(
    ("months", "cells"), [({"from": "2026-08-01"}, 1), ({"to": "2026-01-31"}, 3)]
)
async def test_the_heat_map_is_narrowed_by_months(demand, asked: Asked, months: dict, cells: int):
    assert len((await asked("/demand/heat-map", **months))["cells"]) == cells
    assert len(await asked("/demand/heat-map.csv", **months)) == cells


@pytest.mark.parametrize(
    ("of", "rows"), [("classes", 2), ("articles", 3), ("members", 4), ("suppliers", 3)]
)
async def test_the_sheet_of_the_pareto_is_of_what_was_asked(
    demand, asked: Asked, of: str, rows: int
):
    sheet = await asked("/demand/pareto.csv", of=of)
    assert (len(sheet), sheet[-1][-1]) == (rows, "1,0000")
    assert await asked("/demand/pareto.csv", of=of, limit=1) == sheet


async def test_the_sheet_of_months_is_narrowed_by_supplier_and_group(demand, asked: Asked):
    chosen = {"supplier_id": demand["supplier_id"], "group": PAPERS}
    for options in (chosen, {"group": PAPERS}, {"supplier_id": demand["supplier_id"]}):
        drawn = await asked("/demand/months", **options)
        assert [row["month"][:7] for row in drawn] == [f"2026-0{month}" for month in range(1, 7)]
        assert len(await asked("/demand/months.csv", **options)) == 6
    assert {row["demand_net"] for row in await asked("/demand/months", **chosen)} == {"900.00"}


async def test_the_strongest_and_the_prices_are_of_the_months_asked_for(demand, asked: Asked):
    late = await asked("/strongest/articles", **{"from": "2026-08-01"})
    assert [row["cpv"] for row in late] == ["30213100"]
    early = await asked("/strongest/articles", to="2026-07-31")
    assert {row["comparable_group"] for row in early} == {PAPERS, "mfr:a|2"}
    for months, lines in (({"from": "2026-05-01"}, 12), ({"to": "2026-01-31"}, 6)):
        of_all, *by_seller = await asked(f"/groups/{PAPERS}/prices", **months)
        assert (of_all["lines"], len(by_seller)) == (lines, 2)
        sheet = await asked(f"/groups/{PAPERS}/prices.csv", **months)
        assert (len(sheet), str(lines) in sheet[0]) == (3, True)


async def test_the_orders_of_a_group_are_paged(demand, asked: Asked):
    whole = await asked(f"/groups/{PAPERS}/orders")
    assert len(whole) == 36
    assert await asked(f"/groups/{PAPERS}/orders", limit=5) == whole[:5]
    after = whole[4]["line"]
    assert await asked(f"/groups/{PAPERS}/orders", after=after, limit=500) == whole[5:]


async def test_proposals_are_listed_by_what_became_of_them(
    doors, demand, asked: Asked, assess, decide
):
    async def shown(status: str) -> list[str]:
        listed = [proposal["proposal_id"] for proposal in await asked("/proposals", status=status)]
        assert len(await asked("/proposals", status=status, limit=1)) == len(listed[:1])
        assert await asked("/proposals", status=status, after=len(listed)) == []
        for page in ({}, {"limit": 1}, {"after": 1}):
            assert len(await asked("/proposals.csv", status=status, **page)) == len(listed)
        return listed

    [proposal] = await assess()
    assert await asked("/proposals") == [proposal]
    evidence = f"/proposals/{proposal['proposal_id']}/orders"
    lines = await asked(evidence, limit=500)
    assert await asked(evidence, after=lines[9]["line"], limit=500) == lines[10:]
    assert await shown("proposed") == [proposal["proposal_id"]]
    await decide(proposal, "rejected")
    assert (await shown("rejected"), await shown("proposed")) == ([proposal["proposal_id"]], [])
    assert await shown("accepted") == []
    assert await shown("faded") == []
    stranger = await doors.account(("requester", new_id()))
    for answer in (
        await doors.client.get("/proposals.csv", headers=stranger),
        await doors.client.post("/proposals/assessment", headers=stranger),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_authorised")


async def test_a_proposal_without_demand_fades(planning, sender, demand, asked: Asked, assess):
    [proposal] = await assess()
    years_later = datetime(2029, 1, 10, tzinfo=UTC)
    await planning.hear(sender.place(sender.line(1, "1.00"), placed_at=years_later))
    assert await assess() == []
    [faded] = await asked("/proposals", status="faded")
    assert faded["proposal_id"] == proposal["proposal_id"]
    assert len(await asked("/proposals.csv", status="faded")) == 1


async def test_tenders_are_listed_by_where_they_stand(doors, team, demand, asked, assess, decide):
    async def shown(**options: Any) -> list[str]:
        return [tender["status"] for tender in await asked("/tenders", **options)]

    [proposal] = await assess()
    accepted = (await decide(proposal)).json()
    for door in ("/proposals", "/proposals.csv"):
        assert len(await asked(door, status="accepted")) == 1
    path = f"/tenders/{accepted['tender_id']}"
    assert (await shown(status="open"), await shown(status="awarded")) == (["open"], [])
    assert (await shown(limit=1), await shown(after=1)) == (["open"], [])
    cancelled = {"reason": "Kein Angebot"}
    for expected in ((200, None), (409, "tender_closed")):
        answer = await doors.client.post(f"{path}/cancellation", json=cancelled, headers=team)
        assert (answer.status_code, answer.json().get("code")) == expected
    assert (await shown(status="cancelled"), await shown(status="open")) == (["cancelled"], [])
    unknown = await doors.client.get(f"/tenders/{new_id()}/moved.csv", headers=team)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "tender_unknown")


async def test_sheets_say_where_things_stand_in_german(demand, asked: Asked, assess, decide):
    [proposal] = await assess()
    stands = [(await asked("/proposals.csv"))[0][3]]
    lines = await asked(f"/proposals/{proposal['proposal_id']}/orders.csv")
    await decide(proposal, "rejected")
    stands.append((await asked("/proposals.csv", status="rejected"))[0][3])
    assert (stands, {line[12] for line in lines}) == (["vorgeschlagen", "abgelehnt"], {"offen"})
