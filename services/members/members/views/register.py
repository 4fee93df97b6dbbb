"""Members, units, accounts and rule sets as they are."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import Column, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http import Answer
from marktbund.contracts.http.members import (
    ContactAnswer,
    MemberAnswer,
    NoticesAnswer,
    PersonAnswer,
    RuleSetAnswer,
    UnitAnswer,
)
from marktbund.errors import NotFound
from members.store import member_table, person_table, rule_set_table, unit_table

Listed = TypeVar("Listed", bound=Answer)
_CONTACT = text("""
    SELECT p.person_id, c.email,
           CASE WHEN s.person_id IS NULL THEN 'elsewhere'
                WHEN s.refused_at IS NOT NULL THEN 'refused'
                WHEN s.told < s.wanted THEN 'waiting' ELSE 'known' END AS sign_in
      FROM person AS p LEFT JOIN contact AS c USING (person_id)
      LEFT JOIN sign_in AS s USING (person_id)
     WHERE p.person_id = :person_id
""")
_NOTICES = text("""
    SELECT c.email, ARRAY(SELECT kind FROM unwanted_notice AS u
                           WHERE u.person_id = p.person_id ORDER BY kind) AS unwanted
      FROM person AS p LEFT JOIN contact AS c USING (person_id) WHERE p.person_id = :person_id
""")


async def rule_set(connection: AsyncConnection, member_id: UUID) -> RuleSetAnswer:
    """A member's rules. Raises NotFound (`rule_set_unknown`)."""
    query = select(rule_set_table).where(rule_set_table.c.member_id == member_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("rule_set_unknown", "Dieses Mitglied hat keine Vergaberegeln")
    return RuleSetAnswer.model_validate(row)


async def members(
    connection: AsyncConnection, after: UUID | None, limit: int
) -> list[MemberAnswer]:
    """A page of members by id; `after` is the last id of the page before."""
    return await _page(connection, MemberAnswer, member_table.c.member_id, after, limit)


async def units(connection: AsyncConnection, after: UUID | None, limit: int) -> list[UnitAnswer]:
    """A page of units by id."""
    return await _page(connection, UnitAnswer, unit_table.c.unit_id, after, limit)


async def persons(
    connection: AsyncConnection, after: UUID | None, limit: int
) -> list[PersonAnswer]:
    """A page of accounts by id."""
    return await _page(connection, PersonAnswer, person_table.c.person_id, after, limit)


async def _page(
    connection: AsyncConnection,
    answer: type[Listed],
    by: Column[UUID],
    after: UUID | None,
    limit: int,
) -> list[Listed]:
    query = select(by.table).order_by(by).limit(limit)
    if after is not None:
        query = query.where(by > after)
    return [answer.model_validate(row) for row in await connection.execute(query)]


async def contact(connection: AsyncConnection, person_id: UUID) -> ContactAnswer:
    """Where a person is reached. Raises NotFound (`person_unknown`)."""
    row = (await connection.execute(_CONTACT, {"person_id": person_id})).one_or_none()
    if row is None:
        raise NotFound("person_unknown", "Dieses Konto gibt es nicht", field="person_id")
    return ContactAnswer.model_validate(row)


async def notices(connection: AsyncConnection, sub: str) -> NoticesAnswer:
    """The mails of the account behind a token subject. Raises what `person_by_sub` does."""
    person_id = (await person_by_sub(connection, sub)).person_id
    row = (await connection.execute(_NOTICES, {"person_id": person_id})).one()
    return NoticesAnswer.model_validate(row)


async def person(connection: AsyncConnection, person_id: UUID) -> PersonAnswer:
    """An account. Raises NotFound (`person_unknown`)."""
    query = select(person_table).where(person_table.c.person_id == person_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("person_unknown", "Dieses Konto gibt es nicht", field="person_id")
    return PersonAnswer.model_validate(row)


async def person_by_sub(connection: AsyncConnection, sub: str) -> PersonAnswer:
    """The account behind a token subject. Raises NotFound (`person_unknown`)."""
    query = select(person_table).where(person_table.c.sub == sub)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("person_unknown", "Dieses Konto gibt es nicht")
    return PersonAnswer.model_validate(row)
