"""Every sheet row by row: German headings, German numbers, words for codes, nothing that runs."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from marktbund.contracts.http.tender_planning import (
    CellAnswer,
    HeatCellAnswer,
    MonthAnswer,
    MovedAnswer,
    OrderLineAnswer,
    ParetoAnswer,
    PriceAnswer,
    ProposalAnswer,
)
from tender_planning.domain.wording import STANDS
from tender_planning.views import sheets
from tender_planning.views.spreadsheet import amount, plain, sheet

ID = UUID("0198f0a2-0000-7000-8000-000000000001")
MARCH = date(2026, 3, 1)
AMOUNTS = {
    "ordered_net": Decimal("1234.50"),
    "accepted_net": Decimal("1000.00"),
    "refused_net": Decimal("200.00"),
    "cancelled_net": Decimal("0.00"),
    "reduced_net": Decimal("34.50"),
    "open_net": Decimal("0.00"),
}
CELL = CellAnswer(
    cell="x",
    cpv_class="30190000",
    member_id=ID,
    member_name="Stadt Muster",
    month=MARCH,
    orders=2,
    lines=3,
    demand_net=Decimal("1000.00"),
    **AMOUNTS,
)
LINE = OrderLineAnswer(
    line="x",
    supplier_order_id=ID,
    line_no=7,
    order_id=ID,
    member_id=ID,
    member_name="Stadt Muster",
    supplier_id=ID,
    supplier_name="Kontor",
    article_id=ID,
    cpv="30197630",
    comparable_group="mfr:a|1",
    name="Papier A4",
    quantity=Decimal("2.500"),
    order_unit="RM",
    unit_price_net=Decimal("493.8000"),
    month=MARCH,
    outcome="changed",
    **AMOUNTS,
)
PROPOSAL = ProposalAnswer(
    proposal_id=ID,
    rank=1,
    cpv_class="30190000",
    title="Kernsortiment 30190000: Papier",
    status="rejected",
    score=Decimal("61.5"),
    groups=2,
    members=8,
    suppliers=3,
    months=9,
    months_total=24,
    lines=40,
    demand_net=Decimal("72000.00"),
    first_month=date(2024, 1, 1),
    last_month=date(2025, 12, 1),
    reason="8 Mitglieder kaufen dasselbe.",
    returned="",
    decision=None,
    tender_id=None,
    assessed_at=datetime(2026, 1, 1, tzinfo=UTC),
    criteria=(),
    cautions=(),
)


def rows(columns: Any, row: Any) -> dict[str, str]:
    lines = sheet(columns, [row]).decode("utf-8-sig").split("\r\n")
    assert lines[2:] == [""]
    return dict(zip(lines[0].split(";"), lines[1].split(";"), strict=True))


def test_a_cell_is_a_row():
    assert rows(sheets.CELLS, CELL) == {
        "CPV-Klasse": "30190000",
        "Mitglied": "Stadt Muster",
        "Mitgliedskennung": str(ID),
        "Monat": "2026-03",
        "Bestellungen": "2",
        "Positionen": "3",
        "Bestellt netto EUR": "1234,50",
        "Angenommen netto EUR": "1000,00",
        "Abgelehnt netto EUR": "200,00",
        "Storniert netto EUR": "0,00",
        "Gekürzt netto EUR": "34,50",
        "Offen netto EUR": "0,00",
        "Bedarf netto EUR": "1000,00",
    }


def test_an_order_line_is_a_row_with_its_stand_in_words():
    row = rows(sheets.ORDER_LINES, LINE)
    assert (row["Position"], row["Menge"], row["Bestelleinheit"]) == ("7", "2,500", "RM")
    assert (row["Preis je Einheit netto EUR"], row["Stand"]) == ("493,8000", "geändert")
    assert (row["Mitglied"], row["Lieferant"]) == ("Stadt Muster", "Kontor")
    assert row["Vergleichsgruppe"] == "mfr:a|1"
    assert row["Gekürzt netto EUR"] == "34,50"


def test_a_proposal_is_a_row_with_its_stand_in_words():
    row = rows(sheets.PROPOSALS, PROPOSAL)
    assert (row["Rang"], row["Stand"], row["Punkte"]) == ("1", "abgelehnt", "61,5")
    assert (row["Von"], row["Bis"], row["Bedarf netto EUR"]) == ("2024-01", "2025-12", "72000,00")
    assert (row["Artikel"], row["Mitglieder"], row["Monate mit Bedarf"]) == ("2", "8", "9")
    assert row["Begründung"] == "8 Mitglieder kaufen dasselbe."


@pytest.mark.parametrize(
    ("columns", "row", "written"),
    [
        (
            sheets.HEAT_MAP,
            HeatCellAnswer(
                member_id=ID, member_name="", cpv_class="30190000", demand_net=Decimal("0.10")
            ),
            ["", str(ID), "30190000", "0,10"],
        ),
        (
            sheets.PARETO,
            ParetoAnswer(
                rank=2,
                key="gtin:1",
                name="Papier",
                demand_net=Decimal(7),
                share=Decimal("0.2500"),
                running_share=Decimal("0.7500"),
            ),
            ["2", "gtin:1", "Papier", "7,00", "0,2500", "0,7500"],
        ),
        (
            sheets.MONTHS,
            MonthAnswer(
                month=MARCH,
                demand_net=Decimal(3),
                free_net=Decimal(1),
                called_off_net=Decimal(2),
                orders=1,
                lines=2,
            ),
            ["2026-03", "3,00", "1,00", "2,00", "1", "2"],
        ),
        (
            sheets.MOVED,
            MovedAnswer(
                month=MARCH,
                called_off_net=Decimal(1),
                elsewhere_net=Decimal(2),
                free_net=Decimal(3),
                members_calling_off=4,
                members_buying_freely=5,
            ),
            ["2026-03", "1,00", "2,00", "3,00", "4", "5"],
        ),
        (
            sheets.PRICES,
            PriceAnswer(
                supplier_id=None,
                supplier_name="",
                order_unit="RM",
                lowest=Decimal("1.0000"),
                quartile_1=Decimal("1.5000"),
                median=Decimal("2.0000"),
                quartile_3=Decimal("2.5000"),
                highest=Decimal("3.0000"),
                lines=5,
                suppliers=3,
                last_month=MARCH,
            ),
            ["", "", "RM", "1,0000", "1,5000", "2,0000", "2,5000", "3,0000", "5", "2026-03"],
        ),
    ],
    ids=["heat map", "pareto", "months", "moved", "prices"],
)
def test_the_other_sheets_keep_the_order_of_their_headings(
    columns: Any, row: Any, written: list[str]
):
    assert list(rows(columns, row).values()) == written


@pytest.mark.parametrize("name", ["=1+1", "+49", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_name_of_others_is_a_formula(name: str):
    assert plain(name).startswith("'")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0, "0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.0001"), "0,0001"),
        (date(2026, 12, 31), "2026-12"),
        (ID, str(ID)),
        ("Büro & Co", "Büro & Co"),
    ],
)
def test_values_are_written_plainly(value: Any, written: str):
    assert plain(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [("12.5", "12,50"), ("0", "0,00"), ("1234567.891", "1234567,89"), ("-3", "-3,00")],
)
def test_amounts_have_two_decimals_and_no_dots(value: str, written: str):
    assert amount(Decimal(value)) == written


def test_a_semicolon_and_a_quote_stay_inside_their_cell():
    named = LINE.model_copy(update={"name": 'Papier; "weiß"'})
    text = sheet(sheets.ORDER_LINES, [named]).decode("utf-8-sig")
    assert '"Papier; ""weiß"""' in text


def test_an_empty_sheet_has_its_headings():
    assert sheet(sheets.MONTHS, []).decode("utf-8-sig").startswith("Monat;Bedarf netto EUR;")


@pytest.mark.parametrize("code", sorted(STANDS))
def test_every_stand_has_its_german_word(code: str):
    assert sheets.stood(code) == STANDS[code] != code


def test_a_code_of_a_later_release_is_shown_as_it_is():
    assert sheets.stood("parked") == "parked"
