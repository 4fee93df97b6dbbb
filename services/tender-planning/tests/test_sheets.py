"""Sheets hold all there is, whatever a page shows."""

from decimal import Decimal

import pytest


@pytest.fixture
async def planner(doors):
    return await doors.account(("procurement", None))


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/demand/pareto.csv?of=classes&limit=1", 3),
        ("/demand/pareto.csv?of=articles&limit=2", 3),
        ("/demand/heat-map.csv?members=1&classes=1", 3),
    ],
)
async def test_a_sheet_is_not_cut_where_a_page_ends(
    doors, planner, planning, sender, path: str, rows: int
):
    for number, cpv in enumerate(("30210000", "42122000", "44420000")):
        line = sender.line(
            1, Decimal("900.00"), cpv=cpv, group=f"gtin:{number}", name=f"Ware {number}"
        )
        await planning.hear(sender.place(line))
    answer = await doors.client.get(path, headers=planner)
    assert len(answer.content.decode("utf-8-sig").splitlines()) == 1 + rows
