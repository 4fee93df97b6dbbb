"""Changes of an agreement: typed, two people, by effective date, never below consumption."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.agreements import (
    AgreementLot,
    AgreementPosition,
    Ceiling,
    CeilingChanged,
    CeilingContent,
    Content,
    Entitlement,
    EntitlementChanged,
    EntitlementContent,
    PriceChanged,
    PriceContent,
    SuccessorApproved,
    SuccessorContent,
    TermChanged,
    TermContent,
)
from marktbund.errors import Conflict, DomainError, Invalid, NotFound
from marktbund.ids import new_id
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.ceilings import Standing
from orders.agreements.domain.terms import Terms

ANNE, BERND, ARTICLE = (new_id() for _ in range(3))
START, LATER, END = date(2026, 4, 1), date(2026, 7, 1), date(2027, 3, 31)


def in_force() -> Agreement:
    paper, board = (
        AgreementPosition(
            position_no=no,
            comparable_group=f"gtin:{no}",
            description="Kopierpapier",
            order_unit="PK",
            unit_price_net=Decimal("3.79"),
        )
        for no in (1, 2)
    )
    lot = AgreementLot(
        lot_no=1,
        title="Papier",
        supplier_id=new_id(),
        positions=(paper, board),
        ceilings=(ceiling(),),
    )
    entitled = (Entitlement(member_id=new_id(), entitled_from=START),)
    terms = Terms("Papier", "exclusive", START, END, "", entitled, (lot,))
    made, _ = Agreement.draft(new_id(), None, "RV-1", terms, ANNE, START)
    return made.confirm(BERND, START)[0]


def ceiling(value: str = "100000", member_id: UUID | None = None) -> Ceiling:
    return Ceiling(member_id=member_id, value_net=Decimal(value))


def code_of(refusal: pytest.ExceptionInfo[DomainError]) -> str:
    return refusal.value.code


def changed(content: Content, on: date = LATER, today: date = START) -> Agreement:
    asked, change = in_force().propose(content, on, "Nr. 7", ANNE, today)
    return asked.approve(change.change_no, BERND, today)[0]


def price(value: str = "3.94") -> PriceContent:
    return PriceContent(kind="price", lot_no=1, position_no=1, unit_price_net=Decimal(value))


def higher(value: str = "120000", ground: str | None = "132_2_2") -> CeilingContent:
    return CeilingContent(kind="ceiling", lot_no=1, ceiling=ceiling(value), raise_ground=ground)


def test_a_price_changes_on_its_day_and_not_before():
    made = changed(price())
    assert made.next_due == LATER
    assert made.advance(date(2026, 6, 30))[0].terms.lots[0].positions[0].unit_price_net == Decimal(
        "3.79"
    )
    current, news = made.advance(LATER)
    assert [position.unit_price_net for position in current.terms.lots[0].positions] == [
        Decimal("3.94"),
        Decimal("3.79"),
    ]
    assert (news, current.version, current.announced) == ([], made.version + 1, made.announced)


@pytest.mark.parametrize(
    ("content", "kind", "field", "value"),
    [
        (price(), PriceChanged, "unit_price_net", Decimal("3.94")),
        (higher(), CeilingChanged, "raise_ground", "132_2_2"),
        (TermContent(kind="term", ends_on=date(2028, 3, 31)), TermChanged, "ends_on",
         date(2028, 3, 31)),
        (SuccessorContent(kind="successor", lot_no=1, position_no=2, article_id=ARTICLE),
         SuccessorApproved, "article_id", ARTICLE),
        (EntitlementContent(kind="entitlement",
                            entitlement=Entitlement(member_id=ANNE, entitled_from=LATER)),
         EntitlementChanged, "entitlement", Entitlement(member_id=ANNE, entitled_from=LATER)),
    ],
)  # fmt: skip
def test_an_approved_change_is_told_by_its_own_type(content, kind, field: str, value):
    asked, change = in_force().propose(content, LATER, "Nr. 7", ANNE, START)
    _, [event] = asked.approve(change.change_no, BERND, START)
    assert type(event) is kind
    assert getattr(event, field) == value
    assert (event.version, event.change_no, event.effective_on) == (4, 1, LATER)
    assert (event.proposed_by, event.approved_by, event.basis) == (ANNE, BERND, "Nr. 7")


def test_a_change_takes_two_people_and_is_approved_once():
    asked, change = in_force().propose(price(), LATER, "Nr. 7", ANNE, START)
    assert asked.next_due == date(2027, 4, 1)
    with pytest.raises(Conflict) as refusal:
        asked.approve(1, ANNE, START)
    assert code_of(refusal) == "four_eyes"
    approved, _ = asked.approve(change.change_no, BERND, START)
    with pytest.raises(Conflict) as refusal:
        approved.approve(1, BERND, START)
    assert code_of(refusal) == "change_approved"
    with pytest.raises(NotFound):
        approved.approve(2, BERND, START)


def test_a_change_approved_late_applies_from_that_day():
    asked, _ = in_force().propose(price(), START, "Nr. 7", ANNE, START)
    approved, [event] = asked.approve(1, BERND, LATER)
    assert event.effective_on == LATER
    assert approved.terms.lots[0].positions[0].unit_price_net == Decimal("3.94")


@pytest.mark.parametrize(
    ("content", "on", "code"),
    [
        (price(), date(2026, 3, 31), "change_in_the_past"),
        (higher(ground=None), LATER, "raise_ground_missing"),
        (higher("90000"), START, "raise_ground_wrong"),
        (higher("90000", None), LATER, "lowering_at_once"),
        (TermContent(kind="term", ends_on=date(2026, 3, 31)), LATER, "term_invalid"),
        (
            PriceContent(kind="price", lot_no=2, position_no=1, unit_price_net=1),
            LATER,
            "lot_unknown",
        ),
        (
            SuccessorContent(kind="successor", lot_no=1, position_no=3, article_id=ARTICLE),
            LATER,
            "position_unknown",
        ),
    ],
)
def test_a_change_that_cannot_be(content: Content, on: date, code: str):
    with pytest.raises(Invalid) as refusal:
        in_force().propose(content, on, "Nr. 7", ANNE, START)
    assert code_of(refusal) == code


def test_taking_a_limit_away_is_a_raise():
    unlimited = Ceiling(quantity=Decimal(5))
    content = CeilingContent(kind="ceiling", lot_no=1, ceiling=unlimited)
    with pytest.raises(Invalid) as refusal:
        in_force().propose(content, START, "Nr. 7", ANNE, START)
    assert code_of(refusal) == "raise_ground_missing"


def test_a_ceiling_never_drops_below_what_was_called_off():
    asked, _ = in_force().propose(higher("90000", None), START, "Nr. 9", ANNE, START)

    def standing(used: str) -> Standing:
        return Standing(1, None, Decimal(100000), None, Decimal(used), Decimal(1))

    with pytest.raises(Conflict) as refusal:
        asked.approve(1, BERND, START, standing("90000.01"))
    assert code_of(refusal) == "below_consumption"
    lowered, _ = asked.approve(1, BERND, START, standing("90000.00"))
    assert lowered.terms.lots[0].ceilings == (ceiling("90000"),)


def test_two_changes_of_one_ceiling_do_not_wait_at_once():
    raised = changed(higher())
    asked, change = raised.propose(higher("130000"), LATER, "Nr. 7", ANNE, START)
    with pytest.raises(Conflict) as refusal:
        asked.approve(change.change_no, BERND, START)
    assert code_of(refusal) == "change_pending"
    current, _ = asked.advance(LATER)
    assert current.approve(change.change_no, BERND, LATER)[0].terms.lots[0].ceilings == (
        ceiling("130000"),
    )
