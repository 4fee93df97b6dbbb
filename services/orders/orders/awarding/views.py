"""A member's needs."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http import Answer
from marktbund.contracts.routes import Estimate
from marktbund.contracts.rule_sets import ContractKind
from marktbund.money import Amount
from orders.awarding.domain.needs import Need

_NEEDS = text("""
    SELECT * FROM need
     WHERE member_id = :member_id AND (CAST(:after AS uuid) IS NULL OR need_id < :after)
     ORDER BY need_id DESC LIMIT :limit
""")


class NeedAnswer(Answer):
    """A need with its estimate and what was ordered for it, net EUR."""

    need_id: UUID
    title: str
    contract_kind: ContractKind
    estimate: Estimate
    status: str
    ordered_net: Amount

    @classmethod
    def of(cls, need: Need) -> "NeedAnswer":
        """The answer to a need just changed."""
        return cls.model_validate(need)


async def needs(
    connection: AsyncConnection, member_id: UUID, after: UUID | None, limit: int
) -> list[NeedAnswer]:
    """A member's needs, newest first."""
    values = {"member_id": member_id, "after": after, "limit": limit}
    rows = await connection.execute(_NEEDS, values)
    return [NeedAnswer.model_validate(row) for row in rows]
