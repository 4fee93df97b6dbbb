"""Both benchmarks run, small, on one stage: no figure is judged, but all are there."""

from collections.abc import Iterator

import pytest

from benchmarks import intake, seal
from benchmarks.stage import market_of_many, stage
from tests.running import Platform

INTAKE = {"p50_sealed", "p99_sealed", "cpu_service", "cpu_postgres", "cpu_generator"}
SEAL = {"p50_sealed", "p99_sealed", "cpu_service", "cpu_postgres", "cpu_bare"}


@pytest.fixture
def benchmarked() -> Iterator[Platform]:
    """Started and stopped outside the event loop."""
    with stage("benchmarked") as platform:
        yield platform


def _figures(line: str) -> dict[str, str]:
    return dict(each.split("=") for each in line.split(" "))


async def test_both_end_with_their_line(benchmarked: Platform):
    async with benchmarked.http:
        market = await market_of_many(benchmarked, 6)
        rounds: list[str] = []
        lines = [
            await intake.measure(benchmarked, market, intake.SIZES["small"], rounds.append),
            await seal.measure(benchmarked, market, seal.SIZES["small"], rounds.append),
        ]
    for line, name, wanted in zip(lines, ("intake", "seal"), (INTAKE, SEAL), strict=True):
        figures = _figures(line)
        assert figures["name"] == name
        assert wanted <= figures.keys()
        ours, theirs = float(figures["ours"]), float(figures["theirs"])
        assert ours > 0
        assert float(figures["ratio"]) == pytest.approx(ours / theirs, rel=0.01)
        assert 0 < float(figures["p50_sealed"]) <= float(figures["p99_sealed"])
