"""`python -m <service>.main reread TYPE`: what an earlier release passed by is read once more.

Sets the consumer back to where it began to skip; it notices by itself and goes on from there. What
was applied since stands in the inbox and counts once. For topics of read models `rebuild` is the
way, which also keeps the order of each key; here a late event comes after later ones of its key,
and is parked where its handler refuses that.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock
from marktbund.contracts import MESSAGES
from marktbund.errors import Conflict, NotFound
from marktbund.expiring import INBOX_KEPT_FOR
from marktbund.jsons import dumps
from marktbund.settings import ServiceSettings
from marktbund.unit_of_work import create_engine

_SAFETY = timedelta(days=7)
_SKIPPED = text("""
    SELECT consumer, topic, partition, first_offset, first_at FROM skipped_type
     WHERE type = :type AND repaired_at IS NULL ORDER BY consumer, topic, partition FOR UPDATE
""")
_SET_BACK = text("""
    UPDATE consumer_offset SET next_offset = least(next_offset, :first_offset), updated_at = now()
     WHERE consumer = :consumer AND topic = :topic AND partition = :partition
""")
_REPAIRED = text("""
    UPDATE skipped_type SET repaired_at = now() WHERE type = :type AND repaired_at IS NULL
""")


async def reread(connection: AsyncConnection, kind: str, prefix: str) -> int:
    """Set the consumer back on every partition where it skipped a type; returns how many.

    Raises NotFound (`type_unknown`: this release does not know it either; `nothing_skipped`) and
    Conflict (`skipped_too_long_ago`): the inbox does not reach back that far.
    """
    if kind not in MESSAGES:
        raise NotFound("type_unknown", f"Diese Fassung kennt {kind} nicht")
    rows = (await connection.execute(_SKIPPED, {"type": kind})).all()
    if not rows:
        raise NotFound("nothing_skipped", f"{kind} wurde nicht übergangen")
    if min(row.first_at for row in rows) < clock.now() - INBOX_KEPT_FOR + _SAFETY:
        raise Conflict(
            "skipped_too_long_ago",
            "Der Eingang reicht nicht so weit zurück",
            way_out="Bitte die Lesemodelle neu aufbauen (rebuild).",
        )
    for row in rows:
        partition = {
            "consumer": row.consumer,
            "topic": prefix + row.topic,
            "partition": row.partition,
        }
        await connection.execute(_SET_BACK, partition | {"first_offset": row.first_offset})
    await connection.execute(_REPAIRED, {"type": kind})
    return len(rows)


async def _carry_out(kind: str, service: str, settings: ServiceSettings) -> int:
    engine = create_engine(settings.database_url, application=f"{service}-reread")
    try:
        async with engine.begin() as connection:
            partitions = await reread(connection, kind, settings.prefix)
    except (Conflict, NotFound) as refused:
        sys.stdout.write(dumps({"refused": refused.code, "title": refused.title}) + "\n")
        return 1
    finally:
        await engine.dispose()
    sys.stdout.write(dumps({"reread": kind, "partitions": partitions}) + "\n")
    return 0


def carry_out(arguments: Sequence[str], service: str, settings: ServiceSettings) -> int:
    """Parse and do it; the exit code."""
    parser = argparse.ArgumentParser(prog=f"{service} reread", description=__doc__)
    parser.add_argument("type", help="marktbund.<owner>.<Name>.v1")
    return asyncio.run(_carry_out(parser.parse_args(arguments).type, service, settings))
