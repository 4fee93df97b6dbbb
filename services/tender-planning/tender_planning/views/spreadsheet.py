"""Rows as a CSV that German spreadsheet programs open as it is: semicolons, comma, BOM."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from marktbund.spreadsheets import disarmed

SheetRow = TypeVar("SheetRow")
Columns = Mapping[str, Callable[[SheetRow], str]]
"""Heading -> how a row is written under it."""


def amount(value: Decimal) -> str:
    """A net amount with two decimals: 12.5 -> `12,50`."""
    return f"{value:.2f}".replace(".", ",")


def plain(value: str | int | Decimal | date | UUID | None) -> str:
    """Anything else: decimals as they are with a comma, months as `2026-03`, null as nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return disarmed(str(value))


def sheet(columns: Columns[SheetRow], rows: Iterable[SheetRow]) -> bytes:
    """The CSV file, UTF-8 with BOM, lines ended by CRLF."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([write(row) for write in columns.values()])
    return written.getvalue().encode("utf-8-sig")
