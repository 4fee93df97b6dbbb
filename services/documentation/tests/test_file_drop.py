"""The folder that takes a file a day: written once, never replaced, every failure an outcome."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from documentation.domain.anchors import AnchoredCheckpoint, AnchorOutcome
from documentation.gateways.file_drop import FileDrop

ANCHORED = AnchoredCheckpoint(date(2026, 5, 4), 7, b'{"number": 7}\n')
NAME = "pruefpunkt-2026-05-04.json"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_the_document_is_written_under_its_day_and_nothing_is_left_beside_it(tmp_path: Path):
    assert await FileDrop(tmp_path)(ANCHORED) == AnchorOutcome(delivered=True)
    assert names(tmp_path) == [NAME]
    assert (tmp_path / NAME).read_bytes() == ANCHORED.document


async def test_the_same_document_again_counts_as_delivered(tmp_path: Path):
    drop = FileDrop(tmp_path)
    await drop(ANCHORED)
    assert await drop(ANCHORED) == AnchorOutcome(delivered=True)


async def test_another_document_of_the_day_is_refused_and_the_first_stays(tmp_path: Path):
    drop = FileDrop(tmp_path)
    await drop(ANCHORED)
    other = replace(ANCHORED, number=8, document=b'{"number": 8}\n')
    assert await drop(other) == AnchorOutcome(delivered=False, reason="differs")
    assert (tmp_path / NAME).read_bytes() == ANCHORED.document


async def test_what_a_killed_process_left_half_written_is_written_anew(tmp_path: Path):
    (tmp_path / NAME).with_suffix(".part").write_bytes(b'{"num')
    assert (await FileDrop(tmp_path)(ANCHORED)).delivered
    assert (tmp_path / NAME).read_bytes() == ANCHORED.document
    assert names(tmp_path) == [NAME]


@pytest.mark.parametrize("missing", ["gone", "gone/deeper"])
async def test_a_folder_that_is_not_there_is_named(tmp_path: Path, missing: str):
    outcome = await FileDrop(tmp_path / missing)(ANCHORED)
    assert outcome == AnchorOutcome(delivered=False, reason="FileNotFoundError")


async def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path):
    (tmp_path / "taken").write_text("x")
    outcome = await FileDrop(tmp_path / "taken")(ANCHORED)
    assert (outcome.delivered, outcome.reason) == (False, "NotADirectoryError")


async def test_days_do_not_stand_in_each_others_way(tmp_path: Path):
    drop = FileDrop(tmp_path)
    next_day = replace(ANCHORED, day=date(2026, 5, 5), number=9, document=b"{}\n")
    assert (await drop(ANCHORED)).delivered
    assert (await drop(next_day)).delivered
    assert names(tmp_path) == [NAME, "pruefpunkt-2026-05-05.json"]
