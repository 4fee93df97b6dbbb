"""Figures and names of classes as people in Germany write them."""

from uuid import UUID

import pytest

from portal.words import cpv, figures
from portal.words.figures import counted


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (figures.money("1234567.8"), "1.234.567,80 €"),
        (figures.price("0.0125"), "0,0125 €"),
        (figures.quantity("12.500"), "12,5"),
        (figures.quantity("1000"), "1.000"),
        (figures.day("2026-11-03"), "03.11.2026"),
        (figures.moment("2026-11-03T13:05:00Z"), "03.11.2026, 14:05 Uhr"),
        (figures.money(None), ""),
    ],
)
def test_figures_are_written_as_in_germany(shown: str, wanted: str):
    assert shown == wanted


def test_one_is_said_in_the_singular():
    assert counted(1, "Position", "Positionen") == "1 Position"
    assert counted(1000, "Position", "Positionen") == "1.000 Positionen"


@pytest.mark.parametrize(
    ("code", "name", "named"),
    [
        ("3916", "Schulmöbel", "Schulmöbel (3916)"),
        ("39160000", "Schulmöbel", "Schulmöbel (3916)"),
        ("9999", "9999", "9999"),
        ("txt:papier", "txt:papier", "txt:papier"),
    ],
)
def test_classes_are_called_by_name_where_cpv_has_one(code: str, name: str, named: str):
    assert (cpv.name(code), cpv.named(code)) == (name, named)


def test_what_has_no_number_is_called_by_the_end_of_its_id():
    identity = UUID("01a219cb-82bd-7660-a2ee-b4e9a1ae4931")
    assert figures.called(identity) == "A1AE-4931"
