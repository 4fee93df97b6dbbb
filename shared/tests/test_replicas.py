"""The people replica and the floors of versions: whatever order news come in, the newest stands."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock, floors
from marktbund.contracts.members import Grant, Mandate, MemberStatusChanged, PersonState
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.jsons import loads
from marktbund.principals import (
    asked_principal,
    find_principal,
    keep_principal,
    keep_principals,
    principal_of,
)
from marktbund.statements import ask
from marktbund.testing.databases import PinnedDatabase
from marktbund.testing.records import received
from marktbund.unit_of_work import UnitOfWork

TOWN, VILLAGE = UUID(int=1), UUID(int=2)
TOPIC = "members.member.events.v1"
IN_ONE_TRANSACTION = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def person(version: int, person_id: UUID, sub: str, **changes) -> PersonState:
    values = {
        "version": version,
        "person_id": person_id,
        "kind": "person",
        "sub": sub,
        "grants": (Grant(role="requester", member_id=TOWN),) * (version % 2),
        "active": version % 3 != 0,
    }
    return PersonState.model_validate(values | changes)


@IN_ONE_TRANSACTION
@given(versions=st.lists(st.integers(1, 9), min_size=1, max_size=9))
async def test_whatever_order_states_come_in_the_newest_stands(
    connection: AsyncConnection, versions: list[int]
):
    person_id, sub = new_id(), f"sub-{new_id()}"
    for version in versions:
        await keep_principal(person(version, person_id, sub), connection)
    newest = person(max(versions), person_id, sub)
    kept = await find_principal(connection, sub)
    assert kept is not None
    assert (kept.active, kept.grants) == (newest.active, newest.grants)


async def test_the_same_state_twice_is_the_same(connection: AsyncConnection):
    state = person(1, new_id(), f"sub-{new_id()}")
    await keep_principal(state, connection)
    await keep_principal(state.model_copy(update={"grants": ()}), connection)
    kept = await find_principal(connection, state.sub)
    assert kept is not None
    assert kept.grants == state.grants


async def test_an_account_that_gets_another_sign_in_is_known_by_the_new_one_alone(
    connection: AsyncConnection,
):
    person_id, old, new = new_id(), f"sub-{new_id()}", f"sub-{new_id()}"
    await keep_principal(person(1, person_id, old), connection)
    await keep_principal(person(2, person_id, new), connection)
    assert await find_principal(connection, old) is None
    kept = await find_principal(connection, new)
    assert kept is not None
    assert kept.person_id == person_id


async def test_what_an_account_holds_comes_back_whole(connection: AsyncConnection):
    grants = (Grant(role="approver", member_id=TOWN), Grant(role="auditor"))
    mandate = Mandate(acting_member_id=TOWN, member_id=VILLAGE, valid_from=clock.now().date())
    state = person(1, new_id(), f"sub-{new_id()}", kind="machine", grants=grants)
    state = state.model_copy(update={"mandates": (mandate,)})
    await keep_principal(state, connection)
    kept = await find_principal(connection, state.sub)
    assert kept is not None
    assert (kept.kind, kept.grants, kept.mandates) == ("machine", grants, (mandate,))


@pytest.mark.parametrize("sub", ["", "nobody", "sub-'; DROP TABLE principal; --", "\u202e"])
async def test_a_subject_nobody_has_is_nobody(connection: AsyncConnection, sub: str):
    await keep_principal(person(1, new_id(), "somebody"), connection)
    assert await find_principal(connection, sub) is None
    known = await ask(connection, asked_principal(sub))
    assert principal_of(known.principal) is None


async def test_asked_with_other_questions_it_is_the_same_account(connection: AsyncConnection):
    state = person(1, new_id(), f"sub-{new_id()}")
    await keep_principal(state, connection)
    known = await ask(connection, asked_principal(state.sub))
    assert principal_of(known.principal) == await find_principal(connection, state.sub)


async def test_a_service_keeps_people_and_passes_other_news_by(connection: AsyncConnection):
    state = person(1, new_id(), f"sub-{new_id()}")
    other = MemberStatusChanged(version=1, member_id=TOWN, status="suspended")
    uow = UnitOfWork(connection, Origin("test"), clock.now())
    await keep_principals()([received(other), received(state)], uow)
    assert await find_principal(connection, state.sub) is not None


async def held(connection: AsyncConnection) -> dict[tuple[str, str], int]:
    rows = await connection.execute(text("SELECT topic, key, version FROM version_floor"))
    return {(row.topic, row.key): row.version for row in rows}


def changed(member_id: UUID, version: int) -> MemberStatusChanged:
    return MemberStatusChanged(version=version, member_id=member_id, status="active")


@IN_ONE_TRANSACTION
@given(rounds=st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(1, 50)), max_size=5))
async def test_a_floor_is_the_highest_version_that_was_ever_seen(
    connection: AsyncConnection, rounds: list[dict[str, int]]
):
    topic = f"t-{new_id()}"
    for floors_seen in rounds:
        await floors.put(connection, {(topic, key): seen for key, seen in floors_seen.items()})
    highest = {
        (topic, key): max(seen[key] for seen in rounds if key in seen)
        for key in {key for seen in rounds for key in seen}
    }
    kept = {at: version for at, version in (await held(connection)).items() if at[0] == topic}
    assert kept == highest


async def test_only_the_keys_that_caught_up_are_lifted(connection: AsyncConnection):
    await floors.put(connection, {(TOPIC, "a"): 3, (TOPIC, "b"): 4, ("other", "a"): 5})
    await floors.lift(connection, [(TOPIC, "a"), (TOPIC, "never")])
    assert await held(connection) == {(TOPIC, "b"): 4, ("other", "a"): 5}


async def announced(
    database: PinnedDatabase, events: Sequence[MemberStatusChanged]
) -> list[tuple[int, str]]:
    """Versions as they went out: in the value, and in the header."""
    async with database.begin(Origin("test")) as uow:
        uow.announce(*events)
    rows = await database.connection.execute(
        text("SELECT payload, headers FROM outbox ORDER BY seq")
    )
    return [
        (loads(bytes(row.payload))["version"], row.headers["aggregate_version"]) for row in rows
    ]


async def test_above_a_floor_versions_go_on_without_a_gap(connection: AsyncConnection):
    member_id, free = new_id(), new_id()
    await floors.put(connection, {(TOPIC, str(member_id)): 7})
    await floors.decide(connection)
    database = PinnedDatabase(connection, "members")
    sent = [changed(member_id, 3), changed(free, 1), changed(member_id, 4)]
    assert await announced(database, sent) == [(8, "8"), (1, "1"), (9, "9")]
    assert await held(connection) == {(TOPIC, str(member_id)): 9}


async def test_what_is_above_the_floor_already_keeps_its_version(connection: AsyncConnection):
    member_id = new_id()
    await floors.put(connection, {(TOPIC, str(member_id)): 2})
    await floors.decide(connection)
    database = PinnedDatabase(connection, "members")
    assert await announced(database, [changed(member_id, 5)]) == [(5, "5")]
    assert await held(connection) == {(TOPIC, str(member_id)): 5}


async def test_a_floor_that_rises_is_to_be_decided_again(connection: AsyncConnection):
    undecided = text("SELECT count(*) FROM version_floor WHERE NOT decided")
    await floors.put(connection, {(TOPIC, "a"): 3})
    assert await connection.scalar(undecided) == 1
    await floors.decide(connection)
    assert await connection.scalar(undecided) == 0
    await floors.put(connection, {(TOPIC, "a"): 2})
    assert await connection.scalar(undecided) == 1
    assert await held(connection) == {(TOPIC, "a"): 3}
