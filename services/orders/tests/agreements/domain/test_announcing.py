"""Every approved change is news of its own type and says what was approved, nothing else."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.agreements import (
    AgreementLot,
    AgreementPosition,
    Ceiling,
    CeilingContent,
    Content,
    Entitlement,
    EntitlementContent,
    PriceContent,
    SuccessorContent,
    TermContent,
)
from orders.agreements.domain.announcing import change_news, drafted
from orders.agreements.domain.changes import Change
from orders.agreements.domain.terms import Terms

AGREEMENT, TENDER, TOWN, SUPPLIER, ANNE, BERND = (UUID(int=number) for number in range(1, 7))
START, LATER, END = date(2026, 4, 1), date(2026, 7, 1), date(2027, 3, 31)
ENTITLED = Entitlement(member_id=TOWN, entitled_from=START, entitled_to=END, basis="Beitritt")
HIGHER = Ceiling(member_id=TOWN, value_net=Decimal("120000.00"), quantity=Decimal("9.5"))
CONTENTS: dict[str, tuple[Content, dict[str, object]]] = {
    "EntitlementChanged": (
        EntitlementContent(kind="entitlement", entitlement=ENTITLED),
        {"entitlement": ENTITLED},
    ),
    "PriceChanged": (
        PriceContent(kind="price", lot_no=2, position_no=7, unit_price_net=Decimal("3.9401")),
        {"lot_no": 2, "position_no": 7, "unit_price_net": Decimal("3.9401")},
    ),
    "CeilingChanged": (
        CeilingContent(kind="ceiling", lot_no=2, ceiling=HIGHER, raise_ground="132_2_2"),
        {"lot_no": 2, "ceiling": HIGHER, "raise_ground": "132_2_2"},
    ),
    "TermChanged": (TermContent(kind="term", ends_on=END), {"ends_on": END}),
    "SuccessorApproved": (
        SuccessorContent(kind="successor", lot_no=2, position_no=7, article_id=UUID(int=40)),
        {"lot_no": 2, "position_no": 7, "article_id": UUID(int=40)},
    ),
}


def approved(content: Content) -> Change:
    return Change(
        change_no=3,
        effective_on=LATER,
        basis="Nr. 7 der Bedingungen",
        content=content,
        proposed_by=ANNE,
        approved_by=BERND,
    )


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_change_is_news_of_its_own_type_with_all_that_was_approved(kind: str):
    content, details = CONTENTS[kind]
    event = change_news(AGREEMENT, 9, approved(content))
    about = {"version": 9, "agreement_id": AGREEMENT, "change_no": 3, "effective_on": LATER}
    about |= {"basis": "Nr. 7 der Bedingungen", "proposed_by": ANNE, "approved_by": BERND}
    assert type(event).__name__ == kind
    assert dict(event) == about | details


def test_a_change_nobody_approved_is_no_news():
    change = approved(TermContent(kind="term", ends_on=END)).model_copy(
        update={"approved_by": None}
    )
    with pytest.raises(ValueError, match="approved_by"):
        change_news(AGREEMENT, 9, change)


def test_a_lowered_ceiling_names_no_paragraph():
    content = CeilingContent(kind="ceiling", lot_no=1, ceiling=Ceiling(value_net=Decimal(1)))
    assert dict(change_news(AGREEMENT, 2, approved(content)))["raise_ground"] is None


@pytest.mark.parametrize("tender_id", [TENDER, None])
def test_the_news_of_a_draft_says_all_its_terms_and_where_it_came_from(tender_id: UUID | None):
    position = AgreementPosition(
        position_no=1,
        comparable_group="gtin:1",
        description="Papier",
        order_unit="PK",
        unit_price_net=Decimal("3.79"),
    )
    lot = AgreementLot(
        lot_no=1, title="Papier", supplier_id=SUPPLIER, positions=(position,), ceilings=(HIGHER,)
    )
    terms = Terms("Papier 2026", "open", START, END, "Gemeinden in NRW", (ENTITLED,), (lot,))
    identity = {"agreement_id": AGREEMENT, "tender_id": tender_id, "number": "RV-2026-0017"}
    event = drafted(1, identity, terms, ANNE, START)
    assert (event.agreement_id, event.tender_id, event.number) == (
        AGREEMENT,
        tender_id,
        "RV-2026-0017",
    )
    assert (event.title, event.binding, event.starts_on, event.ends_on) == (
        "Papier 2026",
        "open",
        START,
        END,
    )
    assert (event.later_members, event.entitled, event.lots) == (
        "Gemeinden in NRW",
        (ENTITLED,),
        (lot,),
    )
    assert (event.drafted_by, event.drafted_on, event.version) == (ANNE, START, 1)
