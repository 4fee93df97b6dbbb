"""Cells as a CSV that German spreadsheet programs open as it is: semicolons, comma, BOM."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from tender_planning.views.demand import CellAnswer

_HEADINGS = (
    "CPV-Klasse",
    "Mitglied",
    "Mitgliedskennung",
    "Monat",
    "Bestellungen",
    "Positionen",
    "Bestellt netto EUR",
    "Angenommen netto EUR",
    "Abgelehnt netto EUR",
    "Storniert netto EUR",
    "Gekürzt netto EUR",
    "Offen netto EUR",
    "Bedarf netto EUR",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _amount(value: Decimal) -> str:
    return f"{value:.2f}".replace(".", ",")


def _text(value: str) -> str:
    # A name that begins like a formula would be run by the reader's spreadsheet.
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def sheet(cells: Iterable[CellAnswer]) -> bytes:
    """The CSV file, UTF-8 with BOM, lines ended by CRLF."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";")
    writer.writerow(_HEADINGS)
    for cell in cells:
        amounts = (
            cell.ordered_net,
            cell.accepted_net,
            cell.refused_net,
            cell.cancelled_net,
            cell.reduced_net,
            cell.open_net,
            cell.demand_net,
        )
        writer.writerow(
            (
                cell.cpv_class,
                _text(cell.member_name),
                cell.member_id,
                f"{cell.month:%Y-%m}",
                cell.orders,
                cell.lines,
                *(_amount(amount) for amount in amounts),
            )
        )
    return written.getvalue().encode("utf-8-sig")
