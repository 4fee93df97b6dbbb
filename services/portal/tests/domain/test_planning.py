"""Demand as told and drawn, the award form, changes of an agreement: read and told."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from portal.domain import awards, changes, charts, demand
from portal.domain.charts import Spread, Stack
from portal.domain.demand import DemandQuestion

MEMBER, SUPPLIER = "0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"


def month(day: str, free: str, called_off: str) -> dict[str, str]:
    return {"month": day, "free_net": free, "called_off_net": called_off}


def test_months_without_demand_count_as_zero():
    told = [month("2025-12-01", "3.00", "1.00"), month("2026-02-01", "0.00", "2.00")]
    found = demand.every_month(told)
    assert [(each.month, each.demand) for each in found] == [
        ("2025-12-01", 4),
        ("2026-01-01", 0),
        ("2026-02-01", 2),
    ]
    assert demand.every_month([]) == []


def test_the_grid_has_a_value_for_every_member_and_class():
    cells = [
        {"member_id": "k", "member_name": "Köln", "cpv_class": "30190000", "demand_net": "30"},
        {"member_id": "g", "member_name": "", "cpv_class": "39110000", "demand_net": "40"},
    ]
    told = {"members": ["g", "k"], "classes": ["39110000", "30190000"], "cells": cells}
    grid = demand.grid(told)
    assert grid.members == ("Mitglied", "Köln")
    assert grid.values == ((40, 0), (0, 30))


@pytest.mark.parametrize(
    ("typed", "wanted", "fields"),
    [
        ({}, DemandQuestion(), []),
        ({"von": "03/2026", "bis": "2026-11"}, DemandQuestion("2026-03", "2026-11"), []),
        ({"von": "2026-13", "teile": "articles"}, DemandQuestion(parts="articles"), ["von"]),
        ({"von": "2026-03", "bis": "02/2026", "teile": "x"}, DemandQuestion(), ["bis"]),
    ],
)
def test_months_are_read_or_told(typed: dict[str, str], wanted: DemandQuestion, fields: list[str]):
    read, problems = demand.read_wanted(typed)
    assert (read, [each.field for each in problems]) == (wanted, fields)


def test_the_parts_of_a_column_stand_on_one_another():
    plot = charts.stacked([Stack("a", (Decimal(30), Decimal(10))), Stack("b", (Decimal(0),))])
    low, high, _ = ET.fromstring(plot).iter("rect")  # noqa: S314 - made here
    assert float(low.attrib["y"]) == pytest.approx(
        float(high.attrib["y"]) + float(high.attrib["height"])
    )
    assert float(low.attrib["height"]) == pytest.approx(3 * float(high.attrib["height"]), abs=0.2)


def test_a_box_lies_between_the_ends_of_its_whisker():
    prices = Spread("Alle", *map(Decimal, ("1.00", "1.20", "1.50", "1.80", "2.00")))
    plot = ET.fromstring(charts.spreads([prices]))  # noqa: S314 - made here
    whisker = next(each for each in plot.iter("line") if each.attrib["class"] == "whisker")
    box = next(iter(plot.iter("rect")))
    assert float(whisker.attrib["x1"]) < float(box.attrib["x"])
    assert float(box.attrib["x"]) + float(box.attrib["width"]) < float(whisker.attrib["x2"])


LOT = {
    "lot_no": 1,
    "title": "Los 1",
    "positions": [
        {"position_no": 1, "comparable_group": "g1", "description": "Papier", "order_unit": "C62"},
        {"position_no": 2, "comparable_group": "g2", "description": "Stift", "order_unit": None},
    ],
}
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
    read = awards.read(RESULT, [LOT, LOT | {"lot_no": 2}])
    assert isinstance(read, dict)
    [lot] = read["lots"]
    assert (lot["ceiling_value_net"], lot["ceiling_quantity"]) == ("50000.00", None)
    [position] = lot["positions"]
    assert (position["unit_price_net"], position["quantity"]) == ("2.80", "1440")
    assert read["entitled"] == [{"member_id": MEMBER, "entitled_from": "2026-07-01"}]


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
    read = awards.read(RESULT | typed, [LOT])
    assert isinstance(read, list)
    assert [each.field for each in read] == fields


class Names:
    def member(self, member_id: str) -> str:
        return "Köln" if member_id == MEMBER else "?"


CHANGE = {"effective_on": "2026-07-01", "basis": "Nr. 7"}


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (
            "mitglied",
            {"member_id": MEMBER, "entitled_from": "2026-07-01", "entitled_to": "2026-12-31"},
            "Köln ist abrufberechtigt ab 01.07.2026 bis 31.12.2026.",
        ),
        (
            "preis",
            {"position": "1/2", "unit_price_net": "2,955"},
            "Los 1, Position 2: 2,955 € netto.",
        ),
        (
            "obergrenze",
            {"lot_no": "1", "value_net": "60.000", "quantity": "12", "raise_ground": "132_3"},
            "Los 1: Höchstwert 60.000,00 € und Höchstmenge 12 (§ 132 Abs. 3 GWB: geringfügig).",
        ),
        ("laufzeit", {"ends_on": "2031-06-30"}, "Letzter Tag ist der 30.06.2031."),
        (
            "nachfolger",
            {"position": "1/1", "article": f"http://127.0.0.1/artikel/{SUPPLIER}?x"},
            "Los 1, Position 1: ein anderer Artikel, gleichwertig, gleicher Preis.",
        ),
    ],
)
def test_a_change_is_read_and_told(kind: changes.Kind, typed: dict[str, str], sentence: str):
    read = changes.read(kind, CHANGE | typed)
    assert isinstance(read, dict)
    assert changes.told(read["content"], Names()) == sentence


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("mitglied", ["basis", "effective_on", "entitled_from", "member_id"]),
        ("preis", ["basis", "effective_on", "position", "unit_price_net"]),
        ("obergrenze", ["basis", "effective_on", "value_net", "lot_no"]),
        ("laufzeit", ["basis", "effective_on", "ends_on"]),
        ("nachfolger", ["basis", "effective_on", "article", "position"]),
    ],
)
def test_an_empty_change_names_every_field(kind: changes.Kind, fields: list[str]):
    read = changes.read(kind, {})
    assert isinstance(read, list)
    assert [each.field for each in read] == fields
