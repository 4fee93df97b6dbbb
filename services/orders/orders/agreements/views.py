"""Questions about agreements: terms, changes, and how far ceilings are exhausted (Ausschöpfung)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.agreements import (
    AgreementLot,
)
from marktbund.contracts.http.agreements import (
    AgreementAnswer,
    AgreementSummaryAnswer,
    CallOffCheckAnswer,
    ExhaustionAnswer,
    MemberAgreementAnswer,
    ReasonAnswer,
)
from marktbund.errors import NotFound
from orders.agreements.domain.call_offs import Checked

PageSize = Annotated[int, Field(ge=1, le=200)]

_LIST = text("""
    SELECT * FROM agreement
     WHERE (CAST(:after AS uuid) IS NULL OR agreement_id < :after)
       AND (NOT :undecided OR status = 'draft' OR status <> 'ended' AND change_waits)
     ORDER BY agreement_id DESC LIMIT :limit
""")
_ONE = text("SELECT * FROM agreement WHERE agreement_id = :agreement_id")
_OF_MEMBER = text("""
    SELECT a.*, e.entitled_from, e.entitled_to
      FROM agreement_entitlement AS e JOIN agreement AS a USING (agreement_id)
     WHERE e.member_id = :member_id AND a.status IN ('confirmed', 'in_force')
     ORDER BY a.number
""")
_CEILINGS = text("""
    SELECT * FROM agreement_ceiling
     WHERE agreement_id = ANY(:ids)
       AND (CAST(:member_id AS uuid) IS NULL OR member_id IS NULL OR member_id = :member_id)
     ORDER BY agreement_id, lot_no, member_id NULLS FIRST
""")


def checked_call_off(checked: Checked) -> CallOffCheckAnswer:
    """The answer to the check of a call-off; its sum in net EUR."""
    return CallOffCheckAnswer(
        possible=not checked.reasons,
        reasons=tuple(ReasonAnswer.model_validate(reason) for reason in checked.reasons),
        lines=checked.lines,
        net_total=sum((draw.value_net for draw in checked.draws), Decimal(0)),
    )


async def agreements(
    connection: AsyncConnection, after: UUID | None, limit: int, *, undecided: bool = False
) -> list[AgreementSummaryAnswer]:
    """All agreements, newest first; `after` is the last id of the page before.

    undecided: drafts, and those with a change that nobody approved yet.
    """
    chosen = {"after": after, "limit": limit, "undecided": undecided}
    rows = (await connection.execute(_LIST, chosen)).all()
    return [
        AgreementSummaryAnswer.model_validate(row).model_copy(update={"exhaustion": exhaustion})
        for row, exhaustion in await _with_exhaustion(connection, rows, None)
    ]


async def agreement(connection: AsyncConnection, agreement_id: UUID) -> AgreementAnswer:
    """One agreement. Raises NotFound (`agreement_unknown`)."""
    row = (await connection.execute(_ONE, {"agreement_id": agreement_id})).one_or_none()
    if row is None:
        raise NotFound("agreement_unknown", "Diesen Rahmenvertrag gibt es nicht")
    [(_, exhaustion)] = await _with_exhaustion(connection, [row], None)
    return AgreementAnswer.model_validate(row).model_copy(update={"exhaustion": exhaustion})


async def of_member(connection: AsyncConnection, member_id: UUID) -> list[MemberAgreementAnswer]:
    """What a member is or will be entitled to; of other members' consumption only the sum."""
    rows = (await connection.execute(_OF_MEMBER, {"member_id": member_id})).all()
    return [
        MemberAgreementAnswer.model_validate(row).model_copy(
            update={
                "exhaustion": exhaustion,
                "lots": tuple(_own_lot(lot, member_id) for lot in row.lots),
            }
        )
        for row, exhaustion in await _with_exhaustion(connection, rows, member_id)
    ]


def _own_lot(lot: dict[str, Any], member_id: UUID) -> AgreementLot:
    known = AgreementLot.model_validate(lot)
    own = tuple(ceiling for ceiling in known.ceilings if ceiling.member_id in {None, member_id})
    return known.model_copy(update={"ceilings": own})


async def _with_exhaustion(
    connection: AsyncConnection, rows: Sequence[Row[Any]], member_id: UUID | None
) -> list[tuple[Row[Any], tuple[ExhaustionAnswer, ...]]]:
    ids = [row.agreement_id for row in rows]
    ceilings = await connection.execute(_CEILINGS, {"ids": ids, "member_id": member_id})
    by_id: dict[UUID, list[ExhaustionAnswer]] = {known: [] for known in ids}
    for ceiling in ceilings:
        by_id[ceiling.agreement_id].append(ExhaustionAnswer.model_validate(ceiling))
    return [(row, tuple(by_id[row.agreement_id])) for row in rows]
