"""Tenders: what was put out, what came of it, and how much demand moved over."""

from uuid import UUID

from sqlalchemy import RowMapping, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.tender_planning import (
    AwardedAgreementAnswer,
    MovedAnswer,
    TenderAnswer,
    TenderAwardAnswer,
)
from tender_planning.commands.questions import ListTenders
from tender_planning.domain.demand import NO_AGREEMENT
from tender_planning.domain.tenders import Tender
from tender_planning.store.decisions import agreement_table, tender_table
from tender_planning.store.tenders import tender_of, unknown_tender

_MOVED = text("""
    WITH cell AS (
        SELECT month, member_id, s.agreement_id, a.tender_id,
               ordered_net - refused_net - cancelled_net - reduced_net AS wanted
          FROM tender_group JOIN group_supply AS s USING (comparable_group)
          LEFT JOIN agreement AS a ON a.agreement_id = s.agreement_id
         WHERE tender_group.tender_id = :tender_id
    ), sorted AS (
        SELECT month, member_id, wanted, CASE
               WHEN agreement_id = :free THEN 'free'
               WHEN tender_id IS NOT DISTINCT FROM CAST(:tender_id AS uuid) THEN 'called_off'
               ELSE 'elsewhere' END AS way
          FROM cell WHERE wanted > 0
    )
    SELECT month,
           coalesce(sum(wanted) FILTER (WHERE way = 'called_off'), 0.00) AS called_off_net,
           coalesce(sum(wanted) FILTER (WHERE way = 'elsewhere'), 0.00) AS elsewhere_net,
           coalesce(sum(wanted) FILTER (WHERE way = 'free'), 0.00) AS free_net,
           count(DISTINCT member_id) FILTER (WHERE way = 'called_off') AS members_calling_off,
           count(DISTINCT member_id) FILTER (WHERE way = 'free') AS members_buying_freely
      FROM sorted GROUP BY month ORDER BY month
""")


# One for each tender: the newest that has not ended, else the newest.
_AGREEMENT = (
    select(agreement_table)
    .ext(distinct_on(agreement_table.c.tender_id))
    .order_by(
        agreement_table.c.tender_id,
        agreement_table.c.status == "ended",
        agreement_table.c.agreement_id.desc(),
    )
    .subquery()
)


_TENDERS = select(
    tender_table,
    *(
        column.label(f"agreement_{column.name}")
        for column in _AGREEMENT.c
        if column.name in AwardedAgreementAnswer.model_fields
    ),
).outerjoin(_AGREEMENT, _AGREEMENT.c.tender_id == tender_table.c.tender_id)


def tender_answer(tender: Tender, agreement: AwardedAgreementAnswer | None = None) -> TenderAnswer:
    """The answer for a tender, and the agreement it led to."""
    award = None if tender.award is None else TenderAwardAnswer.model_validate(tender.award)
    return TenderAnswer(
        tender_id=tender.tender_id,
        proposal_id=tender.proposal_id,
        title=tender.title,
        status=tender.status,
        version=tender.version,
        opened_on=tender.opened_on,
        comparable_groups=tender.comparable_groups,
        members=tender.members,
        evidence=tender.evidence,
        lots=tender.lots,
        award=award,
        agreement=agreement,
    )


def _answer(row: RowMapping) -> TenderAnswer:
    agreement = None
    if row["agreement_agreement_id"] is not None:
        fields = AwardedAgreementAnswer.model_fields
        values = {name: row[f"agreement_{name}"] for name in fields}
        agreement = AwardedAgreementAnswer.model_validate(values)
    return tender_answer(tender_of(row), agreement)


async def tenders(connection: AsyncConnection, question: ListTenders) -> list[TenderAnswer]:
    """A page of tenders, newest first."""
    query = _TENDERS.order_by(tender_table.c.opened_on.desc(), tender_table.c.tender_id)
    if question.status is not None:
        query = query.where(tender_table.c.status == question.status)
    rows = await connection.execute(query.offset(question.after).limit(question.limit))
    return [_answer(row) for row in rows.mappings()]


async def tender(connection: AsyncConnection, tender_id: UUID) -> TenderAnswer:
    """One tender. Raises NotFound (`tender_unknown`)."""
    query = _TENDERS.where(tender_table.c.tender_id == tender_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise unknown_tender()
    return _answer(row)


async def moved(connection: AsyncConnection, tender_id: UUID) -> list[MovedAnswer]:
    """Month by month, where the demand for a tender's groups went.

    Raises NotFound (`tender_unknown`).
    """
    await tender(connection, tender_id)
    rows = await connection.execute(_MOVED, {"tender_id": tender_id, "free": NO_AGREEMENT})
    return [MovedAnswer.model_validate(row) for row in rows]
