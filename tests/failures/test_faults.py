"""Orders flow while everything is killed, stopped, restarted, doubled, poisoned and restored."""

import os

import pytest

from tests.failures import campaign, report
from tests.failures.invariants import violations
from tests.market import Market
from tests.running import Platform

SEED = int(os.environ.get("MARKTBUND_SEED", "20261122"))


async def test_no_fault_breaks_a_promise(
    platform: Platform, market: Market, capsys: pytest.CaptureFixture[str]
):
    outcome = await campaign.run(platform, market, campaign.SMALL, SEED, say=print)
    with capsys.disabled():
        print("\n" + "\n".join(report.lines(outcome)))
    assert {name: broken for name, broken in violations(outcome.evidence).items() if broken} == {}
    assert report.shortfalls(outcome) == []
