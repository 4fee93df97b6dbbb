"""The seal of an order's file: its own records at once, its chain as far as the audit has come."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from documentation import jobs
from documentation.views import seals
from marktbund import clock
from marktbund.contracts.http.documentation import SealAnswer
from marktbund.errors import NotFound
from marktbund.ids import new_id

BEFORE = "UPDATE payload SET payload = set_byte(payload, 9, 0) {at} AND seq = 17"
OWN = {
    "a flipped byte": (
        "UPDATE payload SET payload = set_byte(payload, 9, 0) {at} AND seq = 101",
        [("payload_mismatch", 101)],
    ),
    "another type": (
        "UPDATE record SET type = 'other' {at} AND seq = 102",
        [("hash_mismatch", 102)],
    ),
    "the record before": (
        "DELETE FROM record {at} AND seq = 100",
        [("missing_record", 100)],
    ),
}


class Town:
    """A chain of 300 records, of which 101 and 102 are of the order looked at."""

    def __init__(self, ledger: Any) -> None:
        self.ledger = ledger
        self.chain = new_id()
        self.order = new_id()

    async def forge(self, statement: str) -> None:
        at = f"WHERE chain_id = '{self.chain}'"
        await self.ledger.as_owner(statement.replace("{at}", at))

    async def seal(self, **how: Any) -> SealAnswer:
        key = self.ledger.key.public_key()
        return await seals.of_order(self.ledger.database, key, self.order, self.chain, **how)

    async def audit(self, *, later: timedelta = timedelta(0)) -> None:
        await self.ledger.as_owner("UPDATE lease SET lease_until = '-infinity'")
        key = self.ledger.key.public_key()
        await jobs.Auditor(key, now=lambda: clock.now() + later)(self.ledger.database)


@pytest.fixture
async def town(ledger: Any, build: Any) -> Town:
    made = Town(ledger)
    events = build.orders(made.chain, 300)
    made.order = events[100].event.order_id
    await ledger.ingest(events)
    await ledger.settle()
    return made


def codes(answer: SealAnswer) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.seq) for finding in answer.findings]


async def test_an_untouched_file_is_unchanged_before_and_after_the_audit(town: Town):
    first = await town.seal()
    await town.audit()
    second = await town.seal()
    for answer in (first, second):
        assert (answer.state, answer.verdict) == ("unchanged", "Akte unverändert")
        assert (answer.records, answer.audited, answer.findings) == (2, 300, [])
    assert second.begun_at == second.audited_at


@pytest.mark.parametrize("forgery", OWN)
async def test_what_was_done_to_its_own_records_is_found_at_once(town: Town, forgery: str):
    await town.audit()
    statement, expected = OWN[forgery]
    await town.forge(statement)
    answer = await town.seal()
    assert (answer.state, codes(answer)) == ("altered", expected)


async def test_what_was_done_elsewhere_is_found_by_the_next_walk_from_the_beginning(
    town: Town, build: Any
):
    await town.audit()
    await town.forge(BEFORE)
    await town.ledger.ingest(build.orders(town.chain, 2))
    await town.ledger.settle_later()
    await town.audit()
    went_on = await town.seal()
    assert (went_on.state, went_on.audited) == ("unchanged", 302)
    assert went_on.begun_at < went_on.audited_at
    await town.audit(later=jobs.ANEW_AFTER)
    answer = await town.seal()
    assert (answer.state, answer.findings, answer.audit_findings) == ("altered", [], 1)


async def test_a_shorter_chain_is_walked_from_its_beginning(town: Town):
    await town.audit()
    last = f"SELECT hash FROM record WHERE chain_id = '{town.chain}' AND seq = 290"
    for statement in (
        "DELETE FROM record {at} AND seq > 290",
        "DELETE FROM payload {at} AND seq > 290",
        f"UPDATE chain SET head_seq = 290, head_hash = ({last}) {{at}}",
    ):
        await town.forge(statement)
    await town.audit()
    assert (await town.seal()).state == "altered"


async def test_a_false_checkpoint_is_no_seal(town: Town):
    await town.ledger.as_owner(
        "UPDATE checkpoint SET signature = set_byte(signature, 0, 255 - get_byte(signature, 0))"
    )
    assert codes(await town.seal()) == [("signature_invalid", None)]


async def test_a_long_chain_waits_for_the_audit(town: Town):
    before = await town.seal(most=299)
    assert (before.state, before.audited) == ("pending", None)
    await town.audit()
    answer = await town.seal(most=299)
    assert (answer.state, answer.audited) == ("unchanged", 300)


async def test_a_chain_is_audited_when_it_has_grown_and_once_a_day(town: Town, build: Any):
    await town.audit()
    rows = "SELECT audited_at FROM chain_audit"
    first = await town.ledger.ask(rows)
    await town.audit()
    assert await town.ledger.ask(rows) == first
    await town.audit(later=jobs.ANEW_AFTER)
    assert await town.ledger.ask(rows) != first


async def test_another_members_order_is_unknown(town: Town):
    key = town.ledger.key.public_key()
    for order, tenant in ((town.order, new_id()), (new_id(), town.chain)):
        with pytest.raises(NotFound, match="order_file_unknown"):
            await seals.of_order(town.ledger.database, key, UUID(str(order)), tenant)
