"""A consumer that its group has given up ends its process, as long as the broker answers."""

import os

from marktbund.ahead import Gate
from marktbund.consuming import Consumer, Hearing
from marktbund.consuming.subscriber import GIVEN_UP_AFTER
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.unit_of_work import Database
from marktbund.workers import Work, Workers

from .conftest import Watched, hearing
from .test_health import SETTINGS


class Late(Consumer):
    """One that nobody has seen polling for as long as the group waits."""

    def poll_age(self) -> float:
        return GIVEN_UP_AFTER + 1


def workers(database: Database, kafka: KafkaBroker, prefix: str, ended: list[int]) -> Workers:
    gate = Gate(database, kafka.admin, prefix, {})
    return Workers(Work(Hearing({}), (), ()), SETTINGS, database, gate, end=ended.append)


async def test_a_consumer_that_was_given_up_ends_its_process(
    database: Database, kafka: KafkaBroker, prefix: str
):
    late = Late(database, kafka.admin, Hearing({MEMBER_EVENTS: Watched().apply}), prefix=prefix)
    ended: list[int] = []
    await workers(database, kafka, prefix, ended)._join(late)
    await late.stop()
    assert ended == [os.EX_SOFTWARE]


async def test_one_that_polls_is_left_alone(database: Database, kafka: KafkaBroker, prefix: str):
    async with hearing(database, kafka, prefix, Watched()) as working:
        assert not await working.stuck()
