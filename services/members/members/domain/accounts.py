"""Accounts made known, reached and closed: decided from what was gathered, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.members import Grant, PersonKind
from marktbund.errors import Conflict, NotFound
from members.domain import roles
from members.domain.granting import Granter, at_once, check_levels
from members.domain.mails import NotedMail, RoleNotice, mails_to_office
from members.domain.people import Person
from members.domain.roles import Changed, NewId, RoleFacts
from members.domain.sign_ins import demands_second_factor

TWO_PEOPLE = 2
"""From so many office accounts on, one can ask and the other confirm."""

LEFT = "Das Konto wurde geschlossen."
"""Why what waited for an account is refused when it is closed."""

_FIRST_GRANTS = (Grant(role="office"), Grant(role="operator"))


@dataclass(frozen=True, slots=True)
class AccountFacts(RoleFacts):
    """What a change of an account is decided on.

    person: the account, None where there is none. unit_ids: of the units named, those there are.
    office: its people with access, who hear of roles of the cooperative; office_accounts: how many
    accounts it has, machines too. sub_known: another account
    has this token subject. email_owner: whose the address is.
    """

    person: Person | None = None
    unit_ids: frozenset[UUID] = frozenset()
    office: tuple[UUID, ...] = ()
    sub_known: bool = False
    email_owner: UUID | None = None
    office_accounts: int = 0


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An account as it was asked for: sub None, the identity provider is asked for one."""

    person_id: UUID
    kind: PersonKind
    sub: str | None
    grants: tuple[Grant, ...]
    unit_ids: tuple[UUID, ...] = ()
    email: str | None = None


def register(newcomer: Newcomer, facts: AccountFacts, new_id: NewId) -> Changed:
    """Make an account known; roles that need a second person are asked for.

    Raises Conflict (`person_exists`, `email_taken`), Invalid (`role_level_wrong`,
    `address_needed`), NotFound (`member_unknown`, `unit_unknown`).
    """
    check_levels(newcomer.grants)
    held = at_once(newcomer.grants, ())
    known, events = _known(newcomer, held, facts.granter.person_id)
    person, asked = roles.ask(known, newcomer.grants, facts, new_id)
    _require_units(newcomer.unit_ids, facts.unit_ids)
    require_free(known, facts)
    return person, [*events, *asked]


def bootstrap(newcomer: Newcomer, facts: AccountFacts) -> Changed:
    """Make an office account without a second person, from the command line only.

    Raises Conflict: `office_exists` once there are two, who can do without; `person_exists`,
    `email_taken`.
    """
    if facts.office_accounts >= TWO_PEOPLE:
        raise Conflict("office_exists", "Es gibt schon zwei Konten der Geschäftsstelle")
    person, events = _known(newcomer, _FIRST_GRANTS, None)
    require_free(person, facts)
    return person, events


def move(person: Person, email: str, facts: AccountFacts, new_id: NewId) -> Changed:
    """Reach a person elsewhere. Whoever reads the mail of an account that we made can sign in as
    it: with another address its roles with four eyes wait for a second person again.

    Raises Conflict (`person_inactive`, `email_taken`), Forbidden (`own_roles`).
    """
    person.require_active()
    moved = replace(person, email=email)
    require_free(moved, facts)
    before = person.email or ""
    if not person.made or before.lower() == email.lower():
        return moved, []
    return roles.reconfirm(moved, facts, new_id)


def close(person: Person, by: Granter) -> Changed:
    """Take an account's access away and forget its address; what was asked for it is refused."""
    closed, events = person.deactivate()
    closed, refused = roles.refuse_all(closed, person.waiting, by, LEFT)
    return closed, [*events, *refused]


def require_free(person: Person, facts: AccountFacts) -> None:
    """Raises Conflict (`person_exists`, `email_taken`) where another account has the token subject
    or the address.
    """
    if facts.sub_known:
        raise Conflict("person_exists", "Dieses Konto gibt es schon", field="sub")
    if facts.email_owner not in {None, person.person_id}:
        raise Conflict(
            "email_taken",
            "Diese Adresse gehört schon zu einem Konto",
            field="email",
            way_out="Ein Konto, das es gibt, bekommt weitere Rollen statt einer zweiten Anmeldung; "
            "gehört es zu einem anderen Mitglied, trägt die Geschäftsstelle sie ein.",
        )


def office_hears(before: Person | None, after: Person) -> tuple[RoleNotice, ...]:
    """What a change tells every account of the office: a role of the cooperative that waits for a
    second person now, and one that is held now.
    """
    asked = _of_cooperative([request.grant for request in after.waiting])
    held = _of_cooperative(after.grants)
    if before is not None:
        asked -= _of_cooperative([request.grant for request in before.waiting])
        held -= _of_cooperative(before.grants)
    heard: list[RoleNotice] = ["role_requested"] if asked else []
    if held:
        heard.append("role_granted")
    return tuple(heard)


def office_mails(after: Person, facts: AccountFacts, new_id: NewId) -> tuple[NotedMail, ...]:
    """The mails to the office that a change becomes; a new account of it hears of itself, too."""
    new = facts.person is None and Grant(role="office") in after.grants
    people = (*facts.office, after.person_id) if new else facts.office
    return mails_to_office(office_hears(facts.person, after), people, new_id)


def tells_provider(before: Person | None, after: Person) -> bool:
    """Whether the identity provider has to hear of a change: an account is to be made there or
    closed, or a second factor is demanded from now on, or no longer.
    """
    if before is None:
        return after.made or demands_second_factor(after.kind, after.grants)
    demanded = demands_second_factor(before.kind, before.grants)
    return before.active != after.active or demanded != demands_second_factor(
        after.kind, after.grants
    )


def _known(
    newcomer: Newcomer, held: Sequence[Grant], by: UUID | None
) -> tuple[Person, list[Message]]:
    sub = newcomer.sub or str(newcomer.person_id)
    person, events = Person.register(
        newcomer.person_id, newcomer.kind, sub, held, newcomer.unit_ids, by=by
    )
    return replace(person, email=newcomer.email, made=newcomer.sub is None), events


def _require_units(named: Sequence[UUID], unit_ids: frozenset[UUID]) -> None:
    for position, unit_id in enumerate(named):
        if unit_id not in unit_ids:
            field = f"unit_ids[{position}]"
            raise NotFound("unit_unknown", "Diese Einheit gibt es nicht", field=field)


def _of_cooperative(grants: Sequence[Grant]) -> set[Grant]:
    return {grant for grant in grants if grant.member_id is None}
