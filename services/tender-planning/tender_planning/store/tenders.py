"""Tenders as rows: what was put out as JSON, its groups as rows of their own.

Groups are what SQL asks for; draft and result are read and shown whole.
"""

from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, select, text

from marktbund.contracts.tender_planning import DemandEvidence, DraftLot
from marktbund.errors import NotFound
from marktbund.statements import Clause, inserting
from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.awards import Award
from tender_planning.domain.tenders import Tender
from tender_planning.store.decisions import tender_group_table, tender_table

_AWARD: TypeAdapter[Award | None] = TypeAdapter(Award | None)
_EVIDENCE: TypeAdapter[DemandEvidence] = TypeAdapter(DemandEvidence)
_LOTS: TypeAdapter[tuple[DraftLot, ...]] = TypeAdapter(tuple[DraftLot, ...])
_SAVE = """
    UPDATE tender SET status = :ended_status, version = :ended_version,
           ends_on = CAST(:award_ends_on AS date),
           award = CAST(CAST(:award AS text) AS jsonb)
     WHERE tender_id = :ended_tender_id
"""
_UNKNOWN = text("""
    SELECT id FROM unnest(CAST(:suppliers AS uuid[])) AS s(id)
     WHERE NOT EXISTS (SELECT 1 FROM supplier_name WHERE supplier_id = id)
    UNION ALL
    SELECT id FROM unnest(CAST(:members AS uuid[])) AS m(id)
     WHERE NOT EXISTS (SELECT 1 FROM member_name WHERE member_id = id)
""")


def adding(tender: Tender) -> tuple[Clause, ...]:
    """The write that keeps a new tender with its groups."""
    row = {
        "tender_id": tender.tender_id,
        "proposal_id": tender.proposal_id,
        "title": tender.title,
        "status": tender.status,
        "version": tender.version,
        "opened_on": tender.opened_on,
        "content": {
            "groups": tender.comparable_groups,
            "members": tender.members,
            "evidence": _EVIDENCE.dump_python(tender.evidence, mode="json"),
            "lots": _LOTS.dump_python(tender.lots, mode="json"),
        },
    }
    groups = [
        {"comparable_group": group, "tender_id": tender.tender_id}
        for group in tender.comparable_groups
    ]
    return *inserting(tender_table, [row]), *inserting(tender_group_table, groups)


async def hold_tender(uow: UnitOfWork, tender_id: UUID) -> Tender:
    """A tender, held until the commit. Raises NotFound (`tender_unknown`)."""
    query = select(tender_table).where(tender_table.c.tender_id == tender_id)
    rows = await uow.connection.execute(query.with_for_update())
    row = rows.mappings().one_or_none()
    if row is None:
        raise unknown_tender()
    return tender_of(row)


def unknown_tender() -> NotFound:
    """The refusal for a tender that does not exist."""
    return NotFound("tender_unknown", "Diese Vergabe gibt es nicht", field="tender_id")


def saving(tender: Tender) -> tuple[Clause, ...]:
    """The write that keeps how a tender ended; it was held when it was loaded."""
    values = {
        "ended_tender_id": tender.tender_id,
        "ended_status": tender.status,
        "ended_version": tender.version,
        "award_ends_on": tender.award.ends_on if tender.award else None,
        "award": _AWARD.dump_json(tender.award).decode() if tender.award else None,
    }
    return (Clause("saved_tender", _SAVE, values),)


async def unknown(uow: UnitOfWork, award: Award) -> set[UUID]:
    """The suppliers and members of an award that nobody has told us of."""
    suppliers = [lot.supplier_id for lot in award.lots]
    members = [member.member_id for member in award.entitled]
    unknown_ids = await uow.connection.scalars(
        _UNKNOWN, {"suppliers": suppliers, "members": members}
    )
    return set(unknown_ids)


def tender_of(row: RowMapping) -> Tender:
    """A row as the tender it keeps."""
    content = row["content"]
    return Tender(
        tender_id=row["tender_id"],
        proposal_id=row["proposal_id"],
        title=row["title"],
        status=row["status"],
        version=row["version"],
        opened_on=row["opened_on"],
        comparable_groups=tuple(content["groups"]),
        members=tuple(UUID(member) for member in content["members"]),
        evidence=_EVIDENCE.validate_python(content["evidence"]),
        lots=_LOTS.validate_python(content["lots"]),
        award=_AWARD.validate_python(row["award"]),
    )
