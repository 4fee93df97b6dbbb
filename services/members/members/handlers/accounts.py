"""What every change of an account is gathered by, and how it is written."""

from collections.abc import Sequence
from uuid import UUID

from marktbund import statements
from marktbund.contracts.base import Message
from marktbund.contracts.members import Grant
from marktbund.ids import new_id
from marktbund.statements import Clause
from marktbund.unit_of_work import UnitOfWork
from members.domain import Person
from members.domain.accounts import AccountFacts, office_mails, tells_provider
from members.domain.granting import Granter
from members.store import bodies, mails, people, sign_ins


def asked_members(grants: Sequence[Grant]) -> Clause:
    """The question which of the members of these roles there are."""
    return bodies.asked_members({g.member_id for g in grants if g.member_id is not None})


async def gather(uow: UnitOfWork, by: UUID, *asked: Clause) -> AccountFacts:
    """The answers to these questions, and who asks for the change, behind the locks it takes."""
    asking = people.asked_granter(by), people.asked_office()
    row = await statements.ask(uow.connection, *asking, *asked)
    return AccountFacts(
        granter=Granter(by, people.GRANTS.validate_python(row.granter)),
        member_ids=frozenset(getattr(row, "member_ids", ())),
        person=people.PERSON.validate_python(getattr(row, "person", None)),
        unit_ids=frozenset(getattr(row, "unit_ids", ())),
        office=tuple(row.office),
        sub_known=getattr(row, "sub_known", False),
        email_owner=getattr(row, "email_owner", None),
        office_accounts=getattr(row, "office_accounts", 0),
    )


async def write(
    uow: UnitOfWork,
    facts: AccountFacts,
    person: Person,
    events: Sequence[Message],
    *,
    retold: bool = False,
) -> Person:
    """Keep an account as it was decided, with all that comes of it.

    retold: the identity provider hears of it even where nothing it holds has changed.
    """
    before = facts.person
    heard = office_mails(person, facts, new_id)
    parts = [*people.saving(before, person, uow.now), *mails.noting(heard, uow.now)]
    if retold or tells_provider(before, person):
        parts.append(sign_ins.telling(person, uow.now))
    uow.announce(*events)
    await uow.write(*parts)
    return person
