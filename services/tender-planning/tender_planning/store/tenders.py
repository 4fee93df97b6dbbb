"""Tenders as rows: what was put out as JSON, its groups as rows of their own."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, select, text, update

from marktbund.contracts.tender_planning import DemandEvidence, DraftLot
from marktbund.errors import NotFound
from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.awards import Award
from tender_planning.domain.tenders import Tender
from tender_planning.store.decisions import tender_group_table, tender_table

_AWARD: TypeAdapter[Award | None] = TypeAdapter(Award | None)
_EVIDENCE: TypeAdapter[DemandEvidence] = TypeAdapter(DemandEvidence)
_LOTS: TypeAdapter[tuple[DraftLot, ...]] = TypeAdapter(tuple[DraftLot, ...])
_UNKNOWN = text("""
    SELECT id FROM unnest(CAST(:suppliers AS uuid[])) AS s(id)
     WHERE NOT EXISTS (SELECT 1 FROM supplier_name WHERE supplier_id = id)
    UNION ALL
    SELECT id FROM unnest(CAST(:members AS uuid[])) AS m(id)
     WHERE NOT EXISTS (SELECT 1 FROM member_name WHERE member_id = id)
""")


async def add_tender(uow: UnitOfWork, tender: Tender) -> None:
    """Keep a new tender."""
    await uow.connection.execute(insert(tender_table).values(_columns(tender)))
    groups = [
        {"comparable_group": group, "tender_id": tender.tender_id}
        for group in tender.comparable_groups
    ]
    await uow.connection.execute(insert(tender_group_table), groups)


async def lock_tender(uow: UnitOfWork, tender_id: UUID) -> Tender:
    """One tender, held until the commit. Raises NotFound (`tender_unknown`)."""
    query = select(tender_table).where(tender_table.c.tender_id == tender_id)
    row = (await uow.connection.execute(query.with_for_update())).one_or_none()
    if row is None:
        raise unknown_tender()
    return tender_of(row)


def unknown_tender() -> NotFound:
    """The refusal for a tender that does not exist."""
    return NotFound("tender_unknown", "Diese Vergabe gibt es nicht", field="tender_id")


async def save_tender(uow: UnitOfWork, tender: Tender) -> None:
    """Keep a tender locked before."""
    key = tender_table.c.tender_id == tender.tender_id
    await uow.connection.execute(update(tender_table).where(key).values(_columns(tender)))


async def unknown(uow: UnitOfWork, award: Award) -> set[UUID]:
    """The suppliers and members of an award that nobody has told us of."""
    suppliers = [lot.supplier_id for lot in award.lots]
    members = [member.member_id for member in award.entitled]
    unknown_ids = await uow.connection.scalars(
        _UNKNOWN, {"suppliers": suppliers, "members": members}
    )
    return set(unknown_ids)


def _columns(tender: Tender) -> dict[str, Any]:
    return {
        "tender_id": tender.tender_id,
        "proposal_id": tender.proposal_id,
        "title": tender.title,
        "status": tender.status,
        "version": tender.version,
        "opened_on": tender.opened_on,
        "ends_on": tender.award.ends_on if tender.award else None,
        "content": {
            "groups": tender.comparable_groups,
            "members": tender.members,
            "evidence": _EVIDENCE.dump_python(tender.evidence, mode="json"),
            "lots": _LOTS.dump_python(tender.lots, mode="json"),
        },
        "award": _AWARD.dump_python(tender.award, mode="json"),
    }


def tender_of(row: Row[Any]) -> Tender:
    """A row as the tender it keeps."""
    return Tender(
        tender_id=row.tender_id,
        proposal_id=row.proposal_id,
        title=row.title,
        status=row.status,
        version=row.version,
        opened_on=row.opened_on,
        comparable_groups=tuple(row.content["groups"]),
        members=tuple(UUID(member) for member in row.content["members"]),
        evidence=_EVIDENCE.validate_python(row.content["evidence"]),
        lots=_LOTS.validate_python(row.content["lots"]),
        award=_AWARD.validate_python(row.award),
    )
