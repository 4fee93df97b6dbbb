"""What is taken in: every type of every topic heard, byte for byte."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation import consumers
from marktbund.contracts import TOPICS
from marktbund.contracts.catalog import VersionPublished
from marktbund.contracts.members import MemberStatusChanged
from marktbund.contracts.orders import OrderApproved
from marktbund.envelope import Origin, Unread
from marktbund.ids import new_id
from marktbund.testing.databases import PinnedDatabase

BEFORE = datetime(2026, 4, 1, 8, 30, tzinfo=UTC)


async def test_an_event_waits_with_its_exact_bytes_and_its_commitments(
    connection: AsyncConnection, build: Any
):
    order_id, member_id = new_id(), new_id()
    event = OrderApproved(version=3, order_id=order_id, member_id=member_id, basis="not_required")
    value = b' {"version": 3, "order_id": "%s" }\n' % str(order_id).encode()
    origin = Origin(correlation_id="c", business_time=BEFORE, demo=True)
    record = build.event(event, value=value, origin=origin)
    database = PinnedDatabase(connection, "documentation")
    async with database.begin(Origin(correlation_id="c")) as uow:
        await build.take_in(uow, [record])
    row = (await connection.execute(text("SELECT * FROM unsealed"))).one()
    assert row.chain_id == str(member_id)
    assert (row.event_id, row.type, row.key) == (record.event_id, event.type_name(), event.key)
    assert (row.aggregate_version, row.demo, row.order_id) == (3, True, order_id)
    assert (row.time, row.business_time) == ("2026-05-04T10:00:00Z", "2026-04-01T08:30:00Z")
    assert row.payload == value
    assert row.leaf == sha256(row.salt + value).digest()


async def test_salts_are_never_shared(connection: AsyncConnection, build: Any):
    database = PinnedDatabase(connection, "documentation")
    async with database.begin(Origin(correlation_id="c")) as uow:
        await build.take_in(uow, build.orders(new_id(), 100))
    salts = await connection.execute(text("SELECT DISTINCT salt FROM unsealed"))
    assert len(salts.all()) == 100


async def test_what_concerns_no_member_goes_to_the_cooperative(
    connection: AsyncConnection, build: Any
):
    published = VersionPublished(
        version=1,
        supplier_id=new_id(),
        price_list=1,
        content_sha256="0" * 64,
        articles=1,
        added=1,
        changed=0,
        withdrawn=0,
    )
    member = MemberStatusChanged(version=2, member_id=new_id(), status="suspended")
    database = PinnedDatabase(connection, "documentation")
    async with database.begin(Origin(correlation_id="c")) as uow:
        records = [build.event(published), build.event(member), *build.persons(1)]
        await build.take_in(uow, records)
    rows = await connection.execute(text("SELECT chain_id FROM unsealed ORDER BY seq"))
    assert sorted(rows.scalars()) == sorted(["cooperative", str(member.member_id), "cooperative"])


def test_every_fact_of_every_other_service_has_the_same_handler():
    heard = consumers.hearing().handlers
    facts = {topic for topic in TOPICS.values() if topic.kind == "events"}
    assert set(heard) == {topic for topic in facts if topic.owner != "documentation"}
    assert len(set(heard.values())) == 1


async def test_an_event_of_a_later_type_is_taken_in_as_it_came(
    connection: AsyncConnection, build: Any
):
    member_id, value = new_id(), b'{"version": 1, "news": "of a later release"}'
    known = build.event(MemberStatusChanged(version=1, member_id=member_id, status="active"))
    later = replace(
        known,
        event=Unread(version=1, record_key=str(member_id)),
        type="marktbund.members.MemberMerged.v1",
        value=value,
    )
    database = PinnedDatabase(connection, "documentation")
    async with database.begin(Origin(correlation_id="c")) as uow:
        await build.take_in(uow, [later])
    row = (await connection.execute(text("SELECT * FROM unsealed"))).one()
    assert (row.chain_id, row.type, row.payload) == ("cooperative", later.type, value)
    assert consumers.hearing().keeps_unread
