"""Locks, taken in everybody's order and held until the commit: what nobody else may change while it
is decided. What stands behind them is asked in a later statement.
"""

from uuid import UUID

from marktbund import statements
from marktbund.statements import Clause
from marktbund.unit_of_work import UnitOfWork

LOCK_ORDER = (
    "held_authorities",
    "held_office",
    "held_key",
    "held_subject",
    "held_address",
    "held_member",
    "held_unit",
    "held_person",
)
"""In which order locks are taken, by names of clauses: what the house has once, names that belong
to somebody alone, rows.
"""


async def hold(uow: UnitOfWork, *locks: Clause) -> None:
    """Take locks, in this order whatever the order they are named in."""
    await statements.hold(uow.connection, LOCK_ORDER, *locks)


def authorities() -> Clause:
    """Who belongs to whom: two could make a chain together."""
    return _named("held_authorities", "members.authority")


def office() -> Clause:
    """How many accounts the office has."""
    return _named("held_office", "members.office")


def official_key(key: str) -> Clause:
    """Whose an official key is."""
    return _named("held_key", f"members.key {key}")


def subject(sub: str) -> Clause:
    """Whose a token subject is."""
    return _named("held_subject", f"members.sub {sub}")


def address(email: str) -> Clause:
    """Whose an address of mail is, however it is spelt."""
    return _named("held_address", f"members.email {email.casefold()}")


def member(member_id: UUID) -> Clause:
    """A member, and its rules of awarding."""
    return _row("held_member", "member", "member_id = :held_member_id", held_member_id=member_id)


def unit(unit_id: UUID) -> Clause:
    """A unit."""
    return _row("held_unit", "unit", "unit_id = :held_unit_id", held_unit_id=unit_id)


def person(person_id: UUID) -> Clause:
    """An account, and what waits for it."""
    return _row("held_person", "person", "person_id = :held_person_id", held_person_id=person_id)


def person_of(request_id: UUID) -> Clause:
    """The account that a request is about, which never changes."""
    condition = (
        "person_id = (SELECT person_id FROM grant_request WHERE request_id = :held_request_id)"
    )
    return _row("held_person", "person", condition, held_request_id=request_id)


def _row(name: str, table: str, condition: str, **values: UUID) -> Clause:
    sql = (
        f"SELECT FROM {table} WHERE {condition} AND {{first}} ORDER BY {table}_id FOR NO KEY UPDATE"
    )
    return Clause(name, sql, values, _shown(name))


def _named(name: str, key: str) -> Clause:
    sql = f"SELECT pg_advisory_xact_lock(hashtextextended(:{name}_key, 0)) WHERE {{first}}"
    return Clause(name, sql, {f"{name}_key": key}, _shown(name))


def _shown(name: str) -> str:
    return f"(SELECT count(*) FROM {name})"
