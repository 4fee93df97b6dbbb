"""The compact files are what the build makes of the originals, where those are at hand."""

import lzma
from pathlib import Path

import pytest

from acceptance.dataset.build_data import build, scms_rows
from acceptance.dataset.datafiles import DATA, rows

ORIGINALS = Path(__file__).parents[4] / "shared" / "data"


@pytest.mark.skipif(
    not (ORIGINALS / "orders" / "scms").is_dir(),
    reason="originals not beside the repository; decided 2026-11-22: compact files suffice then",
)
def test_building_again_gives_the_committed_files(tmp_path):
    build(ORIGINALS, tmp_path, preset=0)  # what is packed is compared, not how tightly
    for name in ("municipalities.csv", "cpv-de.tsv", "online-retail-articles.tsv"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()
    for name in ("scms.csv.xz", "online-retail.csv.xz"):
        packed = (tmp_path / name).read_bytes()
        assert lzma.decompress(packed) == lzma.decompress((DATA / name).read_bytes())


def test_an_original_that_misses_its_controls_is_refused(tmp_path):
    columns = "ID,Line Item Quantity,Line Item Value,Pack Price"
    short = tmp_path / "short.csv"
    short.write_bytes(f"\ufeff{columns}\r1,2,6.20,3.10\r".encode())
    with pytest.raises(ValueError, match="lines: 1, expected 10324"):
        scms_rows(short)


def test_an_unknown_file_is_named():
    with pytest.raises(FileNotFoundError, match="nothing"):
        list(rows("nothing.csv"))


def test_a_row_with_a_missing_cell_is_named(tmp_path):
    ragged = tmp_path / "ragged.tsv"
    ragged.write_text("a\tb\n1\t2\n3\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"ragged.tsv, line 3"):
        list(rows(str(ragged)))
