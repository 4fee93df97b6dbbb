"""Reviewed corrections as rows, and the articles that follow them, some at a time."""

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.corrections import HeardCorrection
from catalog.store.tables import correction_table
from marktbund.unit_of_work import UnitOfWork

ARTICLES_A_TIME = 1_000
"""Most articles one transaction moves: each is published again, and others want to write too."""

_PENDING = text("SELECT source FROM group_correction WHERE pending ORDER BY source")
_HOLD = text("LOCK TABLE group_correction IN SHARE ROW EXCLUSIVE MODE")
_KEEP = text("""
    INSERT INTO group_correction AS c (source, to_group, status, version, resolved, pending)
    SELECT * FROM unnest(CAST(:source AS text[]), CAST(:to_group AS text[]),
                         CAST(:status AS text[]), CAST(:version AS bigint[]),
                         CAST(:resolved AS text[]), CAST(:pending AS boolean[]))
    ON CONFLICT (source) DO UPDATE
       SET to_group = excluded.to_group, status = excluded.status, version = excluded.version,
           resolved = excluded.resolved, pending = excluded.pending
""")
# Taken before any article is: a price list being published holds the table first, articles second.
_ENTER = text("LOCK TABLE group_correction IN ROW EXCLUSIVE MODE")
_TAKE = text("""
    SELECT source FROM group_correction WHERE pending AND source = :source
       FOR UPDATE SKIP LOCKED
""")
_MISPLACED = """
    SELECT a.article_id, coalesce(one.resolved, all_of.resolved) AS belongs
      FROM article a
      LEFT JOIN group_correction one ON one.source = 'article:' || a.article_id
      LEFT JOIN group_correction all_of ON all_of.source = a.comparable_group
     WHERE (a.comparable_group = :source
            OR a.article_id = CAST(substring(:source FROM '^article:([0-9a-f-]{36})$') AS uuid))
       AND a.corrected_group IS DISTINCT FROM coalesce(one.resolved, all_of.resolved)
"""
# The relay and price lists lock articles too: what they hold is passed over, never waited for.
_MOVE = text(f"""
    WITH misplaced AS MATERIALIZED (
        {_MISPLACED} ORDER BY a.article_id LIMIT :limit FOR NO KEY UPDATE OF a SKIP LOCKED
    )
    UPDATE article AS a SET corrected_group = m.belongs, version = a.version + 1
      FROM misplaced AS m WHERE a.article_id = m.article_id
""")
_SETTLE = text(f"""
    UPDATE group_correction SET pending = false
     WHERE source = :source AND NOT EXISTS ({_MISPLACED})
""")


async def corrections_pending(connection: AsyncConnection) -> list[str]:
    """Sources of corrections whose articles may still have to follow; takes no lock."""
    return list((await connection.execute(_PENDING)).scalars())


async def load_corrections(uow: UnitOfWork) -> list[HeardCorrection]:
    """All corrections, held until the commit. They are made by hand, one at a time: never many."""
    await uow.connection.execute(_HOLD)
    rows = await uow.connection.execute(select(correction_table))
    return [
        HeardCorrection(r.source, r.to_group, r.status, r.version, r.resolved, r.pending)
        for r in rows
    ]


async def keep_corrections(uow: UnitOfWork, corrections: Sequence[HeardCorrection]) -> None:
    """Keep corrections that are new or changed."""
    names = [column.name for column in correction_table.columns]
    columns = {name: [getattr(correction, name) for correction in corrections] for name in names}
    if corrections:
        await uow.connection.execute(_KEEP, columns)


async def take_correction(uow: UnitOfWork, source: str) -> bool:
    """Hold a pending correction until the commit; False: it is not pending, or another has it."""
    await uow.connection.execute(_ENTER)
    return await uow.connection.scalar(_TAKE, {"source": source}) is not None


async def move_articles(uow: UnitOfWork, source: str) -> bool:
    """Move the next articles of a correction that is held; False when there was nothing to do.

    The articles' versions rise, so their states are published again.
    """
    some = {"source": source, "limit": ARTICLES_A_TIME}
    moved = (await uow.connection.execute(_MOVE, some)).rowcount
    settled = (await uow.connection.execute(_SETTLE, {"source": source})).rowcount
    return bool(moved or settled)
