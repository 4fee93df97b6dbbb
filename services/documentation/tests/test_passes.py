"""Checkpoints and log are audited in bounded steps, on the clock, and what differs is named."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from documentation import jobs
from documentation.domain.passes import ANEW_AFTER, Pass
from documentation.views import log_walk, standing
from documentation.views.log_walk import Seen
from marktbund import clock
from marktbund.contracts.members import PersonState
from marktbund.ids import new_id

from .ledger import CONSUMER, received

NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


class Audits:
    """The scheduled audits by another process each time, on a clock of their own."""

    def __init__(self, ledger: Any) -> None:
        self.ledger = ledger
        self.now = clock.now()

    async def checkpoints(self) -> Pass:
        await self._leases()
        key = self.ledger.key.public_key()
        await jobs.CheckpointAuditor(key, now=lambda: self.now)(self.ledger.database)
        return await self.noted("checkpoints")

    async def log(self) -> Pass:
        await self._leases()
        await jobs.LogAuditor(self.ledger.log_walk, now=lambda: self.now)(self.ledger.database)
        return await self.noted("log")

    async def noted(self, name: str) -> Pass:
        (row,) = await self.ledger.ask("SELECT * FROM audit_pass WHERE name = :name", name=name)
        return Pass(*row)

    async def _leases(self) -> None:
        await self.ledger.as_owner("UPDATE lease SET lease_until = '-infinity'")


@pytest.fixture
async def audits(ledger: Any, build: Any) -> Audits:
    """A chain of three records and the cooperative's of one, under three checkpoints."""
    town = new_id()
    for events in (build.orders(town, 2), build.persons(1), build.orders(town, 1)):
        await ledger.ingest(events)
        await ledger.settle_later()
    await ledger.topic.relay()
    return Audits(ledger)


async def test_an_untouched_file_is_walked_to_its_end(audits: Audits):
    walked = await audits.checkpoints()
    assert (walked.position, walked.findings, walked.finished_at) == (3, 0, audits.now)
    held = await audits.log()
    assert (held.position, held.findings, held.named) == (4 + 3, 0, "")
    assert held.finished_at == audits.now


async def test_the_walk_goes_on_where_it_ended_and_begins_anew_once_a_day(
    audits: Audits, build: Any
):
    await audits.checkpoints()
    begun = (await audits.noted("checkpoints")).begun_at
    await audits.ledger.as_owner(
        "UPDATE checkpoint SET signature = sha512('forged') WHERE number = 1"
    )
    assert (await audits.checkpoints()).findings == 0
    audits.now = begun + ANEW_AFTER
    walked = await audits.checkpoints()
    assert (walked.findings, walked.named) == (1, "checkpoint 1")
    audits.now += ANEW_AFTER
    assert (await audits.checkpoints()).findings == 1


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE checkpoint SET taken_over = true WHERE number = 2", "checkpoint 2"),
        ("UPDATE checkpoint_head SET head = sha256('x') WHERE number = 3", "checkpoint 3"),
        (
            "DELETE FROM checkpoint_head WHERE number = 2; DELETE FROM checkpoint WHERE number = 2",
            "checkpoint 3",
        ),
    ],
)
async def test_what_is_wrong_with_checkpoints_is_named(audits: Audits, statement: str, named: str):
    await audits.ledger.as_owner(*statement.split(";"))
    assert (await audits.checkpoints()).named == named


async def test_what_differs_from_the_log_is_named(audits: Audits):
    ledger = audits.ledger
    rows = await ledger.ask("SELECT event_id, chain_id, seq FROM record ORDER BY chain_id, seq")
    first, second = rows[0].event_id, rows[1].event_id
    await ledger.as_owner(
        f"DELETE FROM record WHERE event_id = '{first}'",
        f"""UPDATE record AS r SET leaf = sha256(p.salt || '\\x00'::bytea) FROM payload AS p
             WHERE p.chain_id = r.chain_id AND p.seq = r.seq AND r.event_id = '{second}'""",
        "UPDATE checkpoint SET root = sha256('x') WHERE number = 3",
        "UPDATE record SET event_id = gen_random_uuid() WHERE chain_id = 'cooperative'",
    )
    held = await audits.log()
    assert held.findings == 5
    assert {name.split()[0] for name in held.named.split(", ")} == {
        "missing",
        "altered",
        "checkpoint",
        "beyond",
    }
    assert f"missing {first}" in held.named
    assert f"altered {second}" in held.named
    assert "checkpoint 3" in held.named
    assert "beyond cooperative 1" in held.named


