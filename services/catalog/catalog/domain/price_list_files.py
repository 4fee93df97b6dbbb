"""A price list file: bytes in, offers out, or every bad row named. Check and real run alike."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.domain.cells import OPTIONAL, READERS, CellError
from catalog.domain.offers import Offer
from catalog.domain.quantities import bound_fault
from marktbund.errors import Invalid
from marktbund.jsons import Json

MAX_ROWS = 200_000
MAX_FAULTS_NAMED = 1_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken over. Row 1 is the header, as a spreadsheet counts.

    column is empty where the whole row is meant.
    """

    row: int
    column: str
    code: str
    sentence: str


class _StopError(Exception):
    """Nothing behind this fault can be read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def read(content: bytes, *, max_rows: int = MAX_ROWS) -> list[Offer]:
    """All offers of a price list, UTF-8 CSV with a comma and the columns of READERS.

    Raises Invalid (`price_list_invalid`) naming every bad row, the first 1,000 in full.
    """
    reading = _Reading(max_rows)
    try:
        reading.take(_rows(content))
    except _StopError as stop:
        reading.refuse(stop.fault)
    if reading.faults:
        raise _refusal(reading.faults, reading.faults_total)
    return reading.offers


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        sentence = "Die Datei ist nicht in UTF-8 gespeichert."
        raise _StopError(Fault(row, "", "not_utf8", sentence)) from None
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            if cells:
                yield number, cells
    except csv.Error:
        sentence = "Ab hier ist die Datei nicht lesbar; meist fehlt ein Anführungszeichen."
        raise _StopError(Fault(number + 1, "", "unreadable", sentence)) from None


class _Reading:
    """Offers and faults so far; faults beyond MAX_FAULTS_NAMED are only counted."""

    def __init__(self, max_rows: int) -> None:
        self._max_rows = max_rows
        self.offers: list[Offer] = []
        self.faults: list[Fault] = []
        self.faults_total = 0
        self._columns: list[str] = []
        self._seen: dict[str, int] = {}

    def take(self, rows: Iterator[tuple[int, list[str]]]) -> None:
        """Read header and rows. Raises _StopError where reading on makes no sense."""
        self._columns = _header(next(rows, (1, []))[1])
        taken = 0
        for number, cells in rows:
            taken += 1
            if taken > self._max_rows:
                sentence = f"Eine Preisliste hat höchstens {self._max_rows} Artikel."
                raise _StopError(Fault(number, "", "too_many_rows", sentence))
            self._row(number, cells)
        if not taken:
            sentence = "Die Preisliste enthält keinen Artikel."
            raise _StopError(Fault(2, "", "no_rows", sentence))

    def refuse(self, fault: Fault) -> None:
        """Note a fault."""
        self.faults_total += 1
        if len(self.faults) < MAX_FAULTS_NAMED:
            self.faults.append(fault)

    def _row(self, number: int, cells: Sequence[str]) -> None:
        if len(cells) != len(self._columns):
            sentence = f"{len(self._columns)} Spalten erwartet, {len(cells)} gefunden."
            self.refuse(Fault(number, "", "column_count", sentence))
            return
        values: dict[str, Any] = {}
        for column, cell in zip(self._columns, cells, strict=True):
            try:
                values[column] = READERS[column](cell)
            except CellError as error:
                self.refuse(Fault(number, column, error.code, error.sentence))
        self._unique(number, values.get("article_number"))
        if len(values) == len(self._columns):
            del values["currency"]
            self._offer(number, Offer(**values))

    def _offer(self, number: int, offer: Offer) -> None:
        fault = bound_fault(offer.order_unit, offer.minimum_quantity, offer.quantity_interval)
        if fault is None:
            self.offers.append(offer)
        else:
            self.refuse(Fault(number, fault.column, fault.code, fault.sentence))

    def _unique(self, number: int, article_number: str | None) -> None:
        if article_number is None:
            return
        first = self._seen.setdefault(article_number, number)
        if first != number:
            sentence = f"Diese Artikelnummer steht schon in Zeile {first}."
            self.refuse(Fault(number, "article_number", "number_repeated", sentence))


def _header(cells: Sequence[str]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    for column in columns:
        if column not in READERS:
            sentence = "Diese Spalte ist nicht vorgesehen; Trennzeichen ist das Komma."
            raise _StopError(Fault(1, column[:60], "column_unknown", sentence))
    for column in READERS:
        if columns.count(column) != 1 and not (column in OPTIONAL and column not in columns):
            sentence = "Diese Spalte muss es genau einmal geben."
            raise _StopError(Fault(1, column, "column_missing", sentence))
    return columns


def _refusal(faults: Sequence[Fault], total: int) -> Invalid:
    named: list[Json] = [
        {"row": fault.row, "column": fault.column, "code": fault.code, "detail": fault.sentence}
        for fault in faults
    ]
    return Invalid(
        "price_list_invalid",
        "Die Preisliste enthält Fehler",
        f"{total} Fehler gefunden; es wurde nichts übernommen.",
        field="body",
        way_out="Bitte die genannten Zeilen berichtigen und die ganze Liste noch einmal senden.",
        extra={"rows": named, "rows_total": total},
    )
