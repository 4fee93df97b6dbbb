"""Where demand is strongest, by each of the parts a strength is made of."""

from datetime import UTC, datetime

import pytest

from marktbund.ids import new_id

PAPER = {"cpv": "30197630", "group": "text:papier/a4", "name": "Papier A4", "unit": "RM"}
PAPERS = {"classes": "30190000", "articles": "text:papier/a4"}
LAPTOPS = {"classes": "30210000", "articles": "gtin:4012345"}


@pytest.fixture
async def planner(doors):
    return await doors.account(("procurement", None))


@pytest.mark.parametrize("of", ["classes", "articles"])
@pytest.mark.parametrize(
    ("by", "first"),
    [("score", PAPERS), ("members", PAPERS), ("regularity", PAPERS), ("value", LAPTOPS)],
)
async def test_the_strongest_are_found_by_each_of_its_parts(
    doors, planner, planning, sender, of: str, by: str, first: dict
):
    for number in (1, 2, 4):
        for member in (new_id(), new_id()):
            paper = sender.line(1, "50.00", **PAPER)
            await planning.hear(
                sender.place(
                    paper, member_id=member, placed_at=datetime(2026, number, 10, tzinfo=UTC)
                )
            )
    await planning.hear(
        sender.place(sender.line(1, "9999.00"), placed_at=datetime(2026, 3, 10, tzinfo=UTC))
    )
    answer = await doors.client.get(f"/strongest/{of}?by={by}", headers=planner)
    assert answer.status_code == 200, answer.text
    strongest = answer.json()[0]
    identity = strongest["cpv_class"] if of == "classes" else strongest["comparable_group"]
    assert identity == first[of]
    assert [row["rank"] for row in answer.json()] == [1, 2]
    short = await doors.client.get(f"/strongest/{of}?by={by}&limit=1", headers=planner)
    assert short.json() == answer.json()[:1]
