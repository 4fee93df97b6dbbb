"""What one pass of the relay takes from the outbox, and what it deletes afterwards."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import published
from marktbund.ids import new_id
from marktbund.relay import _DELETE, _NEXT

TOPIC = "relay.test.events.v1"
_PUT = text("""
    INSERT INTO outbox (id, aggregatetype, aggregateid, type, topic, payload, headers)
    VALUES (:id, 'test', :key, 't', :topic, :payload, '{}') RETURNING seq
""")


async def put(connection: AsyncConnection, *sizes: int) -> list[int]:
    """Rows with payloads of so many bytes; their numbers."""
    rows = []
    for size in sizes:
        values = {"id": new_id(), "key": str(size), "topic": TOPIC, "payload": b"x" * size}
        rows.append(int(await connection.scalar(_PUT, values)))
    return rows


async def taken(connection: AsyncConnection, batch: int, most_bytes: int) -> list[int]:
    rows = await connection.execute(_NEXT, {"batch": batch, "bytes": most_bytes})
    return [row.seq for row in rows]


async def held_by(connection: AsyncConnection, owner: UUID, until: str) -> None:
    """Let the relay's lease be somebody's until some time from now."""
    claim = f"UPDATE lease SET owner = :o, lease_until = clock_timestamp() + interval '{until}'"
    await connection.execute(text(f"{claim} WHERE task = 'relay'"), {"o": owner})


async def delete(
    connection: AsyncConnection, owner: UUID, seqs: Sequence[int], reached: int
) -> None:
    columns = published.columns({(TOPIC, 0): reached})
    await connection.execute(
        _DELETE, {"seqs": list(seqs), "task": "relay", "owner": owner} | columns
    )


async def left(connection: AsyncConnection) -> list[int]:
    return list((await connection.execute(text("SELECT seq FROM outbox ORDER BY seq"))).scalars())


async def noted(connection: AsyncConnection) -> int | None:
    return (await published.stored(connection)).get((TOPIC, 0))


async def test_rows_are_taken_in_the_order_they_were_announced(connection: AsyncConnection):
    rows = await put(connection, 10, 10, 10, 10)
    assert await taken(connection, 3, 1000) == rows[:3]
    assert await taken(connection, 9, 1000) == rows


@pytest.mark.parametrize(
    ("most_bytes", "number"),
    [(1, 1), (99, 1), (100, 1), (101, 2), (200, 2), (201, 3), (1000, 3)],
)
async def test_a_pass_ends_once_it_is_long(
    connection: AsyncConnection, most_bytes: int, number: int
):
    rows = await put(connection, 100, 100, 100)
    assert await taken(connection, 10, most_bytes) == rows[:number]


async def test_a_row_longer_than_a_pass_is_taken_alone_and_holds_up_nobody(
    connection: AsyncConnection,
):
    rows = await put(connection, 5000, 10, 10)
    assert await taken(connection, 10, 100) == rows[:1]
    await connection.execute(text("DELETE FROM outbox WHERE seq = :s"), {"s": rows[0]})
    assert await taken(connection, 10, 100) == rows[1:]


async def test_a_row_of_the_release_before_has_its_place_among_the_others(
    connection: AsyncConnection,
):
    first = await put(connection, 10)
    old = await connection.scalar(
        text("""INSERT INTO outbox
                    (id, aggregatetype, aggregateid, type, topic, payload, headers, shard)
                VALUES (:id, 'test', 'k', 't', :topic, 'x', '{}', 11) RETURNING seq"""),
        {"id": new_id(), "topic": TOPIC},
    )
    last = await put(connection, 10)
    assert await taken(connection, 10, 1000) == [*first, old, *last]


async def test_the_release_before_finds_rows_of_this_one_in_a_shard_it_holds(
    connection: AsyncConnection,
):
    rows = await put(connection, 10, 10)
    asked = text("SELECT seq FROM outbox WHERE shard = ANY(:shards) ORDER BY seq")
    seen = await connection.execute(asked, {"shards": list(range(16))})
    assert list(seen.scalars()) == rows


async def test_what_was_confirmed_is_deleted_and_noted_in_one_statement(
    connection: AsyncConnection,
):
    me, rows = uuid4(), await put(connection, 10, 10, 10)
    await held_by(connection, me, "10 s")
    await delete(connection, me, rows[:2], 7)
    assert await left(connection) == rows[2:]
    assert await noted(connection) == 7


@pytest.mark.parametrize("until", ["-1 ms", "10 s"], ids=["run out", "of another"])
async def test_who_lost_the_lease_deletes_and_notes_nothing(
    connection: AsyncConnection, until: str
):
    me, rows = uuid4(), await put(connection, 10, 10)
    await held_by(connection, me if until == "-1 ms" else uuid4(), until)
    await delete(connection, me, rows, 7)
    assert await left(connection) == rows
    assert await noted(connection) is None


async def test_rows_that_another_sender_deleted_already_move_nothing(
    connection: AsyncConnection,
):
    me, rows = uuid4(), await put(connection, 10)
    await held_by(connection, me, "10 s")
    await delete(connection, me, rows, 7)
    await delete(connection, me, rows, 9)
    assert await noted(connection) == 7
    assert await left(connection) == []
