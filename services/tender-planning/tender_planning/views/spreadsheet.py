"""Rows as a CSV that German spreadsheet programs open as it is: semicolons, comma, BOM."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marktbund.spreadsheets import disarmed


def amount(value: Decimal) -> str:
    """A net amount with two decimals: 12.5 -> `12,50`."""
    return f"{value:.2f}".replace(".", ",")


def plain(value: Any) -> str:
    """Anything else: decimals as they are with a comma, months as `2026-03`, null as nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return disarmed(str(value))


Columns = Mapping[str, tuple[str, Callable[[Any], str]]]
"""Heading -> attribute of a row, and how it is written."""


def sheet(columns: Columns, rows: Iterable[Any]) -> bytes:
    """The CSV file, UTF-8 with BOM, lines ended by CRLF."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([write(getattr(row, name)) for name, write in columns.values()])
    return written.getvalue().encode("utf-8-sig")
