"""Samples of tender-planning's messages; the rest, and what they are for, stands in `samples`."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from marktbund.contracts import tender_planning as planning
from marktbund.contracts.base import Message


def _id(number: int) -> UUID:
    return UUID(f"01936f2e-7c00-7000-8000-{number:012d}")


MEMBER, OTHER_MEMBER, REVIEWER, SUPPLIER, ARTICLE = (_id(n) for n in (1, 2, 5, 11, 12))
PROPOSAL, TENDER, CORRECTION = _id(31), _id(32), _id(33)
PAPER, PENS = "gtin:04006381333931", "mfr:stabilo|point 88 40"
TITLE = "Kernsortiment Büromaterial (CPV 30190000)"
EVIDENCE = planning.DemandEvidence(
    first_month=date(2024, 3, 1),
    last_month=date(2026, 2, 1),
    members=7,
    suppliers=3,
    months=22,
    lines=164,
    demand_net=Decimal("18250.40"),
    score="71.4",
)
DRAFT = planning.DraftLot(
    lot_no=1,
    title="Los 1: CPV 30197",
    positions=(
        planning.DraftPosition(
            position_no=1,
            comparable_group=PAPER,
            description="Kopierpapier A4, 80 g/m², 500 Blatt",
            order_unit="PK",
            quantity=Decimal("1450.000"),
            quantity_low=Decimal("1380.000"),
            quantity_high=Decimal("1520.000"),
        ),
        planning.DraftPosition(
            position_no=2,
            comparable_group=PENS,
            description="Fineliner schwarz",
            order_unit=None,
            quantity=None,
            quantity_low=None,
            quantity_high=None,
        ),
    ),
)
AWARDED = planning.AwardedLot(
    lot_no=1,
    title="Los 1: CPV 30197",
    supplier_id=SUPPLIER,
    ceiling_value_net=Decimal("40000.00"),
    positions=(
        planning.AwardedPosition(
            position_no=1,
            comparable_group=PAPER,
            article_id=ARTICLE,
            description="Kopierpapier A4, 80 g/m², 500 Blatt",
            order_unit="PK",
            unit_price_net=Decimal("3.8900"),
            quantity=Decimal("5800.000"),
        ),
    ),
)
PLANNING: tuple[Message, ...] = (
    planning.ProposalDecided(
        version=1,
        proposal_id=PROPOSAL,
        cpv_class="30190000",
        decision="accepted",
        reason="Sieben Mitglieder kaufen dasselbe Papier",
        decided_by=REVIEWER,
        decided_on=date(2026, 3, 2),
        comparable_groups=(PAPER, PENS),
        evidence=EVIDENCE,
    ),
    planning.TenderOpened(
        version=1,
        tender_id=TENDER,
        proposal_id=PROPOSAL,
        title=TITLE,
        opened_by=REVIEWER,
        opened_on=date(2026, 3, 2),
        comparable_groups=(PAPER, PENS),
        members=(MEMBER, OTHER_MEMBER),
        evidence=EVIDENCE,
        lots=(DRAFT,),
    ),
    planning.TenderAwarded(
        version=2,
        tender_id=TENDER,
        title=TITLE,
        awarded_by=REVIEWER,
        awarded_on=date(2026, 6, 15),
        binding="exclusive",
        starts_on=date(2026, 7, 1),
        ends_on=date(2030, 6, 30),
        entitled=(
            planning.EntitledMember(member_id=MEMBER, entitled_from=date(2026, 7, 1)),
            planning.EntitledMember(member_id=OTHER_MEMBER, entitled_from=date(2027, 1, 1)),
        ),
        lots=(AWARDED,),
    ),
    planning.TenderCancelled(
        version=2, tender_id=TENDER, cancelled_by=REVIEWER, reason="Keine wirtschaftlichen Angebote"
    ),
    planning.GroupState(
        version=1,
        correction_id=CORRECTION,
        source="txt:kopierpapier a4 80 g m2",
        to_group=PAPER,
        reason="Dasselbe Papier ohne GTIN angeboten",
        reviewed_by=REVIEWER,
        reviewed_at=datetime(2026, 3, 2, 11, 30, tzinfo=UTC),
        status="active",
    ),
    planning.GroupCorrected(
        version=1,
        correction_id=CORRECTION,
        source="txt:kopierpapier a4 80 g m2",
        to_group=PAPER,
        reason="Dasselbe Papier ohne GTIN angeboten",
        reviewed_by=REVIEWER,
    ),
    planning.GroupCorrectionWithdrawn(
        version=2,
        correction_id=CORRECTION,
        source="txt:kopierpapier a4 80 g m2",
        reason="Doch 75 g/m²",
        reviewed_by=REVIEWER,
    ),
)
