"""Criteria and cautions at their marks, worked out by hand from the formulas in the README."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from marktbund.ids import new_id
from tender_planning.domain.assortments import assess, assess_all
from tender_planning.domain.cautions import warn
from tender_planning.domain.criteria import WEIGHTS, judge
from tender_planning.domain.evidence import (
    CoreGroup,
    DemandShare,
    Evidence,
    MonthDemand,
    Window,
    later,
)
from tender_planning.domain.prices import PriceSpread

TWO_YEARS = Window(date(2024, 1, 1), date(2025, 12, 1))
ONE_YEAR = Window(date(2025, 1, 1), date(2025, 12, 1))


def shares(*net: str) -> list[DemandShare]:
    return [DemandShare(new_id(), Decimal(part)) for part in net]


def monthly(window: Window, *net: str) -> list[MonthDemand]:
    """Demand month by month from the beginning of a window; "0" stays in."""
    return [
        MonthDemand(later(window.first, number), Decimal(part)) for number, part in enumerate(net)
    ]


def priced(relative: str, lines: int = 4, suppliers: int = 2) -> PriceSpread:
    """Prices around a median of 100 whose middle half is as wide as said."""
    half = Decimal(relative) * 50
    return PriceSpread(
        order_unit="C62",
        lowest=Decimal(1),
        quartile_1=100 - half,
        median=Decimal(100),
        quartile_3=100 + half,
        highest=Decimal(999),
        lines=lines,
        suppliers=suppliers,
        last_month=date(2025, 12, 1),
    )


def core(
    members: Sequence[DemandShare] | None = None,
    suppliers: Sequence[DemandShare] | None = None,
    months: Sequence[MonthDemand] | None = None,
    prices: Sequence[tuple[PriceSpread | None, str]] = ((None, "24000"),),
    class_net: str = "24000",
    window: Window = TWO_YEARS,
) -> Evidence:
    """24,000 EUR of ten members and four suppliers, 1,000 a month, unless given otherwise."""
    groups = [
        CoreGroup(
            comparable_group=f"mfr:{number}",
            name=f"Ware {number}",
            cpv="30197630",
            members=3,
            months=9,
            suppliers=2,
            lines=10,
            demand_net=Decimal(net),
            order_unit="C62",
            quantity_before=Decimal(1),
            quantity_lately=Decimal(1),
            prices=spread,
        )
        for number, (spread, net) in enumerate(prices)
    ]
    return Evidence(
        cpv_class="30190000",
        window=window,
        members=members or shares(*["2400"] * 10),
        suppliers=suppliers or shares(*["6000"] * 4),
        months=months or monthly(window, *["1000"] * 24),
        groups=groups,
        class_net=Decimal(class_net),
    )


def points(code: str, evidence: Evidence) -> str:
    return str(next(part.points for part in judge(evidence) if part.code == code))


def factor(code: str, evidence: Evidence) -> str | None:
    return next((str(part.factor) for part in warn(evidence) if part.code == code), None)


def test_the_weights_are_a_hundred_together():
    assert sum(WEIGHTS.values()) == 1
    assert [part.code for part in judge(core())] == list(WEIGHTS)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, "0.0"), (2, "6.9"), (10, "23.1"), (20, "30.0"), (50, "30.0")],
)
def test_members_count_by_the_logarithm_of_twenty(count: int, expected: str):
    # 30 x ln(m) / ln(20): ln 2 = 0.6931, ln 10 = 2.3026, ln 20 = 2.9957
    even = shares(*["1000"] * count)
    assert points("members", core(members=even)) == expected


def test_a_member_that_buys_almost_all_counts_as_almost_the_only():
    # (9 + 1)^2 / (81 + 1) = 1.2195 equal members: 30 x ln 1.2195 / ln 20 = 1.99
    assert points("members", core(members=shares("9000", "1000"))) == "2.0"


@pytest.mark.parametrize(
    ("months", "expected"),
    [(["1000"] * 24, "25.0"), (["2000"] * 12 + ["0"] * 12, "12.5"), (["24000"], "1.0")],
)
def test_regularity_is_the_part_of_the_months_with_demand(months: list[str], expected: str):
    assert points("regularity", core(months=monthly(TWO_YEARS, *months))) == expected


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("1000", "0.0"),
        ("2000", "0.0"),
        ("20000", "6.7"),
        ("200000", "13.3"),
        ("2000000", "20.0"),
        ("80000000", "20.0"),
    ],
)
def test_value_counts_by_decades_of_a_year_from_a_thousand_to_a_million(total: str, expected: str):
    # Over two years, so a year is half: 10,000 a year is one decade of three.
    assert points("value", core(months=monthly(TWO_YEARS, total))) == expected


def test_value_is_that_of_a_year_however_long_the_window_is():
    over_one = core(months=monthly(ONE_YEAR, "10000"), window=ONE_YEAR)
    assert points("value", over_one) == "6.7"


@pytest.mark.parametrize(
    ("count", "expected"), [(1, "0.0"), (2, "5.0"), (3, "10.0"), (4, "15.0"), (9, "15.0")]
)
def test_four_equal_suppliers_are_enough(count: int, expected: str):
    assert points("suppliers", core(suppliers=shares(*["100"] * count))) == expected


@pytest.mark.parametrize(
    ("relative", "expected"), [("0", "0.0"), ("0.15", "5.0"), ("0.3", "10.0"), ("0.9", "10.0")]
)
def test_a_spread_of_thirty_percent_gives_all_its_points(relative: str, expected: str):
    assert points("price_spread", core(prices=[(priced(relative), "24000")])) == expected


def test_spreads_are_weighted_by_the_demand_of_their_groups():
    # (0.30 x 18,000 + 0.06 x 6,000) / 24,000 = 0.24 of 0.30: 8 of 10 points
    prices = [(priced("0.30"), "18000"), (priced("0.06"), "6000")]
    assert points("price_spread", core(prices=prices)) == "8.0"


@pytest.mark.parametrize(
    "spread", [None, priced("0.3", lines=3), priced("0.3", suppliers=1)], ids=str
)
def test_few_prices_and_those_of_one_supplier_do_not_compare(spread: PriceSpread | None):
    assert points("price_spread", core(prices=[(spread, "24000")])) == "0.0"


def test_what_does_not_compare_weighs_nothing_beside_what_does():
    prices = [(priced("0.15"), "1000"), (priced("0.9", suppliers=1), "23000")]
    assert points("price_spread", core(prices=prices)) == "5.0"


@pytest.mark.parametrize(
    ("largest", "expected"),
    [("12000", None), ("12240", "0.9800"), ("18000", "0.5000"), ("24000", "0.0000")],
)
def test_a_member_with_more_than_half_cuts_the_score(largest: str, expected: str | None):
    rest = str((24_000 - int(largest)) / 2 or 0)
    members = shares(largest, rest, rest)
    assert factor("one_buyer", core(members=members)) == expected


@pytest.mark.parametrize(
    ("largest", "expected"),
    [("19200", None), ("21600", "0.7000"), ("24000", "0.4000")],
)
def test_a_supplier_with_more_than_four_fifths_cuts_the_score(largest: str, expected: str | None):
    suppliers = shares(largest, str(24_000 - int(largest)))
    assert factor("single_supplier", core(suppliers=suppliers)) == expected


@pytest.mark.parametrize(
    ("before", "lately", "expected"),
    [
        ("1000", "900", None),
        ("1000", "450", "0.5000"),
        ("1000", "0", "0.0000"),
        ("0", "1000", None),
        ("500", "1000", None),
    ],
)
def test_demand_that_falls_by_more_than_a_tenth_cuts_the_score(
    before: str, lately: str, expected: str | None
):
    months = monthly(TWO_YEARS, *[before] * 12, *[lately] * 12)
    assert factor("falling", core(months=months)) == expected


def test_one_year_shows_no_fall():
    months = monthly(ONE_YEAR, *["1000"] * 6, *["0"] * 6)
    assert factor("falling", core(months=months, window=ONE_YEAR)) is None


@pytest.mark.parametrize(
    ("strongest", "expected"),
    [(["4800", "4800"], None), (["8400", "8400"], "0.5000"), (["12000", "12000"], "0.0000")],
)
def test_two_months_with_more_than_two_fifths_are_a_crisis(
    strongest: list[str], expected: str | None
):
    rest = str((24_000 - sum(map(int, strongest))) // 16)
    months = monthly(TWO_YEARS, *[rest] * 8, *strongest, *[rest] * 8)
    assert factor("crisis", core(months=months)) == expected


def test_two_strong_months_that_do_not_follow_one_another_are_none():
    months = monthly(TWO_YEARS, "8000", *["0"] * 6, "8000", *["0"] * 6, "8000")
    assert factor("crisis", core(months=months)) is None


@pytest.mark.parametrize(
    ("class_net", "expected"), [("80000", None), ("160000", "0.7000"), ("240000", "0.6000")]
)
def test_a_core_of_less_than_three_tenths_of_its_class_is_scattered(
    class_net: str, expected: str | None
):
    assert factor("scattered", core(class_net=class_net)) == expected


def test_a_class_is_never_smaller_than_its_core():
    assert factor("scattered", core(class_net="0")) is None


def test_every_caution_cuts_what_the_others_left():
    plain = core()
    cut = core(suppliers=shares("21600", "2400"), class_net="160000")
    assert assess(plain).cautions == []
    assert {caution.code for caution in assess(cut).cautions} == {"single_supplier", "scattered"}
    before = sum(criterion.points for criterion in judge(cut))
    assert assess(cut).score == (before * Decimal("0.7") * Decimal("0.7")).quantize(Decimal("0.1"))


@pytest.mark.parametrize(
    ("evidence", "text"),
    [
        (
            core(suppliers=shares("21600", "2400")),
            "Ein Lieferant hat 90 % des Bedarfs: ob es Wettbewerb gibt, ist offen.",
        ),
        (
            core(months=monthly(TWO_YEARS, *["1000"] * 12, *["450"] * 12), class_net="1"),
            "Seit 01/2025 nur noch 45 % des Bedarfs im Jahr davor.",
        ),
        (
            core(class_net="160000"),
            "Nur 15 % des Bedarfs der Klasse entfallen auf Artikel, die mehrere",
        ),
    ],
)
def test_a_caution_names_its_figure(evidence: Evidence, text: str):
    assert [caution.text.startswith(text) for caution in warn(evidence)] == [True]


def test_one_member_and_one_supplier_are_named_in_the_singular():
    texts = [part.text for part in judge(core(shares("24000"), shares("24000")))]
    assert texts[0].startswith("1 Mitglied kauft dasselbe;")
    assert texts[3] == "1 Lieferant; der größte hat 100 % des Bedarfs."


def test_scores_come_in_the_order_of_their_cores():
    cores = [core(), core(class_net="240000")]
    assert [assessed.evidence for assessed in assess_all(cores)] == cores
