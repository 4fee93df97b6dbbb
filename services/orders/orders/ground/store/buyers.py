"""Buyers as the replicas know them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from marktbund.contracts.members import AwardingCategory
from marktbund.contracts.rule_sets import RuleSetState
from marktbund.statements import Clause, row_of
from marktbund.unit_of_work import UnitOfWork
from orders.ground.domain.buyers import Buyer

_BUYER = """
    SELECT m.status, coalesce(m.contracting_authority_id, m.member_id) AS authority_id,
           r.body AS rules, u.awards
      FROM member AS m
      LEFT JOIN LATERAL (
          SELECT body FROM rule_set
           WHERE status = 'active' AND member_id IN (m.member_id, m.contracting_authority_id)
           ORDER BY member_id = m.member_id DESC, rule_set_id DESC LIMIT 1) AS r ON true
      LEFT JOIN unit AS u
        ON u.unit_id = :unit_id AND u.member_id = m.member_id AND u.status = 'active'
     WHERE m.member_id = :member_id
"""
_VERSION = text("""
    SELECT body FROM rule_set_version WHERE rule_set_id = :rule_set_id AND version = :version
""")


def asked_buyer(member_id: UUID, unit_id: UUID | None) -> Clause:
    """The question for a member, its rules and the unit that orders."""
    return Clause("buyer", row_of(_BUYER), {"member_id": member_id, "unit_id": unit_id})


def buyer_of(row: Sequence[Any] | None, member_id: UUID, unit_id: UUID | None) -> Buyer:
    """A member as it stands today, whether it may order or not."""
    if row is None:
        return Buyer(member_id, member_id, active=False)
    status, authority_id, rules, awarding = row
    awards = tuple(AwardingCategory.model_validate(category) for category in awarding or ())
    return Buyer(
        member_id=member_id,
        authority_id=authority_id,
        rule_set=RuleSetState.model_validate(rules) if rules else None,
        unit=(unit_id, awards) if unit_id is not None else None,
        active=status == "active",
        unit_known=unit_id is None or awarding is not None,
    )


async def find(uow: UnitOfWork, member_id: UUID, unit_id: UUID | None = None) -> Buyer:
    """What `buyer_of` knows, asked for alone."""
    rows = await uow.connection.execute(text(_BUYER), {"member_id": member_id, "unit_id": unit_id})
    return buyer_of(rows.one_or_none(), member_id, unit_id)


async def load(uow: UnitOfWork, member_id: UUID, unit_id: UUID | None = None) -> Buyer:
    """A member that may order. Raises Conflict (`member_not_active`), Invalid (`unit_unknown`)."""
    buyer = await find(uow, member_id, unit_id)
    buyer.require_able()
    return buyer


async def rule_set_of(uow: UnitOfWork, rule_set_id: UUID, version: int) -> RuleSetState | None:
    """A rule set as it was in a version, for a decision made under it."""
    values = {"rule_set_id": rule_set_id, "version": version}
    body = await uow.connection.scalar(_VERSION, values)
    return RuleSetState.model_validate(body) if body else None
