"""The form of a tender's result, read."""

import pytest

from marktbund.contracts.tender_planning import DraftLot
from portal.pages.forms import awards
from services.portal.tests.bodies import sent

MEMBER, SUPPLIER = "0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"


OPEN = {"quantity": None, "quantity_low": None, "quantity_high": None}
LOT = {
    "lot_no": 1,
    "title": "Los 1",
    "positions": [
        OPEN
        | {
            "position_no": 1,
            "comparable_group": "g1",
            "description": "Papier",
            "order_unit": "C62",
        },
        OPEN
        | {"position_no": 2, "comparable_group": "g2", "description": "Stift", "order_unit": None},
    ],
}
DRAFT = [DraftLot.model_validate(LOT | {"lot_no": number}) for number in (1, 2)]


RESULT = {
    "awarded_on": "2026-06-15",
    "starts_on": "2026-07-01",
    "ends_on": "2030-06-30",
    "binding": "exclusive",
    f"member-{MEMBER}": "1",
    "supplier-1": SUPPLIER,
    "value-1": "50.000,00",
    "price-1-1": "2,80",
    "quantity-1-1": "1.440",
}


def test_a_result_is_read_with_what_was_awarded_only():
    read = awards.read(RESULT, DRAFT)
    body = sent(read)
    [lot] = body["lots"]
    assert (lot["ceiling_value_net"], lot["ceiling_quantity"]) == ("50000.00", None)
    [position] = lot["positions"]
    assert (position["unit_price_net"], position["quantity"]) == ("2.80", "1440")
    assert body["entitled"] == [{"member_id": MEMBER, "entitled_from": "2026-07-01"}]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"ends_on": "bald"}, ["ends_on"]),
        ({f"member-{MEMBER}": ""}, ["entitled"]),
        ({"supplier-1": ""}, ["lots"]),
        ({"value-1": ""}, ["value-1"]),
        ({"value-1": "viel"}, ["value-1"]),
        ({"price-1-1": ""}, ["price-1-1"]),
        ({"quantity-1-1": ""}, ["quantity-1-1"]),
        ({"price-1-2": "1", "quantity-1-2": "3"}, ["unit-1-2"]),
    ],
)
def test_what_is_wrong_with_a_result_names_its_field(typed: dict[str, str], fields: list[str]):
    read = awards.read(RESULT | typed, DRAFT[:1])
    assert isinstance(read, list)
    assert [problem.field for problem in read] == fields
