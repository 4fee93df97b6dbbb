"""Checkpoints that go to auditors by mail, and the mails they become."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.unit_of_work import UnitOfWork
from members.domain.anchors import KIND, Anchored, notice_of

_KEEP = text("""
    INSERT INTO anchored_checkpoint
        (anchor_id, day, number, time, root, previous, signature, key_id)
    VALUES (:anchor_id, :day, :number, :time, :root, :previous, :signature, :key_id)
    ON CONFLICT (anchor_id) DO NOTHING
""")
_AUDITORS = text("""
    SELECT person_id FROM person WHERE active AND grants @> CAST('[{"role": "auditor"}]' AS jsonb)
     ORDER BY person_id
""")
_NOTE = text("""
    INSERT INTO mail (notice_id, person_id, kind, anchor_id, state, noted_at, next_attempt_at)
    SELECT notice_id, person_id, :kind, :anchor_id, 'waiting', :now, :now FROM unnest(
        CAST(:notice_ids AS uuid[]), CAST(:person_ids AS uuid[])) AS heard (notice_id, person_id)
    ON CONFLICT (notice_id) DO NOTHING
""")
_BY_ID = text("SELECT * FROM anchored_checkpoint WHERE anchor_id = :anchor_id")


async def keep(uow: UnitOfWork, anchor_id: UUID, anchored: Anchored) -> None:
    """Keep a checkpoint, and a mail to every auditor, of members and of the cooperative."""
    row = {
        "anchor_id": anchor_id,
        "day": anchored.day,
        "number": anchored.number,
        "time": anchored.time,
        "root": anchored.root,
        "previous": anchored.previous,
        "signature": anchored.signature,
        "key_id": anchored.key_id,
    }
    await uow.connection.execute(_KEEP, row)
    auditors: Sequence[UUID] = (await uow.connection.execute(_AUDITORS)).scalars().all()
    mails = {
        "kind": KIND,
        "anchor_id": anchor_id,
        "now": uow.now,
        "notice_ids": [notice_of(anchor_id, person_id) for person_id in auditors],
        "person_ids": list(auditors),
    }
    await uow.connection.execute(_NOTE, mails)


async def by_id(connection: AsyncConnection, anchor_id: UUID) -> Anchored:
    """One checkpoint that a mail is about."""
    row = (await connection.execute(_BY_ID, {"anchor_id": anchor_id})).one()
    return Anchored(
        row.day, row.number, row.time, row.root, row.previous, row.signature, row.key_id
    )
