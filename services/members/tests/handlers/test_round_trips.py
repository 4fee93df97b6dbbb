"""A change is locks, facts and one write: three statements, however much comes of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from marktbund.contracts.members import Grant
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from members import handlers
from members.commands import (
    AdoptRules,
    ChangeMemberStatus,
    DecideRequest,
    GrantRoles,
    RegisterPerson,
    SetContact,
)
from services.members.tests.people import House, settled


@pytest.fixture
async def house(doors: Doors) -> House:
    return await settled(doors)


@contextmanager
def statements(doors: Doors) -> Iterator[list[str]]:
    """What goes to the database meanwhile, savepoints of the test aside."""
    sent: list[str] = []
    connection = doors.database.connection.sync_connection

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement.split(maxsplit=1)[0])

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


LOCKS_FACTS_WRITE = ["WITH", "SELECT", "WITH"]


async def office_of(house: House) -> UUID:
    query = "SELECT person_id FROM principal ORDER BY person_id LIMIT 1"
    connection = house.doors.database.connection
    return UUID(str((await connection.exec_driver_sql(query)).scalar_one()))


async def test_every_change_of_an_account_is_three_statements(house: House):
    office, town = await office_of(house), UUID(house.town)
    person = await house.register({"role": "approver", "member_id": house.town})
    person_id = UUID(person["person_id"])
    request_id = UUID(person["requests"][0]["request_id"])
    newcomer = RegisterPerson(
        email=f"{new_id()}@stadt.example",
        grants=(Grant(role="board"), Grant(role="finance", member_id=town)),
    )
    roles = GrantRoles(grants=(Grant(role="receiver", member_id=town), Grant(role="auditor")))
    address = SetContact(email=f"{new_id()}@stadt.example")
    changes = [
        lambda uow: handlers.register_person(newcomer, office, uow),
        lambda uow: handlers.refuse_request(request_id, DecideRequest(comment="x"), office, uow),
        lambda uow: handlers.grant_roles(person_id, roles, office, uow),
        lambda uow: handlers.set_contact(person_id, address, office, uow),
        lambda uow: handlers.deactivate_person(person_id, office, uow),
    ]
    for change in changes:
        async with house.doors.database.begin(Origin(correlation_id="counted")) as uow:
            with statements(house.doors) as sent:
                await change(uow)
        assert sent == LOCKS_FACTS_WRITE
    assert (await house.doors.announced())[-1] == "GrantRefused"


async def test_so_is_a_change_of_a_body_and_of_its_rules(house: House):
    office, town = await office_of(house), UUID(house.town)
    status, rules = ChangeMemberStatus(status="suspended"), AdoptRules(preset="hesse-2021")
    changes = [
        lambda uow: handlers.change_member_status(town, status, uow),
        lambda uow: handlers.adopt_rules(town, rules, office, uow),
        lambda uow: handlers.withdraw_rules(town, office, uow),
    ]
    for change in changes:
        async with house.doors.database.begin(Origin(correlation_id="counted")) as uow:
            with statements(house.doors) as sent:
                await change(uow)
        assert sent == LOCKS_FACTS_WRITE


async def test_a_change_that_changes_nothing_writes_nothing(house: House):
    status = ChangeMemberStatus(status="active")
    async with house.doors.database.begin(Origin(correlation_id="counted")) as uow:
        with statements(house.doors) as sent:
            await handlers.change_member_status(UUID(house.town), status, uow)
    assert sent == LOCKS_FACTS_WRITE[:2]
