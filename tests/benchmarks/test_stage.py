"""The benchmarks of intake and of seals run, small: no figure is judged, but all are there.

On the platform that other tests share; seal empties the file and lets it be written anew.
"""

import pytest

from benchmarks import intake, seal
from benchmarks.stage import market_of_many
from tests.front import Front
from tests.market import Market

INTAKE = {"p50_sealed", "p99_sealed", "cpu_service", "cpu_postgres", "cpu_generator"}
SEAL = {"p50_sealed", "p99_sealed", "cpu_service", "cpu_postgres", "cpu_bare"}


@pytest.fixture(scope="session")
async def market(front: Front) -> Market:
    return await market_of_many(front.platform, front.market, 6)


def judge(line: str, name: str, wanted: set[str]) -> None:
    figures = dict(part.split("=") for part in line.split(" "))
    assert figures["name"] == name
    assert wanted <= figures.keys()
    ours, theirs = float(figures["ours"]), float(figures["theirs"])
    assert ours > 0
    assert float(figures["ratio"]) == pytest.approx(ours / theirs, rel=0.01)
    assert 0 < float(figures["p50_sealed"]) <= float(figures["p99_sealed"])


async def test_intake_ends_with_its_line(front: Front, market: Market):
    rounds: list[str] = []
    line = await intake.measure(front.platform, market, intake.SIZES["small"], rounds.append)
    judge(line, "intake", INTAKE)


async def test_seal_ends_with_its_line(front: Front, market: Market):
    rounds: list[str] = []
    line = await seal.measure(front.platform, market, seal.SIZES["small"], rounds.append)
    judge(line, "seal", SEAL)
