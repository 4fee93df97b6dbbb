"""The people replica: every account of every service, newest state only."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import statements
from marktbund.consuming import Handler
from marktbund.contracts.members import Grant, Mandate, PersonKind, PersonState
from marktbund.envelope import Received
from marktbund.jsons import dumps
from marktbund.statements import Clause, Values, row_of
from marktbund.unit_of_work import UnitOfWork

_FIND = "SELECT person_id, kind, active, grants, mandates FROM principal WHERE sub = :sub"
_KEEP = """
    INSERT INTO principal AS p (person_id, sub, kind, active, grants, mandates, version)
    VALUES (:person_id, :sub, :kind, :active, CAST(:grants AS jsonb), CAST(:mandates AS jsonb),
            :version)
    ON CONFLICT (person_id) DO UPDATE
       SET sub = excluded.sub, active = excluded.active, grants = excluded.grants,
           mandates = excluded.mandates, version = excluded.version
     WHERE p.version < excluded.version
"""


@dataclass(frozen=True, slots=True)
class Principal:
    """An account of the people replica."""

    person_id: UUID
    active: bool
    grants: tuple[Grant, ...]
    mandates: tuple[Mandate, ...]
    kind: PersonKind = "person"


PrincipalRow = tuple[UUID, PersonKind, bool, Sequence[JsonValue], Sequence[JsonValue]]
"""person_id, kind, active, grants, mandates."""


def asked_principal(sub: str) -> Clause:
    """The question for the account behind a token's `sub`, together with others."""
    return Clause("principal", row_of(_FIND), {"sub": sub})


def principal_of(row: PrincipalRow | None) -> Principal | None:
    """The account of what `asked_principal` asked; None where it is unknown."""
    if row is None:
        return None
    person_id, kind, active, grants, mandates = row
    return Principal(
        person_id=person_id,
        active=active,
        grants=tuple(Grant.model_validate(grant) for grant in grants),
        mandates=tuple(Mandate.model_validate(mandate) for mandate in mandates),
        kind=kind,
    )


async def find_principal(connection: AsyncConnection, sub: str) -> Principal | None:
    """The account behind a token's `sub`, from this service's replica."""
    row = (await connection.execute(text(_FIND), {"sub": sub})).one_or_none()
    return principal_of(row)


def keeping_principal(state: PersonState) -> Clause:
    """The write that takes over the newest state of an account; an older one changes nothing."""
    values: Values = {
        "person_id": state.person_id,
        "sub": state.sub,
        "kind": state.kind,
        "active": state.active,
        "grants": dumps([grant.model_dump(mode="json") for grant in state.grants]),
        "mandates": dumps([mandate.model_dump(mode="json") for mandate in state.mandates]),
        "version": state.version,
    }
    return Clause("kept_principal", _KEEP, values)


async def keep_principal(state: PersonState, connection: AsyncConnection) -> None:
    """What `keeping_principal` writes, alone."""
    await statements.write(connection, keeping_principal(state))


def keep_principals() -> Handler:
    """The handler every service subscribes to members' person.state with."""

    async def keep(records: Sequence[Received], uow: UnitOfWork) -> None:
        for record in records:
            if isinstance(record.event, PersonState):
                await keep_principal(record.event, uow.connection)

    return keep
