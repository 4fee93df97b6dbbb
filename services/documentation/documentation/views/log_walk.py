"""The file held against the log in bounded steps, as an app role that can make no table.

What was seen is a bit per record: 6 MB for 50 million. A process that ends begins anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from documentation.domain.records import leaf_hash
from documentation.store import log_places
from documentation.store.log_places import FiledEvent
from marktbund.contracts.base import Topic
from marktbund.contracts.documentation import CHECKPOINT_EVENTS, CheckpointSigned
from marktbund.envelope import Received
from marktbund.published import LogPartition
from marktbund.unit_of_work import Database

AT_ONCE = 10_000
"""Records of the log per step."""
_MOST_NAMED = 1000
_FULL = 0xFF


class EventLog(Protocol):
    """Whoever reads the log, as `marktbund.ahead.Log` does."""

    async def ends(self, topics: Sequence[Topic]) -> Mapping[LogPartition, int]:
        """Where the partitions of topics end."""

    async def read(self, stretches: Mapping[LogPartition, tuple[int, int]]) -> list[Received]:
        """The records of stretches."""


class Seen:
    """A set of numbers from 1 on, a bit each."""

    def __init__(self) -> None:
        self._bits = bytearray(b"\x01")

    def add(self, number: int) -> None:
        """Note a number."""
        byte, bit = divmod(number, 8)
        if byte >= len(self._bits):
            self._bits.extend(bytes(byte + 1 + len(self._bits) // 4 - len(self._bits)))
        self._bits[byte] |= 1 << bit

    def missing(self, last: int, most: int) -> list[int]:
        """Numbers up to `last` that were not noted, the first `most`."""
        gaps: list[int] = []
        bits = self._bits + bytes(max(last // 8 + 1 - len(self._bits), 0))
        for index, byte in enumerate(bits):
            if byte != _FULL:
                numbers = range(index * 8, index * 8 + 8)
                gaps += [n for n in numbers if n <= last and not byte >> n % 8 & 1]
            if len(gaps) >= most:
                break
        return gaps[:most]


class LogWalk:
    """One pass from the first record of the log to where the file stands.

    topics: those whose events are filed; people's states are heard, too, and are not.
    """

    def __init__(self, log: EventLog, consumer: str, prefix: str, topics: Iterable[Topic]) -> None:
        self._topics = {topic.name for topic in topics}
        self._log = log
        self._consumer = consumer
        self._prefix = prefix
        self._at: dict[LogPartition, int] = {}
        self._floor: Mapping[str, int] = {}
        self._seen: dict[str, Seen] = {}
        self._numbers = Seen()
        self._last_number = 0
        self._unsealed: dict[UUID, Received] = {}
        self.records = 0
        self.begun = False

    async def step(self, database: Database) -> tuple[list[str], bool]:
        """Go on; what differs by name, and whether the walk has come to where the file stands.

        Raises what Kafka and PostgreSQL raise; the step is repeated then.
        """
        async with database.reading() as connection:
            if not self.begun:
                self._floor = await log_places.heads(connection)
            heard = await log_places.heard(connection, self._consumer, self._prefix)
        heard = {partition: end for partition, end in heard.items() if partition[0] in self._topics}
        ends = heard | dict(await self._log.ends([CHECKPOINT_EVENTS]))
        stretches = self._stretches(ends)
        records = await self._log.read(stretches) if stretches else []
        events = [record for record in records if record.topic != CHECKPOINT_EVENTS]
        named = await self._events(database, events)
        named += await self._checkpoints(
            database, [record for record in records if record.topic == CHECKPOINT_EVENTS]
        )
        self.begun = True
        self._at |= {partition: end for partition, (_, end) in stretches.items()}
        self.records += len(records)
        behind = any(self._at.get(partition, 0) < end for partition, end in ends.items())
        return named, not behind and not self._unsealed

    def _stretches(self, ends: Mapping[LogPartition, int]) -> dict[LogPartition, tuple[int, int]]:
        left, stretches = AT_ONCE, {}
        for partition, end in sorted(ends.items()):
            begin = self._at.get(partition, 0)
            if begin < end and left > 0:
                stretches[partition] = (begin, min(end, begin + left))
                left -= stretches[partition][1] - begin
        return stretches

    async def _events(self, database: Database, records: Sequence[Received]) -> list[str]:
        asked = self._unsealed | {record.event_id: record for record in records}
        if not asked:
            return []
        async with database.reading() as connection:
            filed = await log_places.filed(connection, asked)
            lost = [record for event_id, record in asked.items() if event_id not in filed]
            places = {_position(record) for record in lost}
            known = await log_places.parked(connection, self._consumer, self._prefix, places)
        named = [f"missing {record.event_id}" for record in lost if _position(record) not in known]
        for event_id, kept in filed.items():
            if _differs(kept, asked[event_id].value):
                named.append(f"altered {event_id}")
            if kept.seq:
                self._seen.setdefault(kept.chain, Seen()).add(kept.seq)
        self._unsealed = {
            event_id: asked[event_id] for event_id, kept in filed.items() if not kept.seq
        }
        return named

    async def _checkpoints(self, database: Database, records: Sequence[Received]) -> list[str]:
        events = [record.event for record in records if isinstance(record.event, CheckpointSigned)]
        published = {event.number: event for event in events}
        async with database.reading() as connection:
            kept = await log_places.checkpoints(connection, published)
        named = []
        for number, event in published.items():
            self._numbers.add(number)
            self._last_number = max(self._last_number, number)
            expected = (bytes.fromhex(event.root), bytes.fromhex(event.signature))
            if kept.get(number) != expected:
                named.append(f"checkpoint {number}")
        return named

    async def finish(self, database: Database) -> list[str]:
        """What the file has and the log has not, of what stood there when the walk began."""
        named: list[str] = []
        async with database.reading() as connection:
            for chain, last in sorted(self._floor.items()):
                gaps = self._seen.get(chain, Seen()).missing(last, _MOST_NAMED)
                if gaps:
                    beyond = await log_places.foreign(connection, chain, gaps)
                    named += [f"beyond {chain} {seq}" for seq in beyond]
            numbers = self._numbers.missing(self._last_number, _MOST_NAMED)
            kept = await log_places.checkpoints(connection, numbers)
        return named + [f"checkpoint beyond {number}" for number in sorted(kept)]


def _position(record: Received) -> tuple[LogPartition, int]:
    return (record.topic.name, record.partition), record.offset


def _differs(filed: FiledEvent, value: bytes) -> bool:
    # Without a salt the content was disposed of: nothing is left to compare.
    return filed.salt is not None and leaf_hash(filed.salt, value) != filed.leaf
