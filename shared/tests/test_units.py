"""Which units are counted."""

import pytest

from marktbund.units import is_countable


@pytest.mark.parametrize("unit", ["C62", "H87", "PR", "SET", "PK", "XBX", "BX", "RO", "EA", "QQ"])
def test_pieces_packs_and_unknown_units_are_counted(unit: str):
    assert is_countable(unit)


@pytest.mark.parametrize("unit", ["KGM", "LTR", "MTR", "MTK", "HUR", "KWH", "TNE", "MON"])
def test_masses_lengths_and_hours_are_measured(unit: str):
    assert not is_countable(unit)
