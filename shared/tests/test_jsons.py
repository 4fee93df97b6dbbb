"""JSON: Decimals as strings, in plain digits."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from marktbund.ids import new_id
from marktbund.jsons import dumps, loads


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.50"), '"1.50"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("0.0000001"), '"0.0000001"'),
        ({"a": [Decimal(-1)]}, '{"a":["-1"]}'),
        (datetime(2026, 1, 1, tzinfo=UTC), '"2026-01-01T00:00:00+00:00"'),
        ("Straße", '"Straße"'),
    ],
)
def test_what_is_written(value: object, text: str):
    assert dumps(value) == text


def test_an_id_is_written_as_text():
    made = new_id()
    assert loads(dumps({"id": made})) == {"id": str(made)}


def test_a_decimal_comes_back_to_the_digit():
    price = Decimal("9999999999.9999")
    assert Decimal(loads(dumps(price))) == price


@pytest.mark.parametrize("value", [object(), {1, 2}, b"raw"])
def test_what_has_no_json_form_is_refused(value: object):
    with pytest.raises(TypeError):
        dumps(value)


def test_not_a_number_is_no_json():
    with pytest.raises(ValueError):
        loads("NaN")
