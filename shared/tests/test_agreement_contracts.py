"""Agreements as they travel: ceilings, prices and the five kinds of change, at their edges."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from marktbund.contracts.agreements import (
    AgreementLot,
    AgreementPosition,
    Ceiling,
    CeilingChanged,
    CeilingContent,
    CeilingEntry,
    Content,
    EntitlementContent,
    PriceContent,
    SuccessorContent,
    TermContent,
)

TOWN = "019ae000-0000-7000-8000-000000000001"
CONTENT: TypeAdapter[Content] = TypeAdapter(Content)
LONGEST_VALUE = "9999999999999999.99"
"""18 digits, 2 of them cents: 9,999 billion EUR and some."""


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("value_net", "0.01", None),
        ("value_net", LONGEST_VALUE, None),
        ("value_net", None, None),
        ("value_net", "0", "greater_than"),
        ("value_net", "0.00", "greater_than"),
        ("value_net", "-0.01", "greater_than"),
        ("value_net", "0.001", "decimal_max_places"),
        ("value_net", "10000000000000000.00", "decimal_whole_digits"),
        ("value_net", "1e3", "decimal_parsing"),
        ("value_net", "1_000", "decimal_parsing"),
        ("value_net", "+5", "decimal_parsing"),
        ("value_net", " 5", "decimal_parsing"),
        ("quantity", "0.001", None),
        ("quantity", "999999999999.999", None),
        ("quantity", "0", "greater_than"),
        ("quantity", "0.0001", "decimal_max_places"),
        ("quantity", "1000000000000.000", "decimal_whole_digits"),
        ("quantity", "\u0663", "decimal_parsing"),
        ("quantity", True, "decimal_parsing"),
    ],
)
def test_a_ceiling_is_above_nothing_and_has_an_end(field: str, value: Any, code: str | None):
    """A ceiling of 0 would be an agreement nobody may call off from; no ceiling is null."""
    if code is None:
        kept = getattr(Ceiling.model_validate({field: value}), field)
        assert (None if kept is None else str(kept)) == value
        return
    with pytest.raises(ValidationError) as refused:
        Ceiling.model_validate({field: value})
    assert [(error["loc"], error["type"]) for error in refused.value.errors()] == [((field,), code)]


def test_a_ceiling_that_says_nothing_holds_nothing():
    assert Ceiling() == Ceiling(member_id=None, value_net=None, quantity=None)


ENTRY = {
    "entry_no": 7,
    "lot_no": 1,
    "value_net": "-12.50",
    "quantity": "-2.500",
    "used_value_net": "87.50",
    "used_quantity": "17.500",
}


def test_what_was_given_back_is_below_zero_in_the_ledger():
    entry = CeilingEntry.model_validate(ENTRY)
    assert (str(entry.value_net), str(entry.quantity)) == ("-12.50", "-2.500")
    assert entry.member_id is None  # the ceiling of all members together
    assert CeilingEntry.model_validate_json(entry.model_dump_json()) == entry


@pytest.mark.parametrize("field", ["value_net", "used_value_net"])
def test_the_ledger_knows_no_part_of_a_cent(field: str):
    with pytest.raises(ValidationError):
        CeilingEntry.model_validate(ENTRY | {field: "1.005"})


POSITION = {
    "position_no": 1,
    "comparable_group": "gtin:4006381333931",
    "description": "Textmarker",
    "order_unit": "C62",
    "unit_price_net": "0.4175",
}


@pytest.mark.parametrize(
    ("price", "taken"),
    [
        ("0", True),
        ("0.0001", True),
        ("9999999999.9999", True),
        ("-0.0001", False),
        ("0.00001", False),
        ("10000000000.0000", False),
        ("0,42", False),
    ],
)
def test_a_pinned_price_has_four_decimals_and_is_never_below_zero(price: str, taken: bool):
    values = POSITION | {"unit_price_net": price}
    if taken:
        assert str(AgreementPosition.model_validate(values).unit_price_net) == price
    else:
        with pytest.raises(ValidationError):
            AgreementPosition.model_validate(values)


def test_a_position_may_wait_for_its_article():
    assert AgreementPosition.model_validate(POSITION).article_id is None


LOT = {
    "lot_no": 1,
    "title": "Schreibwaren",
    "supplier_id": TOWN,
    "positions": [POSITION],
    "ceilings": [{"value_net": "50000.00"}, {"member_id": TOWN, "quantity": "100"}],
}


def test_a_lot_is_called_off_directly_where_nothing_else_is_said():
    lot = AgreementLot.model_validate(LOT)
    assert (lot.procedure, lot.after_lot_no, lot.minimum_order_net) == ("direct", None, None)
    assert [ceiling.member_id is None for ceiling in lot.ceilings] == [True, False]


@pytest.mark.parametrize("least", ["0", "-1", "0.001"])
def test_a_least_order_is_a_real_amount_or_there_is_none(least: str):
    with pytest.raises(ValidationError):
        AgreementLot.model_validate(LOT | {"minimum_order_net": least})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (
            {
                "kind": "entitlement",
                "entitlement": {"member_id": TOWN, "entitled_from": "2026-03-01"},
            },
            EntitlementContent,
        ),
        ({"kind": "price", "lot_no": 1, "position_no": 2, "unit_price_net": "3.1"}, PriceContent),
        ({"kind": "ceiling", "lot_no": 1, "ceiling": {"value_net": "5"}}, CeilingContent),
        ({"kind": "term", "ends_on": "2027-12-31"}, TermContent),
        (
            {"kind": "successor", "lot_no": 1, "position_no": 2, "article_id": TOWN},
            SuccessorContent,
        ),
    ],
)
def test_a_change_is_read_by_its_kind(content: dict[str, Any], kind: type):
    read = CONTENT.validate_python(content)
    assert type(read) is kind
    assert CONTENT.validate_json(CONTENT.dump_json(read)) == read


@pytest.mark.parametrize(
    ("content", "location", "code"),
    [
        ({"ends_on": "2027-12-31"}, (), "union_tag_not_found"),
        ({"kind": "suspension", "ends_on": "2027-12-31"}, (), "union_tag_invalid"),
        ({"kind": None, "ends_on": "2027-12-31"}, (), "union_tag_invalid"),
        ({"kind": "term"}, ("term", "ends_on"), "missing"),
        (
            {"kind": "price", "lot_no": 1, "position_no": 2, "unit_price_net": "-1"},
            ("price", "unit_price_net"),
            "greater_than_equal",
        ),
        (
            {"kind": "ceiling", "lot_no": 1, "ceiling": {}, "raise_ground": "132_9"},
            ("ceiling", "raise_ground"),
            "literal_error",
        ),
    ],
)
def test_a_change_of_no_kind_or_half_of_one_is_refused(
    content: dict[str, Any], location: tuple[str, ...], code: str
):
    with pytest.raises(ValidationError) as refused:
        CONTENT.validate_python(content)
    error = refused.value.errors()[0]
    assert (error["loc"], error["type"]) == (location, code)


def test_a_lowered_ceiling_says_that_no_paragraph_was_needed():
    """Null is an answer: § 132 GWB is asked about raising, and leaving it out is no answer."""
    values = {
        "version": 3,
        "agreement_id": TOWN,
        "change_no": 1,
        "effective_on": "2026-07-01",
        "basis": "Minderbedarf",
        "proposed_by": TOWN,
        "approved_by": TOWN,
        "lot_no": 1,
        "ceiling": {"value_net": "40000.00"},
    }
    assert CeilingChanged.model_validate(values | {"raise_ground": None}).raise_ground is None
    with pytest.raises(ValidationError):
        CeilingChanged.model_validate(values)
