"""Plots: what they show, and that their labels are text."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from portal.charts import plots
from portal.charts.plots import Bar, Spread, Stack


def test_the_parts_of_a_column_stand_on_one_another():
    plot = plots.stacked([Stack("a", (Decimal(30), Decimal(10))), Stack("b", (Decimal(0),))])
    low, high, _ = ET.fromstring(plot).iter("rect")  # noqa: S314 - made here
    assert float(low.attrib["y"]) == pytest.approx(
        float(high.attrib["y"]) + float(high.attrib["height"])
    )
    assert float(low.attrib["height"]) == pytest.approx(3 * float(high.attrib["height"]), abs=0.2)


def test_a_box_lies_between_the_ends_of_its_whisker():
    prices = Spread("Alle", *map(Decimal, ("1.00", "1.20", "1.50", "1.80", "2.00")))
    plot = ET.fromstring(plots.spreads([prices]))  # noqa: S314 - made here
    whisker = next(line for line in plot.iter("line") if line.attrib["class"] == "whisker")
    box = next(iter(plot.iter("rect")))
    assert float(whisker.attrib["x1"]) < float(box.attrib["x"])
    assert float(box.attrib["x"]) + float(box.attrib["width"]) < float(whisker.attrib["x2"])


def test_labels_in_plots_are_text():
    plot = plots.bars([Bar("<b>&", Decimal(1))], curve=True)
    assert "<b>" not in plot
    assert "&lt;b&gt;&amp;" in plot
    assert "<i>" not in plots.heat_map(["<i>"], ["<i>"], [[Decimal(3)]])
    assert "<i>" not in plots.stacked([Stack("<i>", (Decimal(1), Decimal(2)))])
    assert "<i>" not in plots.spreads([Spread("<i>", *map(Decimal, range(5)))])


def test_a_label_that_is_too_wide_ends_with_dots():
    bars = [Bar("Straßenausrüstung und Zubehör", Decimal(1))]
    assert "Straßenausrüstung und Zubehör" in plots.bars(bars)
    assert "Straßena…" in plots.bars(bars * 12)


def test_no_label_of_a_row_is_cut_without_dots():
    long = "Straßenausrüstung und Zubehör für Bauhöfe"
    for plot in (
        plots.heat_map([long], ["2026"], [[Decimal(3)]]),
        plots.spreads([Spread(long, *map(Decimal, range(5)))]),
    ):
        assert "Straßenausrüstung und Zub…" in plot
        assert "Bauhöfe" not in plot


@pytest.mark.parametrize(
    ("top", "shown"),
    [
        ("1", ["0,00", "0,25", "0,50", "0,75", "1,00"]),
        ("8", ["0", "2", "4", "6", "8"]),
        ("1000", ["0", "250", "500", "750", "1,0 Tsd."]),
        ("999999", ["0", "250,0 Tsd.", "500,0 Tsd.", "750,0 Tsd.", "1,0 Mio."]),
        ("4000000", ["0", "1,0 Mio.", "2,0 Mio.", "3,0 Mio.", "4,0 Mio."]),
    ],
)
def test_an_axis_tells_its_quarters_apart(top: str, shown: list[str]):
    plot = ET.fromstring(plots.bars([Bar("a", Decimal(top))]))  # noqa: S314 - made here
    ticks = [tick.text for tick in plot.iter("text") if tick.attrib.get("text-anchor") == "end"]
    assert ticks == shown
