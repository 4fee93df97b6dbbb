"""The decision that opens the gates: what may be lost, for which reason, and what stays of it."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from aiokafka import TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import floors, published
from marktbund.ahead import counted
from marktbund.ahead.finding import Ahead, Survey
from marktbund.ahead.owned import everything
from marktbund.ahead.reconciling import Reconciled, Reconciler, _floors
from marktbund.consuming import Hearing
from marktbund.contracts.base import Topic
from marktbund.contracts.members import MEMBER_EVENTS, MEMBER_STATE
from marktbund.errors import Conflict
from marktbund.ids import new_id
from marktbund.kafka_access import KafkaAccess
from marktbund.testing.databases import PinnedDatabase
from marktbund.unit_of_work import UnitOfWork

from .forgetting import keep
from .test_delivery import ORIGIN, event
from .test_feeds import FEED

BY = UUID("00000000-0000-7000-8000-0000000000b1")
KAFKA = KafkaAccess("127.0.0.1:1", "x", "x", "SASL_PLAINTEXT")
PLACE = TopicPartition("t_" + MEMBER_EVENTS.name, 904)


@pytest.fixture(autouse=True)
async def nothing_else_is_due(connection: AsyncConnection) -> None:
    await connection.execute(text("DELETE FROM version_floor"))


class Restored:
    """What else the transaction does; fails when it is to."""

    def __init__(self) -> None:
        self.calls = 0
        self.error: Exception | None = None

    async def __call__(self, _: UnitOfWork) -> None:
        self.calls += 1
        if self.error is not None:
            raise self.error


def reconciler(connection: AsyncConnection, restored: Restored) -> Reconciler:
    owned = everything([counted(MEMBER_EVENTS, "member", "member_id")], [FEED])
    database = PinnedDatabase(connection, "members")
    return Reconciler(database, KAFKA, "t_", Hearing({}), owned, [FEED], {}, restored)


def survey_of(topic: Topic, versions: Mapping[UUID, int]) -> Survey:
    """These keys are ahead up to these versions; partition 904 of the log ends at 9."""
    types = {str(key): {version: "x"} for key, version in versions.items()}
    return Survey({topic: Ahead(topic, len(types), types)}, {PLACE: (2, 9)})


async def member(connection: AsyncConnection, version: int) -> UUID:
    """A member whose row is in this version."""
    key = new_id()
    await keep(event(key, version), UnitOfWork(connection, ORIGIN, None))
    return key


async def decide(
    connection: AsyncConnection,
    survey: Survey,
    reason: str = "",
    restored: Restored | None = None,
) -> Reconciled:
    await floors.put(connection, _floors(survey))
    made = reconciler(connection, restored or Restored())
    return await made._decide(BY, reason, survey, 2, 1)


async def kept_floors(connection: AsyncConnection) -> dict[str, tuple[int, bool]]:
    rows = await connection.execute(text("SELECT key, version, decided FROM version_floor"))
    return {row.key: (row.version, row.decided) for row in rows}


async def decisions(connection: AsyncConnection) -> list[tuple[str, int, int, object]]:
    rows = await connection.execute(
        text(
            "SELECT reason, taken_over, repeated, given_up FROM reconciliation"
            " WHERE done_by = :by ORDER BY seq"
        ),
        {"by": BY},
    )
    return [tuple(row) for row in rows]


async def noted(connection: AsyncConnection) -> int | None:
    return (await published.stored(connection)).get((MEMBER_EVENTS.name, PLACE.partition))


def test_floors_are_for_events_and_at_the_highest_version():
    key = new_id()
    ahead = Ahead(MEMBER_EVENTS, 2, {str(key): {3: "x", 11: "y"}})
    state = Ahead(MEMBER_STATE, 1, {str(key): {12: "x"}})
    survey = Survey({MEMBER_EVENTS: ahead, MEMBER_STATE: state}, {})
    assert _floors(survey) == {(MEMBER_EVENTS.name, str(key)): 11}


async def test_what_was_caught_up_with_needs_no_reason_and_leaves_no_floor(
    connection: AsyncConnection,
):
    key = await member(connection, 3)
    done = await decide(connection, survey_of(MEMBER_EVENTS, {key: 3}))
    assert done == Reconciled(2, 1, {})
    assert await kept_floors(connection) == {}
    assert await decisions(connection) == [("", 2, 1, {})]
    assert await noted(connection) == 9


async def test_nothing_is_given_up_without_a_reason(connection: AsyncConnection):
    short, missing = await member(connection, 3), new_id()
    restored = Restored()
    survey = survey_of(MEMBER_EVENTS, {short: 4, missing: 1})
    with pytest.raises(Conflict) as refusal:
        await decide(connection, survey, restored=restored)
    assert refusal.value.code == "facts_would_be_lost"
    assert f"'{MEMBER_EVENTS.name}': 2" in refusal.value.detail
    assert await kept_floors(connection) == {str(short): (4, False), str(missing): (1, False)}
    assert (await decisions(connection), restored.calls) == ([], 0)
    assert await noted(connection) is None


async def test_with_a_reason_the_rest_is_given_up_and_both_are_kept(connection: AsyncConnection):
    caught_up, short, missing = await member(connection, 4), await member(connection, 3), new_id()
    restored = Restored()
    survey = survey_of(MEMBER_EVENTS, {caught_up: 4, short: 4, missing: 1})
    done = await decide(connection, survey, "the backup is all there is", restored)
    given_up = {MEMBER_EVENTS.name: sorted([str(short), str(missing)])}
    assert done.given_up == given_up
    assert await kept_floors(connection) == {str(short): (4, True), str(missing): (1, True)}
    assert await decisions(connection) == [("the backup is all there is", 2, 1, given_up)]
    assert restored.calls == 1


async def test_when_the_rest_of_the_decision_fails_nothing_is_decided(
    connection: AsyncConnection,
):
    restored = Restored()
    restored.error = ValueError("cannot")
    with pytest.raises(ValueError, match="cannot"):
        await decide(connection, survey_of(MEMBER_EVENTS, {new_id(): 1}), "why", restored)
    assert [decided for _, decided in (await kept_floors(connection)).values()] == [False]
    assert await decisions(connection) == []


async def test_states_behind_are_lost_too_and_rise_above_the_log(connection: AsyncConnection):
    behind, level = await member(connection, 2), await member(connection, 7)
    survey = survey_of(MEMBER_STATE, {behind: 5, level: 7})
    with pytest.raises(Conflict, match="facts_would_be_lost"):
        await decide(connection, survey)
    done = await decide(connection, survey, "why")
    assert done.given_up == {MEMBER_STATE.name: [str(behind)]}
    asked = text("SELECT version FROM member WHERE member_id = :id")
    assert await connection.scalar(asked, {"id": behind}) == 6
    assert await connection.scalar(asked, {"id": level}) == 7


async def test_what_was_given_up_once_is_not_given_up_again(connection: AsyncConnection):
    key = await member(connection, 1)
    await decide(connection, survey_of(MEMBER_EVENTS, {key: 3}), "first")
    done = await decide(connection, survey_of(MEMBER_EVENTS, {new_id(): 1}), "second")
    assert str(key) not in done.given_up[MEMBER_EVENTS.name]
    assert [reason for reason, *_ in await decisions(connection)] == ["first", "second"]