async def test_what_is_heard_and_not_filed_is_no_difference(audits: Audits):
    ledger = audits.ledger
    person = PersonState(
        version=1, person_id=new_id(), kind="person", sub="s", grants=(), active=True
    )
    ledger.log.write([received(person)])
    await ledger.as_owner(
        "INSERT INTO consumer_offset"
        " (consumer, topic, partition, next_offset, cluster_id, topic_id)"
        f" VALUES ('{CONSUMER}', '{person.topic.name}', 0, 1, 'c', 't')"
    )
    held = await audits.log()
    assert (held.findings, held.named) == (0, "")


async def test_checkpoints_that_the_topic_never_had_are_named(audits: Audits):
    del audits.ledger.topic.sent[2]
    assert (await audits.log()).named == "checkpoint beyond 2"


async def test_what_waits_to_be_sealed_or_was_parked_is_no_difference(audits: Audits, build: Any):
    ledger = audits.ledger
    late, parked = build.persons(1), build.persons(1)
    await ledger.ingest(late)
    auditor = jobs.LogAuditor(ledger.log_walk, now=lambda: audits.now)
    await auditor(ledger.database)
    held = await audits.noted("log")
    assert (held.findings, held.finished_at) == (0, None)
    await ledger.settle_later()
    ledger.log.write(parked)
    (topic,) = {record.topic.name for record in parked}
    await ledger.as_owner(
        f"UPDATE consumer_offset SET next_offset = next_offset + 1 WHERE topic = '{topic}'",
        f"""INSERT INTO dead_letter (id, consumer, topic, partition, record_offset, headers, code,
                                     cause)
            SELECT gen_random_uuid(), consumer, topic, partition, next_offset - 1, '{{}}', 'c', 'c'
              FROM consumer_offset WHERE topic = '{topic}'""",
        "UPDATE lease SET lease_until = '-infinity' WHERE task <> 'audit_log'",
    )
    await auditor(ledger.database)
    held = await audits.noted("log")
    assert (held.findings, held.finished_at) == (0, audits.now)


async def test_a_long_log_is_walked_in_steps(audits: Audits, build: Any):
    ledger = audits.ledger
    await ledger.ingest(build.persons(log_walk.AT_ONCE))
    await ledger.settle_later()
    auditor = jobs.LogAuditor(ledger.log_walk, now=lambda: audits.now)
    await auditor(ledger.database)
    held = await audits.noted("log")
    assert (held.position, held.finished_at) == (log_walk.AT_ONCE, None)
    await auditor(ledger.database)
    held = await audits.noted("log")
    assert (held.findings, held.finished_at) == (0, audits.now)


async def test_what_audits_know_is_told_to_the_scrape(audits: Audits):
    await audits.ledger.as_owner("UPDATE checkpoint SET root = sha256('x') WHERE number = 3")
    await audits.checkpoints()
    await audits.log()
    await jobs.Auditor(audits.ledger.key.public_key())(audits.ledger.database)
    async with audits.ledger.database.reading() as connection:
        metrics = await standing.gauges(connection)
    findings = {
        sample.labels["audit"]: sample.value
        for metric in metrics
        for sample in metric.samples
        if metric.name == "marktbund_audit_findings"
    }
    assert findings == {"anchor": 2, "chains": 0, "checkpoints": 1, "log": 1}


@pytest.mark.parametrize(("count", "ends"), [(0, ""), (2, "number 1"), (300, " and 218 more")])
def test_a_pass_names_what_it_can_hold_and_counts_the_rest(count: int, ends: str):
    walked = Pass("log", NOON).went_on(5, [f"number {number}" for number in range(count)])
    assert (walked.findings, walked.named.endswith(ends)) == (count, True)
    assert len(walked.named) < 1000


def test_a_pass_keeps_what_is_known_until_its_end():
    first = Pass("log", NOON).went_on(5, ["a", "b"]).ended(NOON)
    assert (first.findings, first.named) == (2, "a, b")
    assert not first.begins_anew(NOON + ANEW_AFTER - timedelta(seconds=1))
    assert first.begins_anew(NOON + ANEW_AFTER)
    second = first.anew(NOON + ANEW_AFTER)
    assert (second.position, second.findings) == (0, 2)
    assert not second.begins_anew(NOON + 3 * ANEW_AFTER)
    assert second.went_on(9, []).ended(NOON + ANEW_AFTER).findings == 0


@pytest.mark.parametrize("last", [0, 1, 7, 8, 9, 4000])
def test_numbers_not_seen_are_named(last: int):
    seen = Seen()
    for number in range(1, last + 1):
        if number not in {3, 8, 3999}:
            seen.add(number)
    assert seen.missing(last, 10) == [number for number in (3, 8, 3999) if number <= last]
    assert seen.missing(last + 2, 1)[:1] == [min(3, last + 1)]
