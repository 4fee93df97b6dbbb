"""A new type of event is announced only where its flag is on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from marktbund.contracts.base import Message, Topic
from marktbund.contracts.introduced import INTRODUCED, HeldBackError, Introduced, flag_of, unknown
from marktbund.contracts.members import MEMBER_EVENTS, MemberStatusChanged
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.unit_of_work import Database, UnitOfWork

ORIGIN = Origin("test")


class MemberJoined(Message):
    """What a later release announces of a member."""

    topic: ClassVar[Topic] = MEMBER_EVENTS
    key_field: ClassVar[str] = "member_id"

    member_id: UUID


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    """The type in the list of types, with the flag `joining`."""
    INTRODUCED[MemberJoined.type_name()] = Introduced("9.0.0", "joining")
    yield
    del INTRODUCED[MemberJoined.type_name()]


def joined() -> MemberJoined:
    return MemberJoined(version=1, member_id=new_id())


def changed() -> MemberStatusChanged:
    return MemberStatusChanged(version=1, member_id=new_id(), status="active")


async def types(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(text("SELECT type FROM outbox"))).scalars())


async def test_a_type_whose_flag_is_off_takes_its_transaction_with_it(database: Database):
    async def announcing() -> None:
        async with database.begin(ORIGIN) as uow:
            uow.announce(changed())
            uow.announce(joined())

    with pytest.raises(HeldBackError, match="MemberJoined"):
        await announcing()
    assert await types(database) == []


async def test_of_several_events_none_is_announced_when_a_flag_is_off(database: Database):
    async with database.begin(ORIGIN) as uow:
        with pytest.raises(HeldBackError):
            uow.announce(changed(), joined())
        assert uow.take_announced() == []


async def test_a_type_whose_flag_is_on_is_announced_like_any_other(engine: AsyncEngine):
    database = Database(engine, "members", frozenset({"joining"}))
    async with database.begin(ORIGIN) as uow:
        uow.announce(joined(), changed())
    assert await types(database) == [MemberJoined.type_name(), MemberStatusChanged.type_name()]


@pytest.mark.parametrize(
    ("flags", "emitted"), [((), False), (("joining",), True), (("joining2", "JOINING"), False)]
)
def test_a_handler_asks_before_it_decides(flags: tuple[str, ...], emitted: bool):
    uow = UnitOfWork(None, ORIGIN, datetime.now(UTC), "members", frozenset(flags))
    assert uow.emits(MemberJoined) is emitted
    assert uow.emits(MemberStatusChanged)


def test_a_type_without_a_flag_is_announced_always():
    assert flag_of("marktbund.members.MemberRegistered.v1") is None
    assert flag_of("marktbund.members.GrantRequested.v1") is None
    assert flag_of(MemberJoined.type_name()) == "joining"


def test_flags_that_no_type_has_are_named():
    assert unknown(["joining"]) == []
    assert unknown(["tallying", "joining", "counting"]) == ["counting", "tallying"]
