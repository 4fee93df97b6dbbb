"""Two at once: names belong to one account, one role is given once, the later one sees the first.

On connections of their own and committed: what a lock is for shows between transactions only.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from marktbund.contracts.members import Grant
from marktbund.contracts.notices import NoticeGiven
from marktbund.envelope import Origin
from marktbund.errors import DomainError
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Engines
from marktbund.testing.records import received
from marktbund.unit_of_work import Database, UnitOfWork
from members import handlers
from members.commands import (
    AdoptRules,
    AskForRole,
    DecideRequest,
    FirstOffice,
    GrantRoles,
    RegisterMember,
    RegisterPerson,
    SetContact,
)

ORIGIN = Origin(correlation_id="at-once")
Work = Callable[[UnitOfWork], Awaitable[Any]]


async def each_alone(database: Database, works: Sequence[Work]) -> list[Any]:
    """All works begun together, each in a transaction of its own; results, or codes of refusals."""

    async def alone(work: Work) -> Any:
        try:
            async with database.begin(ORIGIN) as uow:
                return await work(uow)
        except DomainError as error:
            return error.code

    return await asyncio.gather(*[alone(work) for work in works])


async def rows(database: Database, query: str, **values: Any) -> list[tuple[Any, ...]]:
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(text(query), values)]


@pytest.fixture
async def database(committed: ServiceDatabase, engines: Engines) -> Database:
    return Database(engines(committed), "members")


@pytest.fixture
async def office(database: Database) -> list[UUID]:
    """The two of the office, made by four bootstraps at once where nobody made them yet."""
    commands = [FirstOffice(sub=f"first-{number}") for number in range(4)]
    await each_alone(
        database, [lambda uow, c=c: handlers.bootstrap_office(c, uow) for c in commands]
    )
    query = "SELECT person_id FROM person WHERE sub LIKE 'first-%' ORDER BY person_id"
    return [person_id for (person_id,) in await rows(database, query)]


@pytest.fixture
async def town(database: Database) -> UUID:
    body = {"name": "Stadt", "legal_form": "municipality", "official_key": str(new_id())}
    async with database.begin(ORIGIN) as uow:
        return (await handlers.register_member(RegisterMember.model_validate(body), uow)).member_id


async def somebody(database: Database, by: UUID, **more: Any) -> UUID:
    command = RegisterPerson(sub=str(new_id()), email=f"{new_id()}@stadt.example", **more)
    async with database.begin(ORIGIN) as uow:
        return (await handlers.register_person(command, by, uow)).person_id


def sorted_codes(results: Sequence[Any]) -> list[str]:
    return sorted(result for result in results if isinstance(result, str))


async def test_four_bootstraps_at_once_make_two_of_the_office(office: list[UUID]):
    assert len(office) == 2


async def test_an_address_is_one_accounts_whoever_comes_first(
    database: Database, office: list[UUID]
):
    addresses = ["Neu@Stadt.example", "neu@stadt.example", "NEU@stadt.example"]
    commands = [RegisterPerson(sub=str(new_id()), email=address) for address in addresses]
    results = await each_alone(
        database, [lambda uow, c=c: handlers.register_person(c, office[0], uow) for c in commands]
    )
    assert sorted_codes(results) == ["email_taken", "email_taken"]
    query = "SELECT count(*) FROM contact WHERE lower(email) = 'neu@stadt.example'"
    assert await rows(database, query) == [(1,)]


async def test_two_people_moved_to_one_address_are_not_both_there(
    database: Database, office: list[UUID]
):
    people = [await somebody(database, office[0]) for _ in range(2)]
    command = SetContact(email=f"{new_id()}@stadt.example")
    results = await each_alone(
        database,
        [lambda uow, p=p: handlers.set_contact(p, command, office[0], uow) for p in people],
    )
    assert sorted_codes(results) == ["email_taken"]


async def test_a_token_subject_is_one_accounts(database: Database, office: list[UUID]):
    command = RegisterPerson(sub=str(new_id()))
    results = await each_alone(
        database, [lambda uow: handlers.register_person(command, office[0], uow)] * 3
    )
    assert sorted_codes(results) == ["person_exists", "person_exists"]


async def test_an_official_key_is_one_members(database: Database):
    body = {"name": "Kreis", "legal_form": "district", "official_key": str(new_id())}
    command = RegisterMember.model_validate(body)
    results = await each_alone(database, [lambda uow: handlers.register_member(command, uow)] * 3)
    assert sorted_codes(results) == ["member_exists", "member_exists"]


async def test_two_confirmations_at_once_give_a_role_once(
    database: Database, office: list[UUID], town: UUID
):
    asked = Grant(role="approver", member_id=town)
    person_id = await somebody(database, office[0], grants=(asked,))
    query = "SELECT request_id FROM grant_request WHERE person_id = :person_id"
    [(request_id,)] = await rows(database, query, person_id=person_id)
    command = DecideRequest(comment="ja")
    results = await each_alone(
        database,
        [lambda uow: handlers.confirm_request(request_id, command, office[1], uow)] * 2,
    )
    assert sorted_codes(results) == ["request_decided"]
    query = "SELECT role, member_id FROM held_role WHERE person_id = :person_id"
    assert await rows(database, query, person_id=person_id) == [("approver", town)]
    query = "SELECT version FROM person WHERE person_id = :person_id"
    assert await rows(database, query, person_id=person_id) == [(3,)]


async def test_a_yes_and_a_no_at_once_are_one_of_the_two(
    database: Database, office: list[UUID], town: UUID
):
    asked = Grant(role="finance", member_id=town)
    person_id = await somebody(database, office[0], grants=(asked,))
    query = "SELECT request_id FROM grant_request WHERE person_id = :person_id"
    [(request_id,)] = await rows(database, query, person_id=person_id)
    command = DecideRequest(comment="so")
    results = await each_alone(
        database,
        [
            lambda uow: handlers.confirm_request(request_id, command, office[1], uow),
            lambda uow: handlers.refuse_request(request_id, command, office[1], uow),
        ],
    )
    assert sorted_codes(results) == ["request_decided"]
    query = "SELECT state FROM grant_request WHERE request_id = :request_id"
    [(state,)] = await rows(database, query, request_id=request_id)
    query = "SELECT count(*) FROM held_role WHERE person_id = :person_id"
    [(held,)] = await rows(database, query, person_id=person_id)
    assert (state, held) in {("confirmed", 1), ("refused", 0)}


async def test_a_role_asked_for_twice_at_once_waits_once(
    database: Database, office: list[UUID], town: UUID
):
    person_id = await somebody(database, office[0])
    command = AskForRole(person_id=person_id, role="approver", member_id=town)
    results = await each_alone(
        database,
        [lambda uow, by=by: handlers.ask_for_role(command, by, uow) for by in office],
    )
    assert sorted_codes(results) == []
    query = "SELECT count(*) FROM grant_request WHERE person_id = :person_id"
    assert await rows(database, query, person_id=person_id) == [(1,)]


async def test_roles_given_at_once_are_all_held(database: Database, office: list[UUID], town: UUID):
    person_id = await somebody(database, office[0])
    commands = [
        AskForRole(person_id=person_id, role=role, member_id=town)
        for role in ("requester", "receiver", "expert", "auditor")
    ]
    results = await each_alone(
        database, [lambda uow, c=c: handlers.ask_for_role(c, office[0], uow) for c in commands]
    )
    assert sorted_codes(results) == []
    query = "SELECT role FROM held_role WHERE person_id = :person_id ORDER BY role"
    held = [role for (role,) in await rows(database, query, person_id=person_id)]
    assert held == ["auditor", "expert", "receiver", "requester"]
    announced = "SELECT count(*) FROM outbox WHERE aggregateid = :person_id"
    assert await rows(database, announced, person_id=str(person_id)) == [(5,)]


async def test_an_account_that_is_closed_meanwhile_gets_nothing(
    database: Database, office: list[UUID], town: UUID
):
    person_id = await somebody(database, office[0])
    command = GrantRoles(grants=(Grant(role="requester", member_id=town),))
    async with database.begin(ORIGIN) as closing:
        await handlers.deactivate_person(person_id, office[0], closing)
        works: list[Work] = [lambda uow: handlers.grant_roles(person_id, command, office[0], uow)]
        later = asyncio.create_task(each_alone(database, works))
        await asyncio.wait([later], timeout=0.1)
        assert not later.done()
    assert await later == ["person_inactive"]


async def test_the_first_rules_adopted_twice_at_once_are_one_set_in_two_versions(
    database: Database, office: list[UUID], town: UUID
):
    command = AdoptRules(preset="hesse-2021")
    results = await each_alone(
        database, [lambda uow: handlers.adopt_rules(town, command, office[0], uow)] * 2
    )
    assert sorted(rule_set.version for rule_set in results) == [1, 2]
    assert len({rule_set.rule_set_id for rule_set in results}) == 1


async def test_two_workers_never_take_the_same_mail(database: Database, office: list[UUID]):
    person_id = await somebody(database, office[0])
    notices = [
        NoticeGiven(
            version=number,
            notice_id=new_id(),
            person_id=person_id,
            member_id=new_id(),
            kind="order_approved",
            order_id=new_id(),
        )
        for number in range(1, 7)
    ]
    async with database.begin(ORIGIN) as uow:
        await handlers.claim_mails(uow.now, 500, uow)  # what others left
        await handlers.note_notices([received(notice) for notice in notices], uow)
        now = uow.now
    async with database.begin(ORIGIN) as first:
        taken = await handlers.claim_mails(now, 4, first)
        async with database.begin(ORIGIN) as second:
            rest = await handlers.claim_mails(now, 500, second)
    both = [claim.notice_id for claim in (*taken, *rest)]
    assert len(taken) == 4
    assert {notice.notice_id for notice in notices} <= set(both)
    assert len(both) == len(set(both))
