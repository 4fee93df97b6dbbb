"""The demand as pages draw it."""

from decimal import Decimal

import pytest

from marktbund.ids import new_id

PICTURES = ["/demand/heat-map", "/demand/pareto", "/demand/months", "/groups/mfr:a|1/prices"]


@pytest.fixture
def drawn(doors, team):
    async def made(path, **question):
        answer = await doors.client.get(path, params=question, headers=team)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return made


async def test_the_heat_map_holds_the_largest_members_and_classes(drawn, planning, sender, bought):
    members, _ = await bought()
    large = sender.place(sender.line(1, "90000.00"), member_id=members[0])
    small = sender.place(sender.line(1, "5.00"))
    await planning.hear(large, small)
    heat_map = await drawn("/demand/heat-map", members=2, classes=1)
    assert (heat_map["members"], heat_map["classes"]) == ([str(members[0])], ["30210000"])
    assert (heat_map["shown_net"], heat_map["total_net"]) == ("90000.00", "111929.00")
    whole = await drawn("/demand/heat-map")
    assert (len(whole["members"]), whole["classes"]) == (4, ["30210000", "30190000"])
    assert sum(Decimal(cell["demand_net"]) for cell in whole["cells"]) == 111_929
    assert whole["shown_net"] == whole["total_net"]


@pytest.mark.parametrize("of", ["classes", "articles", "members", "suppliers"])
async def test_pareto_runs_up_to_the_whole(drawn, planning, sender, bought, of):
    await bought()
    await planning.hear(sender.place(sender.line(1, "5000.00")))
    rows = await drawn("/demand/pareto", of=of)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    amounts = [Decimal(row["demand_net"]) for row in rows]
    assert (amounts, sum(amounts)) == (sorted(amounts, reverse=True), 26_924)
    assert rows[-1]["running_share"] == "1.0000"
    short = await drawn("/demand/pareto", of=of, limit=1)
    assert short == rows[:1]


async def test_pareto_names_articles_as_last_ordered(drawn, bought):
    await bought()
    rows = await drawn("/demand/pareto", of="articles")
    assert [(row["key"], row["name"]) for row in rows] == [
        ("mfr:a|1", "Papier A4"),
        ("mfr:a|2", "Papier A3"),
    ]


async def test_months_part_what_was_bought_freely_from_what_was_called_off(drawn, bought):
    members, suppliers = await bought(months=2)
    await bought(months=1, members=members, suppliers=suppliers, agreement_id=new_id())
    january, february = await drawn("/demand/months")
    assert (january["demand_net"], january["free_net"]) == ("7308.00", "3654.00")
    assert (february["called_off_net"], february["lines"]) == ("0.00", 12)
    [january_of_paper] = await drawn(
        "/demand/months", to="2026-01-31", supplier_id=str(suppliers[0]), group="mfr:a|1"
    )
    assert (january_of_paper["demand_net"], january_of_paper["called_off_net"]) == (
        "1800.00",
        "900.00",
    )


async def test_prices_of_all_suppliers_and_of_each(drawn, bought):
    _, suppliers = await bought()
    of_all, *by_seller = await drawn("/groups/mfr:a|1/prices")
    assert (of_all["lowest"], of_all["highest"]) == ("300.0000", "309.0000")
    assert (of_all["lines"], of_all["suppliers"], of_all["last_month"]) == (36, 2, "2026-06-01")
    assert {row["supplier_id"]: row["median"] for row in by_seller} == {
        str(suppliers[0]): "300.0000",
        str(suppliers[1]): "309.0000",
    }


async def test_a_group_without_a_price_is_not_found(doors, team):
    answer = await doors.client.get("/groups/gtin:1/prices", headers=team)
    assert (answer.status_code, answer.json()["code"]) == (404, "group_without_prices")


@pytest.mark.parametrize("path", PICTURES)
async def test_each_is_a_sheet_too_and_closed_to_members(doors, team, bought, path):
    await bought()
    sheet = await doors.client.get(f"{path}.csv", headers=team)
    assert sheet.status_code == 200, sheet.text
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    assert ";" in sheet.text.splitlines()[1]
    stranger = await doors.account(("procurement", new_id()))
    for url in (path, f"{path}.csv"):
        assert (await doors.client.get(url, headers=stranger)).status_code == 403


async def test_nothing_heard_is_an_empty_picture(drawn):
    empty = await drawn("/demand/heat-map")
    assert (empty["cells"], empty["total_net"]) == ([], "0.00")
    assert await drawn("/demand/pareto") == []
    assert await drawn("/demand/months") == []
