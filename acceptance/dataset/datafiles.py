"""The compact data files beside this package, read row by row."""

import csv
import lzma
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file as text, keyed by its header line.

    Tab-separated when the name ends in .tsv, otherwise comma-separated; a trailing .xz is unpacked.
    Raises FileNotFoundError for an unknown name and ValueError for a row with the wrong number
    of cells.
    """
    path = DATA / name
    tabs = ".tsv" in path.suffixes
    content = path.read_bytes()
    if path.suffix == ".xz":
        content = lzma.decompress(content)
    with StringIO(content.decode("utf-8"), newline="") as text:
        # Labels may contain quotation marks; tab-separated files never quote.
        reader = csv.reader(
            text,
            delimiter="\t" if tabs else ",",
            quoting=csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL,
        )
        header = next(reader)
        for row in filter(None, reader):
            if len(row) != len(header):
                raise ValueError(f"{name}, line {reader.line_num}: wrong number of cells")
            yield dict(zip(header, row, strict=True))
