"""The doors of tender-planning, on real PostgreSQL as the app role."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from marktbund.contracts.members import MemberState
from marktbund.contracts.order_details import LineQuote
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.ids import new_id

GETS = [
    "/demand",
    "/demand/totals",
    "/demand.csv",
    "/strongest/classes",
    "/strongest/articles",
    "/groups/gtin:1/orders",
]
PAPER = {"cpv": "30197630", "group": "text:papier/a4", "name": "Papier A4", "unit": "RM"}


def month(number: int) -> datetime:
    return datetime(2026, number, 10, tzinfo=UTC)


def named(member_id, name: str) -> MemberState:
    return MemberState(
        version=1,
        member_id=member_id,
        name=name,
        legal_form="district",
        official_key=str(member_id),
        status="active",
    )


@pytest.fixture
async def planner(doors):
    return await doors.account(("procurement", None))


@pytest.mark.parametrize("path", GETS)
async def test_members_and_suppliers_do_not_see_the_demand_of_all(doors, path):
    for role in ("requester", "award_office", "auditor"):
        headers = await doors.account((role, new_id()))
        answer = await doors.client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_authorised")
    assert (await doors.client.get(path)).status_code == 401


@pytest.mark.parametrize("role", ["procurement", "office", "auditor"])
async def test_the_cooperative_sees_it(doors, role):
    headers = await doors.account((role, None))
    assert (await doors.client.get("/demand/totals", headers=headers)).json() == {
        "lines": 0,
        "ordered_net": "0.00",
        "accepted_net": "0.00",
        "refused_net": "0.00",
        "cancelled_net": "0.00",
        "reduced_net": "0.00",
        "demand_net": "0.00",
        "open_net": "0.00",
        "currency": "EUR",
    }
    assert (await doors.client.get("/demand", headers=headers)).json() == []
    assert (await doors.client.get("/strongest/classes", headers=headers)).json() == []


async def test_a_cell_shows_what_is_wanted_and_what_is_open(doors, planner, planning, sender):
    lines = [sender.line(number, "100.00") for number in (1, 2, 3)]
    placed = sender.place(*lines)
    answered = sender.answer(
        placed,
        sender.answered_line(lines[0], "100.00"),
        sender.answered_line(lines[1], "70.00", reduced="10.00"),
    )
    await planning.hear(placed, answered)
    await planning.hear(named(placed.member_id, "Kreis Muster"))
    [cell] = (await doors.client.get("/demand", headers=planner)).json()
    assert cell == {
        "cell": f"30210000:{placed.member_id}:2026-01",
        "cpv_class": "30210000",
        "member_id": str(placed.member_id),
        "member_name": "Kreis Muster",
        "month": "2026-01-01",
        "orders": 1,
        "lines": 3,
        "ordered_net": "300.00",
        "accepted_net": "170.00",
        "refused_net": "20.00",
        "cancelled_net": "0.00",
        "reduced_net": "10.00",
        "demand_net": "270.00",
        "open_net": "100.00",
    }
    totals = (await doors.client.get("/demand/totals", headers=planner)).json()
    assert totals == {name: cell[name] for name in totals if name != "currency"} | {
        "currency": "EUR"
    }


async def test_cells_are_chosen_and_paged(doors, planner, planning, sender):
    member = new_id()
    for number in (1, 2, 3):
        await planning.hear(
            sender.place(sender.line(), member_id=member, placed_at=month(number)),
            sender.place(sender.line(**PAPER), placed_at=month(number)),
        )

    async def months(**chosen):
        answer = await doors.client.get("/demand", params=chosen, headers=planner)
        assert answer.status_code == 200, answer.text
        return [cell["month"][5:7] for cell in answer.json()]

    assert await months(**{"class": "30210000"}) == ["01", "02", "03"]
    assert await months(member_id=str(member), **{"from": "2026-02-28"}) == ["02", "03"]
    assert await months(member_id=str(member), to="2026-02-01") == ["01", "02"]
    seen, after = [], {}
    while page := (
        await doors.client.get("/demand", params={"limit": 2, **after}, headers=planner)
    ).json():
        seen += [cell["cell"] for cell in page]
        after = {"after": page[-1]["cell"]}
    assert (len(seen), seen) == (6, sorted(set(seen)))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("class=3021", "class"),
        ("from=gestern", "from"),
        ("member_id=x", "member_id"),
        ("after=30210000:x:2026-01", "after"),
        ("limit=0", "limit"),
        ("klasse=30210000", "klasse"),
    ],
)
async def test_a_wrong_question_names_its_field(doors, planner, query, field):
    answer = await doors.client.get(f"/demand?{query}", headers=planner)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_the_strongest_class_is_shared_regular_and_worth_it(doors, planner, planning, sender):
    regular, two = new_id(), new_id()
    for number in (1, 2, 4):
        await planning.hear(
            sender.place(
                sender.line(1, "50.00", **PAPER), member_id=regular, placed_at=month(number)
            ),
            sender.place(sender.line(1, "50.00", **PAPER), member_id=two, placed_at=month(number)),
        )
    await planning.hear(
        sender.place(sender.line(1, "9999.00"), member_id=regular, placed_at=month(3))
    )
    refused = sender.place(sender.line(1, "5.00", cpv="45000000"))
    await planning.hear(refused, sender.answer(refused, sender.answered_line(refused.lines[0])))
    paper, laptops = (await doors.client.get("/strongest/classes", headers=planner)).json()
    assert (paper["cpv_class"], laptops["cpv_class"]) == ("30190000", "30210000")
    assert (paper["members"], paper["members_total"], paper["rank"]) == (2, 2, 1)
    assert (paper["months"], paper["months_total"], paper["regularity"]) == (3, 4, "0.7500")
    assert (paper["orders"], paper["demand_net"]) == (6, "300.00")
    assert (laptops["member_share"], laptops["value_share"]) == ("0.5000", "1.0000")
    # Half the members give 20, a month of four 7.5, the largest value 30.
    assert laptops["score"] == "57.5"
    # All members give 40, three months of four 22.5, ln 301 of ln 10000 another 18.6.
    assert paper["score"] == "81.1"
    by_value = await doors.client.get("/strongest/classes?by=value&limit=1", headers=planner)
    assert [row["cpv_class"] for row in by_value.json()] == ["30210000"]
    march = await doors.client.get(
        "/strongest/classes?from=2026-03-01&to=2026-03-31", headers=planner
    )
    assert [row["score"] for row in march.json()] == ["100.0"]


async def test_the_strongest_article_carries_its_name_and_quantity(
    doors, planner, planning, sender
):
    for number, name in ((1, "Papier alt"), (2, "Papier neu")):
        line = sender.line(1, "40.00", **PAPER | {"name": name}, quantity="8")
        await planning.hear(sender.place(line, placed_at=month(number)))
    await planning.hear(sender.place(sender.line(1, "1.00", group="gtin:9", unit="C62")))
    await planning.hear(sender.place(sender.line(1, "1.00", group="gtin:9", unit="BX")))
    paper, mixed = (await doors.client.get("/strongest/articles", headers=planner)).json()
    assert (paper["name"], paper["quantity"], paper["order_unit"]) == ("Papier neu", "16.000", "RM")
    assert (mixed["members"], mixed["quantity"], mixed["order_unit"]) == (2, None, None)


async def test_a_group_opens_to_the_orders_behind_it(doors, planner, planning, sender):
    orders = [sender.place(sender.line(number, **PAPER)) for number in (1, 2, 3)]
    await planning.hear(*orders, sender.place(sender.line()), sender.accept(orders[0]))
    await planning.hear(named(orders[0].member_id, "Stadt Muster"))
    await planning.hear(
        SupplierState(version=1, supplier_id=orders[0].supplier_id, name="Büro AG", status="active")
    )
    path = "/groups/text:papier/a4/orders"
    lines = (await doors.client.get(path, headers=planner)).json()
    assert [line["line_no"] for line in lines] == [1, 2, 3]
    first = lines[0]
    assert (first["member_name"], first["supplier_name"]) == ("Stadt Muster", "Büro AG")
    assert (first["outcome"], first["accepted_net"], first["open_net"]) == (
        "accepted",
        "100.00",
        "0.00",
    )
    assert (lines[1]["outcome"], lines[1]["open_net"]) == ("open", "100.00")
    after = {"after": first["line"], "limit": 1}
    page = await doors.client.get(path, params=after, headers=planner)
    assert [line["line"] for line in page.json()] == [lines[1]["line"]]
    after = {"after": lines[2]["line"]}
    assert (await doors.client.get(path, params=after, headers=planner)).json() == []


async def test_an_unknown_group_is_not_found(doors, planner):
    answer = await doors.client.get("/groups/gtin:0/orders", headers=planner)
    assert (answer.status_code, answer.json()["code"]) == (404, "group_unknown")


async def test_the_sheet_opens_in_a_german_spreadsheet(doors, planner, planning, sender):
    placed = sender.place(sender.line(1, Decimal("1234.50")))
    await planning.hear(placed)
    await planning.hear(named(placed.member_id, "=Stadt; Muster"))
    answer = await doors.client.get("/demand.csv?class=30210000", headers=planner)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="bedarf.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfCPV-Klasse;Mitglied;")
    row = answer.content.decode("utf-8-sig").split("\r\n")[1]
    assert row == (
        f'30210000;"\'=Stadt; Muster";{placed.member_id};2026-01;1;1;'
        "1234,50;0,00;0,00;0,00;0,00;1234,50;1234,50"
    )


async def test_free_text_counts_in_the_class_chosen_and_with_equal_words(
    doors, planning, sender, planner
):
    pump = {"cpv": "42122000", "group": "free:umwälzpumpe|H87", "name": "Umwälzpumpe"}
    quote = LineQuote(document_sha256="ab" * 32, quoted_on=date(2026, 2, 25))
    for amount in ("900.00", "450.00"):
        line = sender.line(1, amount, **pump).model_copy(update={"quote": quote})
        await planning.hear(sender.place(line))
    articles = (await doors.client.get("/strongest/articles", headers=planner)).json()
    strongest = {article["comparable_group"]: article for article in articles}
    assert Decimal(strongest[pump["group"]]["demand_net"]) == Decimal("1350.00")
    classes = (await doors.client.get("/strongest/classes", headers=planner)).json()
    assert "42120000" in {cpv_class["cpv_class"] for cpv_class in classes}
