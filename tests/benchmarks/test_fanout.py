"""The fan-out benchmark runs, small: no figure is judged, but all are there and all arrive."""

import pytest

from benchmarks import fanout
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.engines.selection import PostgresServer


@pytest.fixture
def database(postgres: PostgresServer) -> ServiceDatabase:
    """Made outside the event loop."""
    return fanout.database_on(postgres)


async def test_it_ends_with_its_line(database: ServiceDatabase):
    rounds: list[str] = []
    line = await fanout.measure(database.app_url, fanout.SIZES["small"], rounds.append)
    figures = dict(figure.split("=") for figure in line.split(" "))
    assert (figures["name"], figures["against"]) == ("healthy_p99", "all-well")
    ours, theirs = float(figures["ours"]), float(figures["theirs"])
    assert float(figures["ratio"]) == pytest.approx(ours / theirs, rel=0.01)
    assert 0 < float(figures["p50_sick"]) <= ours
    assert 0 < float(figures["p50_well"]) <= theirs
    assert len(rounds) == 1


def test_of_twenty_suppliers_one_is_dead_and_two_are_slow():
    manners = [fanout.manner(number) for number in range(200)]
    assert [manners.count(kind) for kind in ("silent", "refused", "slow", "fine")] == [
        5,
        5,
        20,
        170,
    ]
