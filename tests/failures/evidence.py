"""Everything the invariants are held against: the log, the databases, the clients' own notes."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from documentation import jobs
from documentation.domain.verifier import RESTORED
from marktbund.unit_of_work import Database, create_engine
from tests.failures.broker import LogRecord, end_offsets, read_log
from tests.failures.load import Log
from tests.failures.poison import Poison
from tests.failures.processes import CONSUMERS
from tests.failures.watch import Watch
from tests.running import Platform

_TALLIES = """
    SELECT topic, sum(applied)::bigint AS applied, sum(duplicates)::bigint AS duplicates,
           sum(parked)::bigint AS parked, sum(discarded)::bigint AS discarded,
           sum(skipped)::bigint AS skipped
      FROM consumer_offset GROUP BY topic
"""
_SHARES = """
    SELECT s.supplier_order_id::text AS share, s.status, sum(l.ordered_net) AS ordered,
           sum(l.accepted_net) AS accepted
      FROM supplier_order s JOIN supplier_order_line l USING (supplier_order_id) GROUP BY 1, 2
"""
_LINES = """
    SELECT supplier_order_id::text AS share, sum(ordered_net) AS ordered,
           sum(accepted_net) AS accepted FROM order_line GROUP BY 1
"""
_CELLS = "SELECT sum(ordered_net) AS ordered, sum(accepted_net) AS accepted FROM {}"
_DELIVERIES = "SELECT supplier_order_id::text AS share FROM delivery"
_RESPONSES = """
    SELECT supplier_order_id::text AS share, response_version AS answers FROM supplier_order
"""
# What documentation declares after a restore, nobody announced.
_FILED = f"SELECT event_id::text FROM record WHERE type <> '{RESTORED}'"
_DECLARED = 3
"""The verifier's answer for declared breaks and nothing else."""
_GAPS = "SELECT topic, key, expected, got FROM version_gap"
_LETTERS = """
    SELECT topic, key, code FROM dead_letter
     WHERE status = 'parked' ORDER BY topic, partition, record_offset
"""


class Sums(NamedTuple):
    """Net EUR."""

    ordered: Decimal
    accepted: Decimal


class Tally(NamedTuple):
    """What became of the records of a topic at one consumer, and how many there are."""

    applied: int
    duplicates: int
    parked: int
    discarded: int
    in_log: int
    skipped: int = 0

    @property
    def counted(self) -> int:
        moved = self.applied + self.duplicates + self.parked + self.discarded
        return moved + self.skipped


class Letter(NamedTuple):
    """A parked record of one consumer; `topic` without prefix."""

    consumer: str
    topic: str
    key: bytes
    code: str


@dataclass
class Evidence:
    """Supplier orders are `shares`, by id; amounts are net EUR."""

    log: Log
    poison: Poison
    watch: Watch
    seconds_to_rest: float
    records: list[LogRecord] = field(default_factory=list)
    orders: dict[str, Decimal] = field(default_factory=dict)
    shares: dict[str, tuple[str, Sums]] = field(default_factory=dict)
    deliveries: Counter[str] = field(default_factory=Counter)
    answers: dict[str, int] = field(default_factory=dict)
    lines: dict[str, Sums] = field(default_factory=dict)
    cells: dict[str, Sums] = field(default_factory=dict)
    filed: list[str] = field(default_factory=list)
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    verified: str = ""
    """Empty: every chain and checkpoint verifies; else what the verifier said."""


async def collect(platform: Platform, evidence: Evidence) -> Evidence:
    """Fill the evidence from a platform at rest."""
    prefix = platform.deployment.prefix
    evidence.records = await read_log(platform.engines.kafka.admin, prefix)
    await _of_orders(platform, evidence)
    await _of_planning(platform, evidence)
    await _of_consumers(platform, evidence, prefix)
    rows = await platform.rows("documentation", _FILED)
    evidence.filed = [row["event_id"] for row in rows]
    evidence.verified = await _verified(platform)
    return evidence


async def _verified(platform: Platform) -> str:
    # What `documentation.main verify` does, without a process of its own each time.
    key = platform.places.of(platform.deployment) / "signing-key.pub.pem"
    public = load_pem_public_key(key.read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    name = f"{platform.deployment.prefix}documentation"
    url = platform.engines.postgres.url(name, driver="postgresql+asyncpg")
    engine, output = create_engine(url, application="evidence"), StringIO()
    try:
        code = await jobs.verify(Database(engine, "documentation"), public, output)
    finally:
        await engine.dispose()
    return "" if code in {0, _DECLARED} else output.getvalue()[-1000:] or "no word"


async def _of_orders(platform: Platform, evidence: Evidence) -> None:
    rows = await platform.rows("orders", "SELECT order_id::text, net_total FROM spot_order")
    evidence.orders = {row["order_id"]: row["net_total"] for row in rows}
    for row in await platform.rows("orders", _SHARES):
        evidence.shares[row["share"]] = row["status"], Sums(row["ordered"], row["accepted"])
    rows = await platform.rows("supplier-gateway", _DELIVERIES)
    evidence.deliveries = Counter(row["share"] for row in rows)
    rows = await platform.rows("supplier-gateway", _RESPONSES)
    evidence.answers = {row["share"]: row["answers"] for row in rows}


async def _of_planning(platform: Platform, evidence: Evidence) -> None:
    for row in await platform.rows("tender-planning", _LINES):
        evidence.lines[row["share"]] = Sums(row["ordered"], row["accepted"])
    for table in ("demand", "group_demand"):
        row = (await platform.rows("tender-planning", _CELLS.format(table)))[0]
        evidence.cells[table] = Sums(row["ordered"] or Decimal(0), row["accepted"] or Decimal(0))


async def _of_consumers(platform: Platform, evidence: Evidence, prefix: str) -> None:
    for consumer in CONSUMERS:
        rows = await platform.rows(consumer, _TALLIES)
        topics = {row["topic"]: row for row in rows if ".events." in row["topic"]}
        ends = await end_offsets(platform.engines.kafka.admin, topics)
        for topic, row in topics.items():
            of_topic = consumer, topic.removeprefix(prefix)
            tally = (row["applied"], row["duplicates"], row["parked"], row["discarded"])
            evidence.tallies[of_topic] = Tally(*tally, ends[topic], row["skipped"])
        for row in await platform.rows(consumer, _GAPS):
            gap = f"{row['topic']} {row['key']}: {row['got']} after {row['expected'] - 1}"
            evidence.gaps.append(f"{consumer} {gap}")
        for row in await platform.rows(consumer, _LETTERS):
            topic = row["topic"].removeprefix(prefix)
            evidence.letters.append(Letter(consumer, topic, row["key"], row["code"]))
