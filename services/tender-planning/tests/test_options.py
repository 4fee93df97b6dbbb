"""Every option of a question on demand chooses what it names, in the answer and in its sheet."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

import httpx
import pytest

from tender_planning.commands.questions import DrawPareto

STADT, KREIS, LADEN, KONTOR = (str(UUID(int=number)) for number in (1, 2, 3, 4))
LAPTOP = {"cpv": "30213100", "group": "gtin:1"}
PAPER = {"cpv": "30197630", "group": "mfr:a|1"}
GROUP = "/groups/mfr:a|1"
ORDERS = (
    (1, STADT, LADEN, LAPTOP, "1.00"),
    (2, STADT, KONTOR, PAPER, "10.00"),
    (3, KREIS, LADEN, LAPTOP, "100.00"),
    (4, KREIS, KONTOR, PAPER, "1000.00"),
)
"""Month, member, supplier, article, net EUR: every sum names the orders in it."""
MONTHS = (
    ({}, "1111.00"),
    ({"from": "2026-02-28"}, "1110.00"),
    ({"to": "2026-03-01"}, "111.00"),
    ({"from": "2026-02-01", "to": "2026-03-31"}, "110.00"),
    ({"from": "2026-05-01"}, "0"),
)
PARTS = (
    *MONTHS,
    ({"class": "30210000"}, "101.00"),
    ({"member_id": STADT}, "11.00"),
    ({"class": "30190000", "member_id": KREIS, "from": "2026-04-30"}, "1000.00"),
    ({"class": "45000000"}, "0"),
)
SOLD = (({"supplier_id": LADEN}, "101.00"), ({"group": "mfr:a|1"}, "1010.00"))
PARETO = get_args(DrawPareto.model_fields["of"].annotation)
DOORS = (
    ("/demand/totals", {}, PARTS),
    ("/demand", {}, PARTS),
    ("/demand.csv", {}, PARTS),
    ("/demand/heat-map", {}, MONTHS),
    ("/demand/heat-map.csv", {}, MONTHS),
    ("/demand/months", {}, PARTS + SOLD),
    ("/demand/months.csv", {}, PARTS + SOLD),
    *(("/demand/pareto", {"of": of}, PARTS) for of in PARETO),
    *(("/demand/pareto.csv", {"of": of}, PARTS) for of in PARETO),
    ("/strongest/classes", {}, MONTHS),
    ("/strongest/articles", {}, MONTHS),
)


@pytest.fixture
async def planner(doors):
    return await doors.account(("procurement", None))


@pytest.fixture
async def market(planning, sender):
    for month, member, supplier, article, amount in ORDERS:
        placed = sender.place(
            sender.line(1, amount, **article),
            member_id=UUID(member),
            supplier_id=UUID(supplier),
            placed_at=datetime(2026, month, 10, tzinfo=UTC),
        )
        await planning.hear(placed)


def sheet(answer: httpx.Response) -> list[dict[str, str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def demand(answer: httpx.Response) -> Decimal:
    """All demand an answer or sheet holds."""
    assert answer.status_code == 200, answer.text
    if answer.headers["content-type"].startswith("text/csv"):
        amounts = [row["Bedarf netto EUR"].replace(",", ".") for row in sheet(answer)]
    else:
        body: Any = answer.json()
        rows = body.get("cells", [body]) if isinstance(body, dict) else body
        amounts = [row["demand_net"] for row in rows]
    return sum(map(Decimal, amounts), Decimal(0))


@pytest.mark.parametrize(("path", "kept", "chosen"), DOORS)
async def test_an_option_chooses_the_demand_it_names(doors, planner, market, path, kept, chosen):
    for options, expected in chosen:
        answer = await doors.client.get(path, params=kept | options, headers=planner)
        assert (options, demand(answer)) == (options, Decimal(expected))


@pytest.mark.parametrize(("path", "kept", "chosen"), DOORS)
async def test_a_wrong_option_is_named(doors, planner, path, kept, chosen):
    names = {name for options, _ in chosen for name in options} - {"group"}
    for name in sorted(names):
        answer = await doors.client.get(path, params=kept | {name: "x"}, headers=planner)
        assert (answer.status_code, answer.json()["field"]) == (422, name)


@pytest.mark.parametrize(
    ("options", "lowest", "highest", "lines"),
    [
        ({}, "10.0000", "1000.0000", 2),
        ({"from": "2026-03-15"}, "1000.0000", "1000.0000", 1),
        ({"to": "2026-03-15"}, "10.0000", "10.0000", 1),
    ],
)
async def test_prices_are_those_of_the_months_asked_for(
    doors, planner, market, options, lowest, highest, lines
):
    answer = await doors.client.get(f"{GROUP}/prices", params=options, headers=planner)
    of_all, *_ = answer.json()
    assert (of_all["lowest"], of_all["highest"], of_all["lines"]) == (lowest, highest, lines)
    answer = await doors.client.get(f"{GROUP}/prices.csv", params=options, headers=planner)
    row, *_ = sheet(answer)
    written = (row["Niedrigster Preis netto EUR"], row["Höchster Preis netto EUR"])
    assert written == (lowest.replace(".", ","), highest.replace(".", ","))
    assert row["Positionen"] == str(lines)


@pytest.mark.parametrize("path", [f"{GROUP}/prices", f"{GROUP}/prices.csv"])
async def test_months_without_a_price_are_not_found(doors, planner, market, path):
    answer = await doors.client.get(path, params={"from": "2026-05-01"}, headers=planner)
    assert (answer.status_code, answer.json()["code"]) == (404, "group_without_prices")


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_pages_of_a_groups_orders_are_all_of_them(doors, planner, planning, sender, limit):
    orders = [
        sender.place(sender.line(1, **PAPER), sender.line(2, **PAPER), sender.line(3, **LAPTOP))
        for _ in range(3)
    ]
    await planning.hear(*orders)
    path = f"{GROUP}/orders"
    whole = (await doors.client.get(path, headers=planner)).json()
    expected = [(str(order.supplier_order_id), no) for order in orders for no in (1, 2)]
    assert [(line["supplier_order_id"], line["line_no"]) for line in whole] == sorted(expected)
    pages, after = [], {}
    while page := (
        await doors.client.get(path, params={"limit": limit, **after}, headers=planner)
    ).json():
        pages.append(page)
        after = {"after": page[-1]["line"]}
    assert [line for page in pages for line in page] == whole
    assert [len(page) for page in pages] == [limit] * (len(whole) // limit)
