"""Samples of what orders announces of framework agreements; part of `samples.SAMPLES`."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from marktbund.contracts import agreements
from marktbund.contracts.base import Message


def _id(number: int) -> UUID:
    return UUID(f"01936f2e-7c00-7000-8000-{number:012d}")


MEMBER, OTHER_MEMBER, PERSON, OFFICE = _id(1), _id(2), _id(4), _id(5)
SUPPLIER, ARTICLE, TENDER, AGREEMENT, SUCCESSOR = _id(11), _id(12), _id(33), _id(41), _id(42)
LOT = agreements.AgreementLot(
    lot_no=1,
    title="Kopierpapier",
    supplier_id=SUPPLIER,
    minimum_order_net=Decimal("50.00"),
    positions=(
        agreements.AgreementPosition(
            position_no=1,
            comparable_group="gtin:4006381333931",
            article_id=ARTICLE,
            description="Kopierpapier A4, 80 g/m², 500 Blatt",
            order_unit="PK",
            unit_price_net=Decimal("3.7900"),
        ),
    ),
    ceilings=(
        agreements.Ceiling(value_net=Decimal("100000.00"), quantity=Decimal("26000.000")),
        agreements.Ceiling(member_id=MEMBER, value_net=Decimal("20000.00")),
    ),
)
ENTITLED = (
    agreements.Entitlement(member_id=MEMBER, entitled_from=date(2026, 4, 1)),
    agreements.Entitlement(
        member_id=OTHER_MEMBER,
        entitled_from=date(2026, 7, 1),
        entitled_to=date(2027, 3, 31),
        basis="Beitritt nach Nr. 4 der Bekanntmachung",
    ),
)
TERMS: dict[str, Any] = {
    "agreement_id": AGREEMENT,
    "tender_id": TENDER,
    "number": "RV-2026-0001",
    "title": "Kopierpapier 2026 bis 2028",
    "binding": "exclusive",
    "starts_on": date(2026, 4, 1),
    "ends_on": date(2028, 3, 31),
    "later_members": "Gemeinden in NRW, die der Genossenschaft bis 2027-12-31 beitreten",
    "entitled": ENTITLED,
    "lots": (LOT,),
}
CHANGE: dict[str, Any] = {
    "agreement_id": AGREEMENT,
    "effective_on": date(2026, 7, 1),
    "proposed_by": PERSON,
    "approved_by": OFFICE,
}
AGREEMENTS: tuple[Message, ...] = (
    agreements.AgreementState(version=3, status="in_force", **TERMS),
    agreements.AgreementDrafted(version=1, drafted_by=PERSON, drafted_on=date(2026, 3, 2), **TERMS),
    agreements.AgreementConfirmed(
        version=2, agreement_id=AGREEMENT, confirmed_by=OFFICE, confirmed_on=date(2026, 3, 9)
    ),
    agreements.AgreementInForce(version=3, agreement_id=AGREEMENT, since=date(2026, 4, 1)),
    agreements.EntitlementChanged(
        version=4,
        change_no=1,
        basis="Beitritt nach Nr. 4 der Bekanntmachung",
        entitlement=ENTITLED[1],
        **CHANGE,
    ),
    agreements.PriceChanged(
        version=5,
        change_no=2,
        basis="Preisgleitklausel Nr. 7, Index Papier +2,1 %",
        lot_no=1,
        position_no=1,
        unit_price_net=Decimal("3.8700"),
        **CHANGE,
    ),
    agreements.CeilingChanged(
        version=6,
        change_no=3,
        basis="Zusätzlicher Bedarf der Schulen, Wechsel des Lieferanten nicht möglich",
        lot_no=1,
        ceiling=agreements.Ceiling(value_net=Decimal("120000.00"), quantity=Decimal("31000.000")),
        raise_ground="132_2_2",
        **CHANGE,
    ),
    agreements.TermChanged(
        version=7,
        change_no=4,
        basis="Verlängerungsoption Nr. 3",
        ends_on=date(2029, 3, 31),
        **CHANGE,
    ),
    agreements.SuccessorApproved(
        version=8,
        change_no=5,
        basis="Gleichwertig, gleicher Preis",
        lot_no=1,
        position_no=1,
        article_id=SUCCESSOR,
        **CHANGE,
    ),
    agreements.AgreementEnded(
        version=9,
        agreement_id=AGREEMENT,
        last_day=date(2029, 3, 31),
        reason="term_over",
        decided_by=None,
    ),
)
