"""The relay takes as much as it can hold, not as many as it may."""

from itertools import pairwise

from sqlalchemy import text

from marktbund.contracts.members import MemberRegistered
from marktbund.feeds import BATCH_BYTES
from marktbund.ids import new_id
from marktbund.relay import Relay
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.unit_of_work import Database

from .test_outbox import ORIGIN

LONG = 850_000
EVENTS = 25


async def waiting(database: Database) -> int:
    async with database.reading() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM outbox")) or 0)


async def test_one_pass_holds_few_of_the_longest_events(
    database: Database, kafka: KafkaBroker, prefix: str
):
    async with database.begin(ORIGIN) as uow:
        for version in range(EVENTS):
            uow.announce(
                MemberRegistered(
                    version=version + 1,
                    member_id=new_id(),
                    name="x" * LONG,
                    legal_form="other",
                    official_key="1",
                )
            )
    relay = Relay(database, kafka.admin, prefix=prefix, demo=True, feeds=())
    left = [await waiting(database)]
    try:
        while await relay.work():
            left.append(await waiting(database))
    finally:
        await relay._drop_producer()
    passes = [before - after for before, after in pairwise(left)]
    most = BATCH_BYTES // LONG + 1
    assert (left[0], left[-1], max(passes)) == (EVENTS, 0, most)
