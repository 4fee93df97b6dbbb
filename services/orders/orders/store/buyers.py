"""Buyers as the replicas know them."""

from uuid import UUID

from sqlalchemy import text

from marktbund.contracts.members import AwardingCategory
from marktbund.contracts.rule_sets import RuleSetState
from marktbund.unit_of_work import UnitOfWork
from orders.domain import Buyer

_BUYER = text("""
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
""")
_VERSION = text("""
    SELECT body FROM rule_set_version WHERE rule_set_id = :rule_set_id AND version = :version
""")


async def find(uow: UnitOfWork, member_id: UUID, unit_id: UUID | None = None) -> Buyer:
    """A member as it stands today, whether it may order or not."""
    found = await uow.connection.execute(_BUYER, {"member_id": member_id, "unit_id": unit_id})
    row = found.one_or_none()
    if row is None:
        return Buyer(member_id, member_id, active=False)
    awards = tuple(AwardingCategory.model_validate(one) for one in row.awards or ())
    return Buyer(
        member_id=member_id,
        authority_id=row.authority_id,
        rule_set=RuleSetState.model_validate(row.rules) if row.rules else None,
        unit=(unit_id, awards) if unit_id is not None else None,
        active=row.status == "active",
        unit_known=unit_id is None or row.awards is not None,
    )


async def load(uow: UnitOfWork, member_id: UUID, unit_id: UUID | None = None) -> Buyer:
    """A member that may order. Raises Conflict (`member_not_active`), Invalid (`unit_unknown`)."""
    buyer = await find(uow, member_id, unit_id)
    for reason in buyer.hindrances():
        raise reason.invalid() if buyer.active else reason.conflict()
    return buyer


async def rule_set_of(uow: UnitOfWork, rule_set_id: UUID, version: int) -> RuleSetState | None:
    """A rule set as it was in a version, for a decision made under it."""
    place = {"rule_set_id": rule_set_id, "version": version}
    body = await uow.connection.scalar(_VERSION, place)
    return RuleSetState.model_validate(body) if body else None
