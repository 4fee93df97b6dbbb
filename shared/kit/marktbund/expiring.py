"""What a service keeps for a time only: answers by idempotency key, and which events it has seen.

Answers go 30 days after they were given: a form or a machine that asks again later is carried out
anew (docs/decisions/0033). The inbox loses whole months: an event comes twice within minutes of its
first time, when a relay had no word from the broker, and offsets stand in the same transaction as
the effects. What was heard of longer ago than the months kept lies in the default partition and
stays: a service that reads an old log for the first time needs it while it reads.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marktbund.failures import is_transient
from marktbund.unit_of_work import Database

ANSWERS_KEPT_FOR = timedelta(days=30)
INBOX_KEPT_FOR = timedelta(days=92)
_AT_ONCE = 1_000
_FORGET_ANSWERS = text("""
    DELETE FROM idempotency AS i USING (
        SELECT actor, key FROM idempotency WHERE created_at < :before
         ORDER BY created_at LIMIT :most FOR UPDATE SKIP LOCKED) AS old
     WHERE i.actor = old.actor AND i.key = old.key
""")
_DROP_MONTHS = text("SELECT drop_inbox_partitions(:before)")


async def forget_answers(database: Database, before: datetime) -> int:
    """Forget the answers given before a time (UTC), so many per commit; returns how many."""
    forgotten = 0
    while True:
        async with database.engine.begin() as connection:
            deleted = await connection.execute(
                _FORGET_ANSWERS, {"before": before, "most": _AT_ONCE}
            )
        forgotten += deleted.rowcount
        if deleted.rowcount < _AT_ONCE:
            return forgotten


async def drop_months(database: Database, before: date) -> int:
    """Drop the inbox's months that ended by a day (UTC); returns how many. 0 where a consumer at
    work held the table for two seconds: the next turn tries again.
    """
    try:
        async with database.engine.begin() as connection:
            return int(await connection.scalar(_DROP_MONTHS, {"before": before}) or 0)
    except DBAPIError as error:
        if is_transient(error):
            return 0
        raise


async def expire(database: Database, now: datetime) -> None:
    """Let go of what has been kept long enough at a time (UTC, system time)."""
    await forget_answers(database, now - ANSWERS_KEPT_FOR)
    await drop_months(database, (now - INBOX_KEPT_FOR).date())
