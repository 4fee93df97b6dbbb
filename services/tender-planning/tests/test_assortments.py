"""The score of a core assortment, its cautions and its prices, called plainly."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.ids import new_id
from tender_planning.domain.assortments import assess
from tender_planning.domain.evidence import (
    CoreGroup,
    DemandShare,
    Evidence,
    MonthDemand,
    Window,
    effective,
    later,
)
from tender_planning.domain.prices import Paid, spread

WINDOW = Window(date(2024, 1, 1), date(2025, 12, 1))
ALICE, BOB = new_id(), new_id()


def paid(price: str, lines: int = 1, *, supplier=ALICE, unit: str = "C62") -> Paid:
    return Paid(unit, Decimal(price), supplier, date(2025, 6, 1), lines)


def group(name: str = "Papier", prices=None) -> CoreGroup:
    return CoreGroup(
        comparable_group=f"mfr:{name}",
        name=name,
        cpv="30197630",
        members=3,
        months=9,
        suppliers=2,
        lines=72,
        demand_net=Decimal(72_000),
        order_unit="C62",
        quantity_before=Decimal(100),
        quantity_lately=Decimal(140),
        prices=prices,
    )


def evidence(members=None, suppliers=None, months=None, **changed) -> Evidence:
    """Ten members, four suppliers, 24 months, 3,000 EUR each month, unless told otherwise."""
    monthly = months or [3_000] * 24
    total = sum(monthly)

    def shares(parts):
        return [DemandShare(new_id(), Decimal(total) * part / sum(parts)) for part in parts]

    usual = {
        "cpv_class": "30190000",
        "window": WINDOW,
        "members": shares(members or [1] * 10),
        "suppliers": shares(suppliers or [1] * 4),
        "months": [
            MonthDemand(later(WINDOW.first, month_no), Decimal(net))
            for month_no, net in enumerate(monthly)
            if net
        ],
        "groups": [group()],
        "class_net": Decimal(total),
    }
    return Evidence(**(usual | changed))


def cautions(core: Evidence) -> dict[str, Decimal]:
    return {caution.code: caution.factor for caution in assess(core).cautions}


def test_a_plain_core_scores_by_its_five_criteria_alone():
    assessment = assess(evidence())
    assert {c.code: c.points for c in assessment.criteria} == {
        "members": Decimal("23.1"),
        "regularity": Decimal("25.0"),
        "value": Decimal("10.4"),
        "suppliers": Decimal("15.0"),
        "price_spread": Decimal("0.0"),
    }
    assert (assessment.score, list(assessment.cautions)) == (Decimal("73.5"), [])


def test_the_reasons_are_sentences_with_the_figures():
    texts = {c.code: c.text for c in assess(evidence(members=[8, 1, 1])).criteria}
    assert texts == {
        "members": "3 Mitglieder kaufen dasselbe; nach Größe gewichtet so viel wie 1,5"
        " gleich große.",
        "regularity": "Bestellt wurde in 24 von 24 Monaten.",
        "value": "Bedarf 72.000,00 EUR netto, im Jahr 36.000,00 EUR.",
        "suppliers": "4 Lieferanten; der größte hat 25 % des Bedarfs.",
        "price_spread": "Preise mehrerer Lieferanten für denselben Artikel liegen noch nicht vor.",
    }


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"members": [8, 1, 1]}, {"one_buyer": Decimal("0.4000")}),
        ({"suppliers": [1]}, {"single_supplier": Decimal("0.4000")}),
        ({"suppliers": [9, 1]}, {"single_supplier": Decimal("0.7000")}),
        ({"months": [4_000] * 12 + [1_800] * 12}, {"falling": Decimal("0.5000")}),
        ({"class_net": Decimal(720_000)}, {"scattered": Decimal("0.6000")}),
        ({"members": [5, 3, 2]}, {}),
        ({"suppliers": [8, 2]}, {}),
        ({"months": [4_000] * 12 + [3_600] * 12}, {}),
        ({"months": [3_000] * 12 + [9_000] * 12}, {}),
        ({"class_net": Decimal(240_000)}, {}),
    ],
)
def test_each_caution_begins_at_its_own_mark(changed, expected):
    assert cautions(evidence(**changed)) == expected


def test_two_months_of_flood_are_a_crisis_even_across_the_turn_of_a_year():
    flood = [100] * 11 + [30_000, 40_000] + [100] * 11
    assert cautions(evidence(months=flood)) == {"crisis": Decimal("0.0508")}


def test_a_caution_says_why():
    [caution] = assess(evidence(members=[92, 4, 4])).cautions
    assert caution.text == "Ein einziges Mitglied hat 92 % des Bedarfs: wenig zu bündeln."


def test_half_a_window_tells_no_trend():
    short = Window(date(2025, 1, 1), date(2025, 12, 1))
    months = [MonthDemand(later(short.first, p), Decimal(n)) for p, n in enumerate([900, 100])]
    core = evidence(months=None, window=short)
    assert "falling" not in cautions(Evidence(**{**_fields(core), "months": months}))


def _fields(core: Evidence) -> dict[str, object]:
    return {name: getattr(core, name) for name in Evidence.__slots__}


def test_the_price_spread_counts_where_several_suppliers_can_be_compared():
    several = spread([paid("10"), paid("11"), paid("13", supplier=BOB), paid("14", supplier=BOB)])
    single = spread([paid("1"), paid("2"), paid("9"), paid("9")])
    assessment = assess(evidence(groups=[group("a", several), group("b", single)]))
    [criterion] = [c for c in assessment.criteria if c.code == "price_spread"]
    assert (criterion.share, criterion.points) == (Decimal("0.9091"), Decimal("9.1"))
    assert criterion.text == (
        "Für denselben Artikel schwanken die Preise in der mittleren Hälfte um 27 % (4 Positionen)."
    )


def test_quartiles_are_prices_that_were_paid():
    prices = spread([paid("4", 2), paid("1", 1), paid("3", 4), paid("9", 1, supplier=BOB)])
    assert (prices.lowest, prices.quartile_1, prices.median) == (1, 3, 3)
    assert (prices.quartile_3, prices.highest) == (4, 9)
    assert (prices.lines, prices.suppliers, prices.last_month) == (8, 2, date(2025, 6, 1))


def test_prices_of_other_units_are_not_mixed():
    prices = spread([paid("50", unit="XPK"), paid("5", 2), paid("6", 2)])
    assert (prices.order_unit, prices.highest, prices.lines) == ("C62", 6, 4)
    assert spread([]) is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1))
def test_quartiles_are_those_of_every_line_by_itself(prices):
    quartiles = spread([paid(str(price), lines) for price, lines in prices])
    every = sorted(price for price, lines in prices for _ in range(lines))
    for quarter, quartile in (
        (1, quartiles.quartile_1),
        (2, quartiles.median),
        (3, quartiles.quartile_3),
    ):
        assert quartile == every[-(-len(every) * quarter // 4) - 1]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=30))
def test_effective_parts_lie_between_one_and_all(parts):
    parts_that_count = effective(map(Decimal, parts))
    assert 1 <= round(parts_that_count, 9) <= len(parts)
    assert round(effective([Decimal(7)] * len(parts)), 9) == len(parts)


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(-60, 60))
def test_months_can_be_gone_back(day, by):
    first = day.replace(day=1)
    assert later(later(first, by), -by) == first


@pytest.mark.parametrize(
    ("oldest", "first"),
    [
        (date(2019, 1, 1), date(2024, 1, 1)),
        (date(2024, 9, 1), date(2024, 9, 1)),
        (date(2025, 11, 1), date(2025, 1, 1)),
    ],
)
def test_the_window_is_two_years_or_what_there_is_but_never_less_than_one(oldest, first):
    assert Window.until(oldest, date(2025, 12, 1)) == Window(first, date(2025, 12, 1))
