"""The operator's doors, on members: parked records are listed, nobody else gets in."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, doors_of, rolled_back
from members.main import SERVICE

PARK = text("""
    INSERT INTO dead_letter
        (id, consumer, topic, partition, record_offset, key, headers, value, code, cause)
    VALUES (:id, 'members.v1', 'orders.order.events.v1', 3, 17, 'a-key', '[]', 'secret', 'bad_json',
            'line 1')
""")

GAP = text("""
    INSERT INTO version_gap (consumer, topic, key, expected, got, seen_at)
    VALUES ('members.v1', 'orders.order.events.v1', :key, 1, 3, now() - :age * interval '1 s')
""")


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async for made in rolled_back(engine):
        yield made


@pytest.fixture
async def doors(connection: AsyncConnection, platform: ServiceDatabase) -> Doors:
    return doors_of(SERVICE, connection, platform.app_url)


async def test_parked_records_are_listed_without_their_content(
    doors: Doors, connection: AsyncConnection
):
    await connection.execute(PARK, {"id": new_id()})
    operator = await doors.account(("operator", None))
    answer = await doors.client.get("/operations/dead-letters?key=a-key", headers=operator)
    assert [letter["code"] for letter in answer.json()] == ["bad_json"]
    assert "secret" not in answer.text
    status = await doors.client.get("/operations/status", headers=operator)
    assert status.json()["outbox_waiting"] == 0


@pytest.mark.parametrize("gaps", [0, 3, 130])
async def test_the_newest_gaps_are_shown_and_all_are_counted(
    doors: Doors, connection: AsyncConnection, gaps: int
):
    await connection.execute(text("DELETE FROM version_gap"))
    if gaps:
        rows = [{"key": f"key-{number}", "age": number} for number in range(gaps)]
        await connection.execute(GAP, rows)
    operator = await doors.account(("operator", None))
    status = (await doors.client.get("/operations/status", headers=operator)).json()
    newest = [f"key-{number}" for number in range(min(gaps, 100))]
    assert [gap["key"] for gap in status["gaps"]] == newest
    assert status["gaps_total"] == gaps


@pytest.mark.parametrize("path", ["/operations/dead-letters", "/operations/status"])
async def test_only_an_operator_gets_in(doors: Doors, path: str):
    office = await doors.account(("office", None))
    assert (await doors.client.get(path, headers=office)).status_code == 403
    assert (await doors.client.get(path)).status_code == 401
