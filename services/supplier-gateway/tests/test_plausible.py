"""Days and quantities in a supplier's word that cannot be: refused at the door, nothing changed."""

from datetime import UTC, datetime, timedelta

import pytest

from marktbund import clock

PLACED = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
"""In Berlin it is the 2nd of March."""
TODAY = clock.business_date(clock.now())


@pytest.fixture
async def placed(hear, place_order, line, supplier):
    """Ten pieces, 2.5 kg, and one and a half pieces from before orders asked for whole ones."""
    lines = (line(1), line(2, "2.5").model_copy(update={"order_unit": "KGM"}), line(3, "1.5"))
    order = place_order(supplier.supplier_id, *lines).model_copy(update={"placed_at": PLACED})
    await hear(order)
    return order


async def untouched(supplier, placed) -> bool:
    shown = await supplier.get(f"/supplier-orders/{placed.supplier_order_id}")
    states = {
        (order_line["state"], order_line["despatched_quantity"]) for order_line in shown["lines"]
    }
    return states == {("open", "0.000")} and shown["despatches"] == []


@pytest.mark.parametrize(
    ("word", "code", "field"),
    [
        (
            {"decision": "accepted", "promised_date": "2026-03-01"},
            "promised_before_order",
            "lines[0].promised_date",
        ),
        (
            {"decision": "changed", "quantity": "9.5"},
            "quantity_not_whole",
            "lines[0].quantity",
        ),
    ],
)
async def test_an_answer_that_cannot_be_is_refused(
    supplier, placed, word: dict, code: str, field: str
):
    refused = await supplier.answer(placed, {"line_no": 1} | word)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        422,
        code,
        field,
    )
    assert refused.json()["way_out"] != ""
    assert await untouched(supplier, placed)


async def test_what_is_measured_or_was_ordered_in_parts_is_promised_in_parts(supplier, placed):
    taken = await supplier.answer(
        placed,
        {"line_no": 1, "decision": "accepted", "promised_date": "2026-03-02"},
        {"line_no": 2, "decision": "changed", "quantity": "1.25"},
        {"line_no": 3, "decision": "accepted"},
    )
    assert taken.status_code == 201, taken.text
    assert [order_line["quantity"] for order_line in taken.json()["lines"]] == [
        "10.000",
        "1.25",
        "1.500",
    ]


@pytest.mark.parametrize(
    ("day", "quantity", "code", "field"),
    [
        ("2026-03-01", "1", "despatched_before_order", "despatched_on"),
        (str(TODAY + timedelta(days=1)), "1", "despatched_in_future", "despatched_on"),
        ("2026-03-02", "0.5", "quantity_not_whole", "lines[0].quantity"),
    ],
)
async def test_a_despatch_that_cannot_be_is_refused(
    supplier, placed, day: str, quantity: str, code: str, field: str
):
    await supplier.answer(placed, {"line_no": 1, "decision": "accepted"})
    path = f"/supplier-orders/{placed.supplier_order_id}/despatches"
    body = {"despatched_on": day, "lines": [{"line_no": 1, "quantity": quantity}]}
    refused = await supplier.post(path, body)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        422,
        code,
        field,
    )
    assert refused.json()["way_out"] != ""
    shown = await supplier.get(f"/supplier-orders/{placed.supplier_order_id}")
    assert (shown["lines"][0]["despatched_quantity"], shown["despatches"]) == ("0.000", [])


@pytest.mark.parametrize("day", ["2026-03-02", str(TODAY)])
async def test_the_day_of_the_order_and_today_are_days_of_despatch(supplier, placed, day: str):
    await supplier.answer(placed, {"line_no": 1, "decision": "accepted"})
    path = f"/supplier-orders/{placed.supplier_order_id}/despatches"
    body = {"despatched_on": day, "lines": [{"line_no": 1, "quantity": "10"}]}
    sent = await supplier.post(path, body)
    assert (sent.status_code, sent.json()["despatched_on"]) == (201, day), sent.text


async def test_numbers_in_sentences_are_written_the_german_way(hear, place_order, line, supplier):
    order = place_order(supplier.supplier_id, line(1, "2000", "0.0175"))
    await hear(order)
    dearer = {"line_no": 1, "decision": "changed", "unit_price_net": "0.018"}
    refused = (await supplier.answer(order, dearer)).json()
    assert refused["detail"] == "Bestellt 0,0175 EUR, geantwortet 0,018 EUR."
    await supplier.answer(order, {"line_no": 1, "decision": "changed", "quantity": "1000"})
    more = (await supplier.despatch(order, {"line_no": 1, "quantity": "1006"})).json()
    assert more["detail"] == "Zugesagt 1.000, schon versandt 0, jetzt 1.006."
    assert more["way_out"] == "Höchstens 1.000 sind noch zu versenden."
