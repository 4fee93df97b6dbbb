"""Checkpoints that go to auditors by mail."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.statements import Clause
from members.domain.anchors import Anchored

_KEEP = """
    INSERT INTO anchored_checkpoint
        (anchor_id, day, number, time, root, previous, signature, key_id)
    SELECT * FROM unnest(
        CAST(:anchor_ids AS uuid[]), CAST(:anchor_days AS date[]),
        CAST(:anchor_numbers AS bigint[]), CAST(:anchor_times AS text[]),
        CAST(:anchor_roots AS text[]), CAST(:anchor_previous AS text[]),
        CAST(:anchor_signatures AS text[]), CAST(:anchor_key_ids AS text[]))
    ON CONFLICT (anchor_id) DO NOTHING
"""
_AUDITORS = """
    ARRAY(SELECT DISTINCT person_id FROM held_role JOIN person AS p USING (person_id)
           WHERE role = 'auditor' AND p.active ORDER BY person_id)
"""
_BY_ID = text("""
    SELECT day, number, time, root, previous, signature, key_id FROM anchored_checkpoint
     WHERE anchor_id = :anchor_id
""")


def asked_auditors() -> Clause:
    """The question who audits, of members and of the cooperative."""
    return Clause("auditors", _AUDITORS)


def keeping(anchors: Mapping[UUID, Anchored]) -> Clause:
    """The write that keeps checkpoints by their anchors' ids."""
    kept = list(anchors.values())
    values = {
        "anchor_ids": list(anchors),
        "anchor_days": [anchored.day for anchored in kept],
        "anchor_numbers": [anchored.number for anchored in kept],
        "anchor_times": [anchored.time for anchored in kept],
        "anchor_roots": [anchored.root for anchored in kept],
        "anchor_previous": [anchored.previous for anchored in kept],
        "anchor_signatures": [anchored.signature for anchored in kept],
        "anchor_key_ids": [anchored.key_id for anchored in kept],
    }
    return Clause("kept_anchors", _KEEP, values)


async def by_id(connection: AsyncConnection, anchor_id: UUID) -> Anchored:
    """The checkpoint that a mail is about."""
    return Anchored(*(await connection.execute(_BY_ID, {"anchor_id": anchor_id})).one())
