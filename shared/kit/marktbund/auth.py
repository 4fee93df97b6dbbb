"""Who asks, and what may they do: the token says who (`sub`), the people replica decides.

Deny by default: every door names the roles it opens for. Member-scoped doors read the headers
`Member` (who acts) and `On-Behalf-Of` (who needs, if another; by mandate).
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request

from marktbund.contracts.members import Role
from marktbund.contracts.words import ROLE_WORDS
from marktbund.errors import Forbidden, Malformed, Unauthenticated
from marktbund.http import Today
from marktbund.principals import Principal, find_principal
from marktbund.quotas import address_of, count_request, quotas_of
from marktbund.texts import OneLine
from marktbund.tokens import TokenVerifier


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does this, in which role, for which member.

    member_id: the member that needs, the tenant of every query. acting_member_id: the one that
    acts; the same unless a mandate is used. Both None behind a cooperative-wide door.
    """

    person_id: UUID
    role: Role
    member_id: UUID
    acting_member_id: UUID


@dataclass(frozen=True, slots=True)
class Official:
    """Who does this behind a door of the cooperative itself."""

    person_id: UUID
    role: Role


async def subject(request: Request) -> str:
    """The verified token's `sub`. Raises Unauthenticated (`token_missing`, `token_invalid`)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(
            "token_missing", "Anmeldung erforderlich", way_out="Bitte melden Sie sich an."
        )
    tokens: TokenVerifier = request.app.state.tokens
    try:
        return await tokens.subject_of(token)
    except Unauthenticated:
        quotas_of(request).take("bad_tokens", address_of(request))
        raise


Subject = Annotated[str, Depends(subject)]


async def find_account(request: Request, sub: str) -> Principal | None:
    """The account behind a verified `sub`, active or not, its request counted. Raises TooMany."""
    async with request.app.state.database.reading() as connection:
        account = await find_principal(connection, sub)
    count_for(request, sub, account)
    return account


def count_for(request: Request, sub: str, account: Principal | None) -> None:
    """Count a request for its account, or for a `sub` without one. Raises TooMany."""
    who = sub if account is None else str(account.person_id)
    count_request(request, who, machine=account is not None and account.kind == "machine")


def no_access() -> Forbidden:
    """What an account hears that is unknown here or not active any more."""
    return Forbidden(
        "not_authorised",
        "Kein Zugang",
        "Dieses Konto ist hier nicht bekannt oder nicht mehr aktiv.",
        way_out="Wenden Sie sich an Ihre Geschäftsstelle.",
    )


async def _principal(request: Request, sub: Subject) -> Principal:
    return require_active(await find_account(request, sub))


def require_active(account: Principal | None) -> Principal:
    """An account that may act. Raises Forbidden (`not_authorised`)."""
    if account is None or not account.active:
        raise no_access()
    return account


AnyAccount = Annotated[Principal, Depends(_principal)]
"""Any active account, in a door's signature, for what everybody may see."""


def within(quota: str, alone: str = "") -> Callable[..., AsyncIterator[None]]:
    """A dependency of heavy doors: counts for the account in a quota of its own.

    alone: German, what runs one at a time for the account until the answer has been sent.
    """

    async def counted(request: Request, account: AnyAccount) -> AsyncIterator[None]:
        quotas, who = quotas_of(request), str(account.person_id)
        # What is refused because another runs does not count.
        with quotas.alone(quota, who, alone) if alone else nullcontext():
            quotas.take(quota, who)
            yield

    return counted


def _refused(roles: Sequence[Role]) -> Forbidden:
    return Forbidden(
        "not_authorised",
        "Keine Berechtigung",
        f"Dafür ist eine dieser Rollen nötig: {', '.join(ROLE_WORDS[role] for role in roles)}.",
        way_out="Wenden Sie sich an Ihre Geschäftsstelle.",
    )


def _uuid(value: str | None, header: str) -> UUID:
    try:
        return UUID(value or "")
    except ValueError:
        raise Malformed(
            "member_header_invalid",
            "Mitglied nicht angegeben",
            f"Der Kopf {header} muss die Kennung eines Mitglieds (UUID) enthalten.",
            field=header,
        ) from None


MemberId = Annotated[Annotated[str, OneLine(36)] | None, Header()]
"""A header that names a member; which of the two says the parameter's name."""


def member_role(*roles: Role) -> Callable[..., Awaitable[Actor]]:
    """A dependency that opens for holders of a role at the member named in `Member`."""

    async def actor(
        account: AnyAccount,
        member: MemberId = None,
        on_behalf_of: MemberId = None,
        *,
        today: Today,
    ) -> Actor:
        return actor_of(account, roles, member, on_behalf_of, today)

    return actor


def actor_of(
    account: Principal,
    roles: Sequence[Role],
    member: str | None,
    on_behalf_of: str | None,
    today: date,
) -> Actor:
    """An account in one of these roles for the members its headers name, by mandate of that day.

    Raises Malformed (`member_header_invalid`), Forbidden (`not_authorised`, `no_mandate`).
    """
    acting = _uuid(member, "Member")
    role = next((g.role for g in account.grants if g.role in roles and g.member_id == acting), None)
    if role is None:
        raise _refused(roles)
    needing = _uuid(on_behalf_of, "On-Behalf-Of") if on_behalf_of else acting
    if needing != acting and not _mandated(account, acting, needing, today):
        raise Forbidden("no_mandate", "Keine gültige Vollmacht", field="On-Behalf-Of")
    return Actor(account.person_id, role, needing, acting)


def _mandated(account: Principal, acting: UUID, needing: UUID, today: date) -> bool:
    return any(
        m.acting_member_id == acting
        and m.member_id == needing
        and m.valid_from <= today
        and (m.valid_to is None or today <= m.valid_to)
        for m in account.mandates
    )


def cooperative_role(*roles: Role) -> Callable[..., Awaitable[Official]]:
    """A dependency that opens for holders of a role for the whole cooperative."""

    async def official(account: AnyAccount) -> Official:
        for grant in account.grants:
            if grant.role in roles and grant.member_id is None:
                return Official(account.person_id, grant.role)
        raise _refused(roles)

    return official
