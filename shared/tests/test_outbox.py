"""The outbox: in the transaction, in order, and never more than the broker takes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text

from marktbund.contracts.members import MemberRegistered, MemberStatusChanged
from marktbund.envelope import MAX_VALUE_BYTES, Origin
from marktbund.errors import TooLarge
from marktbund.ids import new_id
from marktbund.jsons import loads
from marktbund.unit_of_work import Database

ORIGIN = Origin("joined", business_time=datetime(2026, 1, 31, tzinfo=UTC), demo=True)


def changed(member_id: UUID, version: int) -> MemberStatusChanged:
    return MemberStatusChanged(version=version, member_id=member_id, status="suspended")


def registered(name: str) -> MemberRegistered:
    return MemberRegistered(
        version=1, member_id=new_id(), name=name, legal_form="other", official_key="1"
    )


async def rows(database: Database) -> Sequence[Row[Any]]:
    async with database.reading() as connection:
        return (await connection.execute(text("SELECT * FROM outbox ORDER BY seq"))).all()


async def test_seq_follows_the_order_of_announcing(database: Database):
    first, second = new_id(), new_id()
    async with database.begin(ORIGIN) as uow:
        uow.announce(changed(second, 1), changed(first, 1))
        uow.announce(changed(second, 2))
        uow.announce(*(changed(first, version) for version in range(2, 50)))
    stored = [
        (row.aggregateid, loads(bytes(row.payload))["version"]) for row in await rows(database)
    ]
    expected = [(str(second), 1), (str(first), 1), (str(second), 2)]
    assert stored == expected + [(str(first), version) for version in range(2, 50)]


async def test_a_row_says_all_an_event_router_needs(database: Database):
    event = changed(new_id(), 7)
    async with database.begin(ORIGIN) as uow:
        uow.announce(event)
    (row,) = await rows(database)
    assert (row.aggregatetype, row.aggregateid, row.topic) == (
        "member",
        event.key,
        "members.member.events.v1",
    )
    assert row.type == "marktbund.members.MemberStatusChanged.v1"
    assert MemberStatusChanged.model_validate_json(row.payload) == event
    headers = dict(row.headers)
    assert UUID(headers.pop("ce_id")) == row.id
    assert datetime.fromisoformat(headers.pop("ce_time")).tzinfo is not None
    assert headers == {
        "ce_specversion": "1.0",
        "ce_source": "/marktbund/members",
        "ce_type": row.type,
        "ce_subject": event.key,
        "content-type": "application/json",
        "correlation_id": "joined",
        "aggregate_version": "7",
        "demo": "true",
        "business_time": "2026-01-31T00:00:00+00:00",
    }


async def test_each_event_may_have_an_origin_of_its_own(database: Database):
    async with database.begin(ORIGIN) as uow:
        uow.announce(changed(new_id(), 1), origin=Origin("other"))
        uow.announce(changed(new_id(), 1))
    assert [row.headers["correlation_id"] for row in await rows(database)] == ["other", "joined"]
    assert "business_time" not in (await rows(database))[0].headers


async def test_what_is_rolled_back_was_never_announced(database: Database):
    async def announce_and_fail() -> None:
        async with database.begin(ORIGIN) as uow:
            uow.announce(changed(new_id(), 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await announce_and_fail()
    assert await rows(database) == []
    assert database.commits == 0


async def test_an_event_the_broker_would_refuse_stops_its_own_transaction(database: Database):
    shell = len(registered("").model_dump_json())
    fits, too_large = (registered("x" * (MAX_VALUE_BYTES - shell + more)) for more in (0, 1))
    async with database.begin(ORIGIN) as uow:
        uow.announce(fits)

    async def change_and_announce() -> None:
        async with database.begin(ORIGIN) as uow:
            await uow.connection.execute(text("UPDATE lease SET owner = gen_random_uuid()"))
            uow.announce(changed(new_id(), 1), too_large)

    with pytest.raises(TooLarge) as refused:
        await change_and_announce()
    assert (refused.value.code, refused.value.status) == ("event_too_large", 413)
    assert [row.aggregateid for row in await rows(database)] == [fits.key]
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT max(epoch) FROM lease")) != 99


async def test_a_size_is_counted_in_bytes(database: Database):
    async def announce() -> None:
        async with database.begin(ORIGIN) as uow:
            uow.announce(registered("ü" * (MAX_VALUE_BYTES // 2)))

    with pytest.raises(TooLarge):
        await announce()
