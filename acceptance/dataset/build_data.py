"""Makes the compact data files from the originals: run by hand with the briefing's data folder.

    python -m acceptance.dataset.build_data <folder>

The originals are read, their control figures asserted, and only the columns the demo needs kept.
"""

import csv
import gzip
import html
import io
import lzma
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from acceptance.dataset.datafiles import DATA

_KINDS = {"61": "kreisfreie Stadt", "63": "Stadt", "64": "Gemeinde"}
_UNINHABITED = "66"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CPV_ENTRY = re.compile(r'<entry key="code\|name\|cpv\.([0-9]{8})">([^<]+)</entry>')

SCMS_COLUMNS = (
    *("id", "po", "country", "vendor", "product_group", "sub_classification", "item"),
    *("quantity", "pack_price", "line_value", "scheduled_delivery", "ordered_on"),
)
_SCMS_COPIED = (
    *("ID", "PO / SO #", "Country", "Vendor", "Product Group", "Sub Classification"),
    *("Item Description", "Line Item Quantity", "Pack Price", "Line Item Value"),
)


def _expect(what: str, actual: int | Decimal, wanted: int | Decimal) -> None:
    # No assert statement: -O must not switch the controls off.
    if actual != wanted:
        raise ValueError(f"{what}: {actual}, expected {wanted}")


def _comma_text(header: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(body)
    return text.getvalue()


def _municipality_kind(row: dict[str, str], title: str) -> str:
    if title.startswith("Markt"):
        return "Marktgemeinde"
    return _KINDS[row["textkennzeichen"]]


def municipality_rows(original: Path) -> list[tuple[str, str, str, str, str]]:
    """AGS, name, kind, state key and population of every NW and HE municipality.

    Hesse's four uninhabited areas (gemeindefreie Gebiete) are no municipalities and are left out.
    """
    rows = []
    with original.open(encoding="utf-8-sig", newline="") as text:
        for row in csv.DictReader(text):
            if row["satzart"] != "60" or row["land"] not in {"05", "06"}:
                continue
            if row["textkennzeichen"] == _UNINHABITED:
                continue
            name, _, title = row["gemeindename"].partition(", ")
            ags = row["land"] + row["rb"] + row["kreis"] + row["gemeinde"]
            population = row["bevoelkerung"].replace(" ", "")
            rows.append((ags, name, _municipality_kind(row, title), row["land"], population))
    _expect("municipalities of NW", sum(row[3] == "05" for row in rows), 396)
    _expect("municipalities of HE", sum(row[3] == "06" for row in rows), 422)
    return sorted(rows)


def cpv_rows(original: Path) -> list[tuple[str, str]]:
    """Every CPV 2008 code with its German label."""
    entries = _CPV_ENTRY.findall(original.read_text(encoding="utf-8"))
    labelled = sorted((code, " ".join(html.unescape(label).split())) for code, label in entries)
    _expect("CPV codes", len({code for code, _ in labelled}), 9_454)
    return labelled


def scms_rows(original: Path) -> list[list[str]]:
    """The purchase lines in the columns of SCMS_COLUMNS, dates in ISO form, by line id."""
    text = original.read_bytes().decode("utf-8-sig").replace("\r", "\n")
    lines = list(csv.DictReader(io.StringIO(text)))
    value = sum(Decimal(line["Line Item Value"]) for line in lines)
    packs = sum(Decimal(line["Line Item Quantity"]) * Decimal(line["Pack Price"]) for line in lines)
    _expect("lines", len(lines), 10_324)
    _expect("sum of line values", value, Decimal("1627584457.29"))
    _expect("sum of quantity x pack price", packs, Decimal("1627584910.60"))
    return [_scms_row(line) for line in sorted(lines, key=lambda line: int(line["ID"]))]


def _scms_row(line: dict[str, str]) -> list[str]:
    day, month, year = line["Scheduled Delivery Date"].split("-")
    scheduled = f"20{year}-{_MONTHS.index(month) + 1:02d}-{int(day):02d}"
    ordered = _us_date(line["PO Sent to Vendor Date"]) or _us_date(
        line["PQ First Sent to Client Date"]
    )
    return [*(line[column] for column in _SCMS_COPIED), scheduled, ordered]


def _us_date(text: str) -> str:
    if not text[:1].isdigit():
        return ""
    month, day, year = text.split("/")
    return f"20{year}-{int(month):02d}-{int(day):02d}"


RETAIL_COLUMNS = (
    *("invoice", "stock_code", "quantity", "sold_on"),
    *("unit_price", "customer", "country"),
)


def retail_rows(original: Path) -> tuple[list[tuple[str, ...]], list[tuple[str, str]]]:
    """The rows in the columns of RETAIL_COLUMNS, and each stock code with its commonest name."""
    with gzip.open(original, "rt", encoding="utf-8", newline="") as text:
        lines = list(csv.DictReader(text))
    value = sum(Decimal(line["Quantity"]) * Decimal(line["UnitPrice"]) for line in lines)
    _expect("rows", len(lines), 541_909)
    _expect("sum of quantity x price", value, Decimal("9747747.934"))
    names: dict[str, Counter[str]] = {}
    for line in lines:
        names.setdefault(line["StockCode"], Counter())[" ".join(line["Description"].split())] += 1
        names[line["StockCode"]][""] = 0
    table = [
        (code, max(sorted(counted), key=counted.__getitem__)) for code, counted in names.items()
    ]
    return [_retail_row(line) for line in lines], sorted(table)


def _retail_row(line: dict[str, str]) -> tuple[str, ...]:
    copied = (line["InvoiceNo"], line["StockCode"], line["Quantity"], line["InvoiceDate"][:10])
    customer = line["CustomerID"].removesuffix(".0")
    return (*copied, line["UnitPrice"], customer, line["Country"])


def build(folder: Path, target: Path = DATA, *, preset: int = 9 | lzma.PRESET_EXTREME) -> None:
    """Writes the compact files into the target folder; `preset`: how tightly xz packs them.

    Raises ValueError when an original does not meet its control figures.
    """
    places = municipality_rows(folder / "municipalities" / "AuszugGV4QAktuell.csv")
    header = ("ags", "name", "kind", "land", "population")
    (target / "municipalities.csv").write_text(_comma_text(header, places), encoding="utf-8")
    codes = cpv_rows(folder / "cpv" / "code_de.xml")
    table = "".join(f"{code}\t{label}\n" for code, label in [("code", "label"), *codes])
    (target / "cpv-de.tsv").write_text(table, encoding="utf-8")
    lines = scms_rows(folder / "orders" / "scms" / "SCMS_Delivery_History_Dataset.csv")
    _write_packed(target / "scms.csv.xz", preset, SCMS_COLUMNS, lines)
    sold, names = retail_rows(folder / "orders" / "online-retail" / "online-retail.csv.gz")
    _write_packed(target / "online-retail.csv.xz", preset, RETAIL_COLUMNS, sold)
    table = "".join(f"{code}\t{name}\n" for code, name in [("stock_code", "name"), *names])
    (target / "online-retail-articles.tsv").write_text(table, encoding="utf-8")


def _write_packed(
    file: Path, preset: int, header: Sequence[str], body: Iterable[Sequence[str]]
) -> None:
    packed = _comma_text(header, body).encode("utf-8")
    file.write_bytes(lzma.compress(packed, preset=preset))


if __name__ == "__main__":
    build(Path(sys.argv[1]))
