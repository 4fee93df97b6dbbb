"""A whole documentation service without its process, and what administrators can do to it."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from documentation import consumers, jobs
from documentation.main import SERVICE
from documentation.views import verification
from documentation.views.log_walk import LogWalk
from marktbund import clock
from marktbund.contracts.base import Message
from marktbund.contracts.members import RolesGranted
from marktbund.contracts.orders import OrderApproved, OrderCancelled
from marktbund.envelope import Origin, Received
from marktbund.ids import new_id
from marktbund.testing import records
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, doors_of
from marktbund.unit_of_work import Database, UnitOfWork

from .log import LogBook, Topic

NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
TABLES = (
    "unsealed, record, payload, chain, chain_audit, checkpoint, checkpoint_head, signing, outbox,"
    " anchor, audit_pass, consumer_offset, dead_letter, principal"
)


def received(event: Message, **changes: Any) -> Received:
    """An event as the platform hands it to a handler."""
    usual = {"time": NOON, "origin": Origin(correlation_id="c")}
    return records.received(event, **{**usual, **changes})


def order_events(member_id: UUID, count: int) -> list[Received]:
    """Approvals and cancellations of orders of one member, two each."""
    events: list[Message] = []
    for _ in range((count + 1) // 2):
        order = {"order_id": new_id(), "member_id": member_id}
        events.append(OrderApproved(version=1, basis="not_required", **order))
        events.append(
            OrderCancelled(version=2, cancelled_by=new_id(), reason="other", **order),
        )
    return [received(event) for event in events[:count]]


def person_events(count: int) -> list[Received]:
    """Events that concern no member."""
    return [received(RolesGranted(version=1, person_id=new_id(), grants=())) for _ in range(count)]


async def take_in(uow: UnitOfWork, records: Sequence[Received]) -> None:
    """Hand records to the handlers of their topics, as the platform does."""
    handlers = consumers.hearing().handlers
    for topic in dict.fromkeys(record.topic for record in records):
        await handlers[topic]([record for record in records if record.topic == topic], uow)


CONSUMER = "documentation.v1"
_HEARD = text(f"""
    INSERT INTO consumer_offset (consumer, topic, partition, next_offset, cluster_id, topic_id)
    VALUES ('{CONSUMER}', :topic, :partition, :next, 'c', 't')
    ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
""")


@dataclass
class Ledger:
    """A whole documentation service without its process: committed data, real leases."""

    database: Database
    made: ServiceDatabase
    owner: AsyncEngine
    key: Ed25519PrivateKey
    sealer: jobs.Sealer
    topic: Topic
    log: LogBook
    notary: jobs.Notary
    folder: Path

    async def ingest(self, records: Sequence[Received]) -> None:
        self.log.write(records)
        async with self.database.begin(Origin(correlation_id="c")) as uow:
            await take_in(uow, records)
            for (topic, partition), kept in self.log.records.items():
                position = {"topic": topic, "partition": partition, "next": len(kept)}
                await uow.connection.execute(_HEARD, position)

    def log_walk(self) -> LogWalk:
        """A walk along the log by another process."""
        return LogWalk(self.log, CONSUMER, "", consumers.HEARD)

    async def settle(self) -> None:
        """Seal what waits, and sign where the chains stand."""
        await self.sealer(self.database)
        await self.notary(self.database)

    async def settle_later(self) -> None:
        """The same an hour later, by another process, after this one died."""
        await self.as_owner("UPDATE lease SET lease_until = '-infinity'")
        self.sealer = jobs.Sealer()
        self.notary = self.another_notary()
        await self.settle()

    def another_notary(self, *, patience: float = 0.0) -> jobs.Notary:
        """Of another process, for which the next checkpoint is due as soon as there is a record."""
        later = clock.now() + timedelta(hours=1)
        return jobs.Notary(self.key, self.topic, demo=False, now=lambda: later, patience=patience)

    async def signing(self) -> tuple[str, str]:
        """State and reason, as they were noted."""
        (row,) = await self.ask("SELECT state, reason FROM signing")
        return (row.state, row.reason)

    async def verify(self, chain: UUID | str) -> verification.VerificationAnswer:
        return await verification.one_chain(self.database, self.key.public_key(), str(chain))

    async def findings(self, chain: UUID | str) -> list[tuple[str, int | None]]:
        return [(finding.code, finding.seq) for finding in (await self.verify(chain)).findings]

    async def ask(self, statement: str, **values: Any) -> list[Any]:
        async with self.database.reading() as connection:
            return list(await connection.execute(text(statement), values))

    async def as_owner(self, *statements: str) -> None:
        """What an administrator of the database could do."""
        async with self.owner.begin() as connection:
            for statement in statements:
                await connection.execute(text(statement))

    async def dispose(self, role: str, statement: str) -> None:
        """What the disposal role can do. Raises what PostgreSQL refuses."""
        server = self.made.app_url.rpartition("@")[2]
        engine = create_async_engine(f"postgresql+asyncpg://{role}:test@{server}")
        try:
            async with engine.begin() as connection:
                await connection.execute(text(statement))
        finally:
            await engine.dispose()

    async def doors(self) -> tuple[Doors, dict[str, str]]:
        """The HTTP doors over the committed data, and an auditor of the cooperative."""
        service = replace(SERVICE, state={"public_key": self.key.public_key()})
        async with self.database.engine.begin() as connection:
            doors = doors_of(service, connection, self.made.app_url)
            auditor = await doors.account(("auditor", None))
        doors.app.state.database = self.database
        return doors, auditor

    async def stand_alone(self, chain: UUID | str, checkpoint: int | None = None) -> str:
        """What the downloaded verifier prints about a downloaded export, in a bare process."""
        doors, auditor = await self.doors()
        number = "latest" if checkpoint is None else str(checkpoint)
        query = "" if checkpoint is None else f"?checkpoint={checkpoint}"
        downloads = {
            "marktbund_verify.py": "/verifier",
            "key.pem": "/public-key",
            "C.json": f"/checkpoints/{number}",
            "E.json": f"/chains/{chain}/export{query}",
        }
        for name, path in downloads.items():
            answer = await doors.client.get(path, headers=auditor)
            assert answer.status_code == 200, answer.text
            (self.folder / name).write_bytes(answer.content)
        return await self._judge(chain)

    async def judged(self, export: bytes, checkpoint: bytes, chain: str) -> set[str]:
        """The codes the downloaded verifier finds in these two files."""
        doors, auditor = await self.doors()
        for name, path in (("marktbund_verify.py", "/verifier"), ("key.pem", "/public-key")):
            answer = await doors.client.get(path, headers=auditor)
            (self.folder / name).write_bytes(answer.content)
        (self.folder / "E.json").write_bytes(export)
        (self.folder / "C.json").write_bytes(checkpoint)
        return set(re.findall(r"^\[(\w+)\]", await self._judge(chain), re.MULTILINE))

    async def _judge(self, chain: UUID | str) -> str:
        command = [sys.executable, "-I", "marktbund_verify.py", "--export", "E.json"]
        command += ["--checkpoint", "C.json", "--public-key", "key.pem", "--chain", str(chain)]
        done = await asyncio.to_thread(
            subprocess.run, command, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        codes = re.findall(r"^\[(\w+)\]", done.stdout, re.MULTILINE)
        assert done.returncode == min((3 if code == "restored" else 1 for code in codes), default=0)
        return str(done.stdout)
