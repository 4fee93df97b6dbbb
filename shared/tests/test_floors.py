"""Versions that are not given out twice: floors set, lifted, decided, and numbered after."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import floors
from marktbund.contracts.members import MemberStatusChanged, PersonDeactivated
from marktbund.jsons import dumps

TOWN, DISTRICT = UUID(int=0xF1), UUID(int=0xF2)
MEMBERS = MemberStatusChanged.topic.name
PERSONS = PersonDeactivated.topic.name
_KEEP = text("""
    INSERT INTO outbox (id, aggregatetype, aggregateid, type, topic, payload, headers, shard)
    VALUES (:id, 'member', :key, :type, :topic, :payload, CAST(:headers AS jsonb), 0)
""")


def news(version: int, town: UUID = TOWN) -> MemberStatusChanged:
    return MemberStatusChanged(version=version, member_id=town, status="active")


def key(town: UUID = TOWN) -> floors.Key:
    return MEMBERS, str(town)


async def floor(connection: AsyncConnection, of: floors.Key = (MEMBERS, str(TOWN))):
    """Version and whether it was decided; None: there is none."""
    rows = await connection.execute(
        text("SELECT version, decided FROM version_floor WHERE topic = :topic AND key = :key"),
        {"topic": of[0], "key": of[1]},
    )
    row = rows.one_or_none()
    return None if row is None else (row.version, row.decided)


async def announced(
    connection: AsyncConnection, events: Sequence[MemberStatusChanged]
) -> list[tuple[int, str]]:
    """Events written to the outbox and numbered: version in the value and in the header."""
    made = [(UUID(int=0xE0 + number), event) for number, event in enumerate(events)]
    for event_id, event in made:
        headers = dumps({"aggregate_version": str(event.version), "demo": "false"})
        values = {"id": event_id, "topic": MEMBERS, "key": event.key, "type": event.type_name()}
        content = {"payload": event.model_dump_json().encode(), "headers": headers}
        await connection.execute(_KEEP, {**values, **content})
    await floors.renumber(connection, made)
    rows = await connection.execute(text("SELECT payload, headers FROM outbox ORDER BY seq"))
    kept = [(MemberStatusChanged.model_validate_json(row.payload), row.headers) for row in rows]
    assert all(headers["demo"] == "false" for _, headers in kept)
    return [(event.version, headers["aggregate_version"]) for event, headers in kept]


async def test_a_floor_rises_and_never_sinks(connection: AsyncConnection):
    for version, kept in ((5, 5), (3, 5), (8, 8)):
        await floors.put(connection, {key(): version})
        assert await floor(connection) == (kept, False)


async def test_a_floor_set_again_is_to_be_decided_again(connection: AsyncConnection):
    await floors.put(connection, {key(): 5})
    await floors.decide(connection)
    assert await floor(connection) == (5, True)
    await floors.put(connection, {key(): 4})
    assert await floor(connection) == (5, False)


async def test_what_was_lifted_is_gone_and_its_neighbours_stay(connection: AsyncConnection):
    person = (PERSONS, str(TOWN))  # the same id under another topic is another key
    await floors.put(connection, {key(): 5, key(DISTRICT): 6, person: 7})
    await floors.lift(connection, [key(), (PERSONS, str(DISTRICT))])
    assert await floor(connection) is None
    assert await floor(connection, key(DISTRICT)) == (6, False)
    assert await floor(connection, person) == (7, False)


async def test_nothing_to_set_or_lift_is_no_error(connection: AsyncConnection):
    await floors.put(connection, {})
    await floors.lift(connection, [])
    await floors.renumber(connection, [])
    assert await floor(connection) is None


async def test_without_a_floor_events_keep_their_versions(connection: AsyncConnection):
    assert await announced(connection, [news(1), news(2)]) == [(1, "1"), (2, "2")]
    assert await floor(connection) is None


async def test_what_a_key_announces_goes_on_after_its_floor(connection: AsyncConnection):
    """The log knows 7; a database restored to 3 gives 8 and 9, in value and header alike."""
    await floors.put(connection, {key(): 7})
    assert await announced(connection, [news(4), news(5)]) == [(8, "8"), (9, "9")]
    assert await floor(connection) == (9, False)


async def test_a_key_above_its_floor_keeps_its_version_and_raises_it(connection: AsyncConnection):
    await floors.put(connection, {key(): 7})
    assert await announced(connection, [news(12), news(13)]) == [(12, "12"), (13, "13")]
    assert await floor(connection) == (13, False)


async def test_two_keys_are_numbered_apart(connection: AsyncConnection):
    await floors.put(connection, {key(): 7, key(DISTRICT): 2})
    events = [news(1), news(1, DISTRICT), news(2), news(2, DISTRICT)]
    assert [version for version, _ in await announced(connection, events)] == [8, 3, 9, 4]


async def test_a_second_unit_goes_on_where_the_first_ended(connection: AsyncConnection):
    await floors.put(connection, {key(): 7})
    await announced(connection, [news(4)])
    await connection.execute(text("DELETE FROM outbox"))
    assert await announced(connection, [news(5)]) == [(9, "9")]


@pytest.mark.parametrize("decided", [False, True])
async def test_a_floor_holds_whether_it_was_decided_or_not(
    connection: AsyncConnection, decided: bool
):
    await floors.put(connection, {key(): 7})
    if decided:
        await floors.decide(connection)
    assert await announced(connection, [news(1)]) == [(8, "8")]
    assert await floor(connection) == (8, decided)
