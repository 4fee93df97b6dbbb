"""Work by the calendar: agreements come into force, change and end; late goods are told; uploads
that nothing names are swept.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from marktbund import clock
from marktbund.blobs import Blobs
from marktbund.composition import Job
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.isolating import Isolated
from marktbund.unit_of_work import Database
from orders.agreements.face import ports as agreements
from orders.ordering import handlers
from orders.ordering.handlers.attachments import NOBODYS_FOR, UNNAMED_FOR
from orders.ordering.store import documents

_AT_ONCE = 100


async def advance_agreements(database: Database, today: date) -> int:
    """Bring into effect what is due by `today`, one agreement per commit; returns how many.

    Raises ItemsFailed when one could not be; all others were.
    """
    done = 0
    run = Isolated[UUID]("agreements")
    while True:
        async with database.begin(_origin()) as uow:
            due = await agreements.due_agreements(uow, today, _AT_ONCE + len(run.failed))
        waiting = [agreement_id for agreement_id in due if agreement_id not in run.failed]
        for agreement_id in waiting:
            async with run.item(agreement_id), database.begin(_origin()) as uow:
                await agreements.advance_agreement(agreement_id, today, uow)
        done += len(set(waiting) - run.failed)
        if not waiting:
            run.settle()
            return done


async def tell_of_late(database: Database, today: date) -> int:
    """Give the requesters notice of goods due before `today`; returns of how many orders."""
    done = 0
    while True:
        async with database.begin(_origin()) as uow:
            notices = await handlers.tell_of_late(today, _AT_ONCE, uow)
        done += notices
        if notices < _AT_ONCE:
            return done


def _origin() -> Origin:
    return Origin(correlation_id=str(new_id()))


async def sweep_documents(database: Database, blobs: Blobs, now: datetime) -> int:
    """Forget documents nothing named for 30 days, and take contents away that are nobody's;
    returns how many contents. now: system time. Raises ItemsFailed as the others do.
    """
    forgotten = _AT_ONCE
    while forgotten == _AT_ONCE:
        async with database.begin(_origin()) as uow:
            forgotten = await handlers.forget_unnamed(now - UNNAMED_FOR, _AT_ONCE, uow)
    run, swept = Isolated[str]("documents"), 0
    before = now - NOBODYS_FOR
    while True:
        async with database.reading() as connection:
            orphans = await documents.orphans(connection, before, _AT_ONCE + len(run.failed))
        waiting = [sha256 for sha256 in orphans if sha256 not in run.failed]
        for sha256 in waiting:
            async with run.item(sha256), database.begin(_origin()) as uow:
                swept += await handlers.sweep_content(sha256, before, blobs, uow)
        if len(waiting) < _AT_ONCE:
            run.settle()
            return swept


def sweeping(blobs: Blobs) -> Job:
    """The job that sweeps uploads, of a service that keeps them."""

    async def sweep(database: Database) -> None:
        await sweep_documents(database, blobs, clock.now())

    return Job("documents", timedelta(hours=1), sweep)


async def _by_the_calendar(database: Database) -> None:
    await advance_agreements(database, clock.business_date(clock.now()))


async def _late_goods(database: Database) -> None:
    await tell_of_late(database, clock.business_date(clock.now()))


JOBS = (
    Job("agreements", timedelta(minutes=5), _by_the_calendar, by_calendar=True),
    Job("late_goods", timedelta(minutes=30), _late_goods, by_calendar=True),
)
