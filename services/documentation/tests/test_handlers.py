"""Gather, decide, write: how many statements a handler takes, and what it leaves behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation import handlers
from documentation.commands import DisposeContents
from documentation.domain.footing import SigningRefusedError, SigningWaitsError, Vouched
from documentation.store.sealing import Holder, SealerReplacedError
from marktbund import clock
from marktbund.contracts.documentation import CheckpointAnchored, CheckpointSigned
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork

NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


class Desk:
    """The file within one transaction, and whoever holds its leases."""

    def __init__(self, connection: AsyncConnection, key: Ed25519PrivateKey, build: Any) -> None:
        self.connection, self.key, self.build = connection, key, build
        self.uow = UnitOfWork(connection, Origin(correlation_id="c"), clock.now())
        self.sealer = Holder("sealer", new_id())
        self.notary = Holder("checkpoint", new_id())

    async def take(self, holder: Holder) -> None:
        await self.connection.execute(
            text("UPDATE lease SET owner = :owner, lease_until = 'infinity' WHERE task = :task"),
            {"owner": holder.owner, "task": holder.task},
        )

    async def sealed(self, *events: Any) -> None:
        await self.build.take_in(self.uow, list(events))
        await handlers.seal_batch(self.sealer, self.uow)

    async def signed(self, vouched: Vouched = Vouched(None)) -> Any:  # noqa: B008 - frozen
        return await handlers.sign_checkpoint(self.key, self.notary, self.uow, vouched)

    async def count(self, table: str) -> int:
        return int(await self.connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """What is sent to the database meanwhile."""
        sent: list[str] = []

        def note(_: Any, __: Any, statement: str, *___: Any) -> None:
            sent.append(" ".join(statement.split())[:40])

        engine = self.connection.sync_connection
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
async def desk(connection: AsyncConnection, signing_key: Ed25519PrivateKey, build: Any) -> Desk:
    made = Desk(connection, signing_key, build)
    await made.take(made.sealer)
    await made.take(made.notary)
    return made


async def test_events_are_taken_in_by_one_statement(desk: Desk):
    events = desk.build.orders(new_id(), 6)
    with desk.statements() as sent:
        await handlers.record_events(events, desk.uow)
        await handlers.record_events([], desk.uow)
    assert len(sent) == 1
    assert await desk.count("unsealed") == 6


async def test_sealing_takes_facts_locks_and_writes_whatever_the_number(desk: Desk):
    member_id = new_id()
    await desk.build.take_in(desk.uow, desk.build.orders(member_id, 40))
    with desk.statements() as new:
        await handlers.seal_batch(desk.sealer, desk.uow)
    await desk.build.take_in(desk.uow, desk.build.orders(member_id, 2))
    with desk.statements() as known:
        await handlers.seal_batch(desk.sealer, desk.uow)
    with desk.statements() as nothing:
        assert await handlers.seal_batch(desk.sealer, desk.uow) == []
    assert (len(new), len(known), len(nothing)) == (5, 4, 1)
    assert await desk.count("record") == 42


async def test_a_sealer_without_the_lease_is_told_so(desk: Desk):
    await desk.build.take_in(desk.uow, desk.build.orders(new_id(), 2))
    stranger = Holder("sealer", new_id())
    with pytest.raises(SealerReplacedError, match="lease"):
        await handlers.seal_batch(stranger, desk.uow)


async def test_a_signature_is_decided_from_two_questions(desk: Desk):
    await desk.sealed(*desk.build.orders(new_id(), 3), *desk.build.persons(1))
    with desk.statements() as sent:
        signed = await desk.signed()
    assert len(sent) == 4
    assert (signed.checkpoint.number, await desk.count("checkpoint_head")) == (1, 2)


async def test_the_next_signature_keeps_only_the_head_that_moved(desk: Desk):
    town = new_id()
    await desk.sealed(*desk.build.orders(town, 2), *desk.build.persons(1))
    first = await desk.signed()
    await desk.sealed(*desk.build.orders(town, 1))
    second = await desk.signed(Vouched(first, first))
    assert second.checkpoint.number == 2
    rows = await desk.connection.execute(
        text("SELECT chain_id FROM checkpoint_head WHERE number = 2")
    )
    assert list(rows.scalars()) == [str(town)]


async def test_a_refused_signature_leaves_nothing_behind(desk: Desk):
    await desk.sealed(*desk.build.persons(2))
    first = await desk.signed()
    with pytest.raises(SigningWaitsError):
        await desk.signed(Vouched(None))
    await desk.connection.execute(text("UPDATE chain SET head_seq = head_seq + 1"))
    with pytest.raises(SigningRefusedError) as refused:
        await desk.signed(Vouched(first))
    assert refused.value.code == "chain_altered"
    assert await desk.count("checkpoint") == 1


async def test_a_notary_without_the_lease_is_told_so(desk: Desk):
    await desk.sealed(*desk.build.persons(1))
    desk.notary = Holder("checkpoint", new_id())
    with pytest.raises(SealerReplacedError, match="checkpoints"):
        await desk.signed()


async def test_an_anchor_is_made_from_one_question_and_once_a_day(desk: Desk):
    public = desk.key.public_key()
    assert await handlers.make_anchor(NOON, public, ["file"], desk.uow) is None
    await desk.sealed(*desk.build.persons(1))
    await desk.signed()
    with desk.statements() as sent:
        assert await handlers.make_anchor(NOON, public, ["file", "stamp"], desk.uow) == 1
    assert len(sent) == 3
    assert await handlers.make_anchor(NOON, public, ["file"], desk.uow) is None
    next_day = NOON + timedelta(days=1)
    assert await handlers.make_anchor(next_day, public, ["file"], desk.uow) == 1
    assert (await desk.count("anchor"), await desk.count("anchor_delivery")) == (2, 3)


async def test_an_anchor_that_was_announced_comes_back_delivered(desk: Desk):
    await desk.sealed(*desk.build.persons(1))
    signed = await desk.signed()
    announced = CheckpointAnchored(
        version=1,
        ledger_id=new_id(),
        anchor_id=new_id(),
        day=NOON.date(),
        number=1,
        time=datetime.fromisoformat(signed.checkpoint.time),
        root=signed.checkpoint.root.hex(),
        previous=signed.checkpoint.previous.hex(),
        signature=signed.signature.hex(),
        key_id="ab" * 32,
    )
    for _ in range(2):
        await handlers.take_back_anchor(announced, desk.uow)
    assert (await desk.count("anchor"), await desk.count("anchor_delivery")) == (1, 0)


async def test_a_checkpoint_taken_back_is_declared_in_every_chain_and_signed_on(desk: Desk):
    await desk.sealed(*desk.build.orders(new_id(), 1), *desk.build.persons(1))
    first = await desk.signed()
    await handlers.declare_restoration(desk.key, desk.uow)
    assert await desk.count("unsealed") == 0
    lost = CheckpointSigned(
        version=2,
        ledger_id=new_id(),
        number=2,
        time=NOON,
        root="ab" * 32,
        previous="cd" * 32,
        signature="ef" * 64,
        key_id="ab" * 32,
        chains=2,
        records=9,
    )
    await handlers.take_back_checkpoint(lost, desk.uow)
    with desk.statements() as sent:
        await handlers.declare_restoration(desk.key, desk.uow)
    assert (len(sent), await desk.count("unsealed")) == (3, 2)
    with pytest.raises(SigningWaitsError):
        await desk.signed(Vouched(first))


async def test_a_disposal_is_filed_by_two_statements_and_deletes_nothing(desk: Desk):
    member_id = new_id()
    await desk.sealed(*desk.build.orders(member_id, 3))
    command = DisposeContents(
        chain=str(member_id), numbers=(2, 1, 2), by=new_id(), reason="Antrag", law="Art. 17"
    )
    with desk.statements() as sent:
        assert await handlers.file_disposal(command, desk.uow) == 2
    assert len(sent) == 2
    assert (await desk.count("unsealed"), await desk.count("payload")) == (2, 3)
