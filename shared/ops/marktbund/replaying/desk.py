"""What an operator does about dead letters: repair, replay one or a key, discard.

A replay is the consumer's own path (decode, inbox, versions, handler), one transaction per record,
in the order of the log. Refusals are DomainErrors; what only later will work is raised as it comes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Literal
from uuid import UUID

import structlog
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.consuming.batches import Batches, Hearing
from marktbund.consuming.dead_letters import cause_of
from marktbund.consuming.subscriber import consumer_name
from marktbund.envelope import Origin, PoisonError, Received, read
from marktbund.errors import Conflict, Invalid, NotFound
from marktbund.failures import is_transient
from marktbund.ids import new_id
from marktbund.replaying import settling
from marktbund.replaying.settling import Letter
from marktbund.telemetry import tracing
from marktbund.unit_of_work import Database

_log = structlog.get_logger(__name__)


class ReplayAnswer(BaseModel):
    """What became of one letter. `failed`: parked as before; code and cause say why."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    record_offset: int
    outcome: Literal["applied", "duplicate", "failed"]
    code: str | None = None
    cause: str | None = None


class DeadLetters:
    """The dead letters of one service's consumer, and what may be done about them.

    `by` is the opaque id of the person who does it; every step is kept with it.
    """

    def __init__(self, database: Database, hearing: Hearing, *, prefix: str) -> None:
        self._database = database
        self._prefix = prefix
        self._consumer = consumer_name(prefix, database.source)
        self._batches = Batches(database, self._consumer, prefix, hearing)

    async def repair(
        self,
        letter_id: UUID,
        by: UUID,
        reason: str,
        value: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Keep a corrected value, corrected headers (all of them), or both; nothing is applied.

        Raises Invalid (`repair_empty`, `still_unreadable`), NotFound, Conflict.
        """
        if value is None and headers is None:
            raise Invalid("repair_empty", "Es wurde nichts berichtigt", field="value")
        async with self._database.begin(_origin()) as uow:
            letter = await self._parked(uow.connection, letter_id)
            mended = letter
            if value is not None:
                mended = replace(mended, value=value.encode())
            if headers is not None:
                mended = replace(mended, headers=[(n, v.encode()) for n, v in headers.items()])
            self._readable(mended)
            await settling.keep_repair(uow.connection, letter, mended, by, reason)
        _log.info("dead_letter_repaired", letter=str(letter_id), by=str(by))

    async def replay(self, letter_id: UUID, by: UUID) -> ReplayAnswer:
        """Apply one letter, the first of its key.

        Raises NotFound, Conflict (`letter_settled`, `letter_waits`, `other_consumer`).
        """

        async def choose(connection: AsyncConnection) -> Letter:
            letter = await self._parked(connection, letter_id)
            first = await self._first(connection, letter)
            if first is not None and first.id != letter.id:
                raise Conflict(
                    "letter_waits",
                    "Ein früherer Satz dieses Schlüssels ist noch abgelegt",
                    f"Zuerst ist {first.id} an der Reihe.",
                    way_out="Spielen Sie den ganzen Schlüssel nach oder den früheren Satz zuerst.",
                )
            return letter

        replayed = await self._attempt(choose, by)
        assert replayed is not None  # noqa: S101 - choose returns a letter or raises
        return replayed

    async def replay_key(self, letter_id: UUID, by: UUID, limit: int = 500) -> list[ReplayAnswer]:
        """Apply the parked letters of this letter's key in order, until one fails or none is left.

        What the live consumer parks behind them meanwhile is applied too. Raises NotFound,
        Conflict (`other_consumer`).
        """
        async with self._database.reading() as connection:
            asked = self._ours(_known(await settling.look(connection, letter_id)))
        if asked.key is None:
            return [await self.replay(letter_id, by)]

        async def choose(connection: AsyncConnection) -> Letter | None:
            await settling.lock(connection, asked)
            return await settling.first_of_key(connection, asked)

        done: list[ReplayAnswer] = []
        while len(done) < limit and (replayed := await self._attempt(choose, by)) is not None:
            done.append(replayed)
            if replayed.outcome == "failed":
                break
        return done

    async def discard(self, letter_id: UUID, by: UUID, reason: str) -> None:
        """Give a letter up for good; its row stays, and what waits behind it can be replayed.

        Raises NotFound, Conflict (`letter_settled`).
        """
        async with self._database.begin(_origin()) as uow:
            letter = await self._parked(uow.connection, letter_id)
            await settling.settle(uow.connection, letter, "discarded", by, reason)
        _log.warning("dead_letter_discarded", letter=str(letter_id), by=str(by))

    async def _attempt(
        self, choose: Callable[[AsyncConnection], Awaitable[Letter | None]], by: UUID
    ) -> ReplayAnswer | None:
        letter: Letter | None = None
        try:
            async with self._database.begin(_origin()) as uow:
                letter = await choose(uow.connection)
                if letter is None:
                    return None
                with tracing.Steps(SpanKind.CONSUMER) as steps:
                    record = self._read(letter)
                    effects = await self._batches.effects(uow, [record], steps)
                applied = bool(effects.entered)
                outcome: Literal["applied", "duplicate"] = "applied" if applied else "duplicate"
                await settling.settle(uow.connection, letter, outcome, by)
        except Exception as error:
            if letter is None or is_transient(error):
                raise
            return await self._note_failure(letter, error, by)
        _log.info("dead_letter_replayed", letter=str(letter.id), outcome=outcome, by=str(by))
        return ReplayAnswer(id=letter.id, record_offset=letter.offset, outcome=outcome)

    def _read(self, letter: Letter) -> Received:
        record = read(letter.record, self._prefix)
        if self._batches.skips(record):
            raise PoisonError("unknown_type", record.type)
        return record

    async def _note_failure(self, letter: Letter, error: Exception, by: UUID) -> ReplayAnswer:
        code, cause = cause_of(error)
        async with self._database.begin(_origin()) as uow:
            await settling.lock(uow.connection, letter)
            await settling.note_failure(uow.connection, letter, code, cause, by)
        _log.warning("dead_letter_replay_failed", letter=str(letter.id), code=code, by=str(by))
        return ReplayAnswer(
            id=letter.id, record_offset=letter.offset, outcome="failed", code=code, cause=cause
        )

    async def _parked(self, connection: AsyncConnection, letter_id: UUID) -> Letter:
        # The first look says which partition to lock; only what is read under it can be trusted.
        await settling.lock(connection, _known(await settling.look(connection, letter_id)))
        letter = _known(await settling.take(connection, letter_id))
        if letter.status != "parked":
            raise Conflict(
                "letter_settled",
                "Dieser Satz ist schon erledigt",
                way_out="Sehen Sie im Verlauf des Satzes nach.",
            )
        return letter

    async def _first(self, connection: AsyncConnection, letter: Letter) -> Letter | None:
        self._ours(letter)
        return None if letter.key is None else await settling.first_of_key(connection, letter)

    def _ours(self, letter: Letter) -> Letter:
        if letter.consumer != self._consumer:
            raise Conflict(
                "other_consumer",
                "Dieser Satz gehört zu einem anderen Empfänger",
                f"Er wurde von {letter.consumer} abgelegt, hier liest {self._consumer}.",
                way_out="Er kann nur noch verworfen werden.",
            )
        return letter

    def _readable(self, mended: Letter) -> None:
        try:
            read(mended.record, self._prefix)
        except PoisonError as poison:
            raise Invalid(
                "still_unreadable",
                "Der Satz wäre auch so nicht lesbar",
                f"{poison.code}: {poison.detail}",
                way_out="Berichtigen Sie Inhalt oder Köpfe, oder verwerfen Sie den Satz.",
            ) from poison


def _origin() -> Origin:
    return Origin(correlation_id=str(new_id()))


def _known(letter: Letter | None) -> Letter:
    if letter is None:
        raise NotFound("letter_unknown", "Diesen abgelegten Satz gibt es nicht")
    return letter
