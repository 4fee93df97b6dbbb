"""Every column of a price list at its bounds: the last value taken, the first one refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.cells import OPTIONAL, READERS, CellError

TAKEN: list[tuple[str, str, Any]] = [
    ("article_number", "x" * 60, "x" * 60),
    ("article_number", " BR  1 ", " BR  1 "),
    ("name", "x" * 200, "x" * 200),
    ("name", " Papier\t A4\nweiß ", "Papier A4 weiß"),
    ("name", "5", "5"),
    ("description", "", ""),
    ("description", "x" * 4000, "x" * 4000),
    ("cpv", " 30197630 ", "30197630"),
    ("cpv", "30197630-1", "30197630"),
    ("gtin", " ", ""),
    ("gtin", " 96385074 ", "96385074"),
    ("manufacturer", "x" * 200, "x" * 200),
    ("manufacturer_article_number", "x" * 100, "x" * 100),
    ("order_unit", " H87 ", "H87"),
    ("order_unit", "M", "M"),
    ("content", "x" * 100, "x" * 100),
    ("unit_price_net", "0", Decimal(0)),
    ("unit_price_net", " 9999999999.9999 ", Decimal("9999999999.9999")),
    ("unit_price_net", "0.0001", Decimal("0.0001")),
    ("currency", " EUR ", "EUR"),
    ("vat_rate", "0", Decimal(0)),
    ("vat_rate", "100", Decimal(100)),
    ("vat_rate", "5.50", Decimal("5.50")),
    ("delivery_days", "0", 0),
    ("delivery_days", " 365 ", 365),
    ("minimum_quantity", "0.001", Decimal("0.001")),
    ("minimum_quantity", "9999999", Decimal(9_999_999)),
    ("quantity_interval", "", None),
    ("quantity_interval", "  ", None),
    ("quantity_interval", "0.001", Decimal("0.001")),
    ("quantity_interval", "9999999", Decimal(9_999_999)),
    ("features", " ", ()),
    ("features", "Format=A4", (("Format", "A4"),)),
    ("features", " b = 2 | a = 1 ", (("b", "2"), ("a", "1"))),
    ("features", "Formel=a=b", (("Formel", "a=b"),)),
    ("features", f"{'n' * 80}={'v' * 200}", (("n" * 80, "v" * 200),)),
    ("features", "|".join(f"m{n}=1" for n in range(50)), tuple((f"m{n}", "1") for n in range(50))),
]
REFUSED = [
    ("article_number", "x" * 61, "too_long"),
    ("article_number", "\t ", "missing"),
    ("article_number", "BR\x071", "control_character"),
    ("name", "x" * 201, "too_long"),
    ("name", "...", "missing"),
    ("description", "x" * 4001, "too_long"),
    ("description", "a\x7fb", "control_character"),
    ("cpv", "", "cpv_invalid"),
    ("cpv", "301976301", "cpv_invalid"),
    ("cpv", "30197630-", "cpv_invalid"),
    ("gtin", "96385075", "gtin_invalid"),
    ("manufacturer", "x" * 201, "too_long"),
    ("manufacturer_article_number", "x" * 101, "too_long"),
    ("order_unit", "h87", "order_unit_invalid"),
    ("order_unit", "H870", "order_unit_invalid"),
    ("content", "x" * 101, "too_long"),
    ("unit_price_net", "", "not_a_number"),
    ("unit_price_net", "+1", "not_a_number"),
    ("unit_price_net", "1.", "not_a_number"),
    ("unit_price_net", ".5", "not_a_number"),
    ("unit_price_net", "10000000000", "10 digits at most"),
    ("unit_price_net", "0.00001", "too_many_decimals"),
    ("currency", "eur", "currency_not_supported"),
    ("currency", "", "currency_not_supported"),
    ("vat_rate", "100.01", "vat_rate_out_of_range"),
    ("vat_rate", "19.001", "too_many_decimals"),
    ("delivery_days", "366", "delivery_days_out_of_range"),
    ("delivery_days", "-1", "delivery_days_out_of_range"),
    ("delivery_days", "", "delivery_days_out_of_range"),
    ("minimum_quantity", "0.000", "minimum_quantity_out_of_range"),
    ("minimum_quantity", "9999999.001", "minimum_quantity_out_of_range"),
    ("minimum_quantity", "0.0001", "too_many_decimals"),
    ("minimum_quantity", "", "not_a_number"),
    ("quantity_interval", "0", "quantity_interval_out_of_range"),
    ("quantity_interval", "9999999.001", "quantity_interval_out_of_range"),
    ("features", "Format=", "feature_invalid"),
    ("features", "=A4", "feature_invalid"),
    ("features", "Format=A4|", "feature_invalid"),
    ("features", f"{'n' * 81}=1", "feature_invalid"),
    ("features", f"n={'v' * 201}", "feature_invalid"),
    ("features", "Format=A4| Format =A4", "feature_repeated"),
    ("features", "|".join(f"m{n}=1" for n in range(51)), "too_many_features"),
]


@pytest.mark.parametrize(("column", "cell", "value"), TAKEN)
def test_a_cell_within_its_bounds_is_taken(column: str, cell: str, value: Any):
    assert READERS[column](cell) == value


@pytest.mark.parametrize(("column", "cell", "code"), REFUSED)
def test_a_cell_beyond_its_bounds_is_refused(column: str, cell: str, code: str):
    with pytest.raises(CellError) as refused:
        READERS[column](cell)
    expected = "not_a_number" if code == "10 digits at most" else code
    assert refused.value.code == expected
    assert refused.value.sentence.endswith(".")


def test_every_column_has_a_bound_that_is_taken_and_one_that_is_refused():
    assert {column for column, _, _ in TAKEN} == set(READERS)
    assert {column for column, _, _ in REFUSED} == set(READERS)


def test_a_sentence_names_the_bound_that_was_passed():
    with pytest.raises(CellError) as long:
        READERS["content"]("x" * 101)
    assert long.value.sentence == "Höchstens 100 Zeichen."
    with pytest.raises(CellError) as fine:
        READERS["vat_rate"]("19.001")
    assert fine.value.sentence == "Höchstens 2 Nachkommastellen."
    with pytest.raises(CellError) as twice:
        READERS["features"]("Farbe=rot|Farbe=blau")
    assert twice.value.sentence == "Das Merkmal Farbe kommt zweimal vor."


def test_only_the_interval_may_be_left_out():
    assert {"quantity_interval"} == OPTIONAL


@given(st.decimals(min_value=0, max_value=9_999_999_999, places=4))
def test_a_price_is_exactly_what_was_written(price: Decimal):
    assert READERS["unit_price_net"](format(price, "f")) == price


@given(st.sampled_from(sorted(READERS)), st.text(max_size=80))
def test_a_cell_is_taken_or_refused_with_a_code_and_never_fails_otherwise(column: str, cell: str):
    codes = []
    try:
        READERS[column](cell)
    except CellError as refused:
        codes.append(refused.code)
    assert all(code.replace("_", "").isalpha() for code in codes)
