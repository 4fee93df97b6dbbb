"""An agreement's way: draft, four eyes, first day, end."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.agreements import (
    AgreementConfirmed,
    AgreementDrafted,
    AgreementEnded,
    AgreementInForce,
    AgreementLot,
    AgreementPosition,
    Ceiling,
    Entitlement,
    TermContent,
)
from marktbund.errors import Conflict, DomainError, Invalid
from marktbund.ids import new_id
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.terms import Terms

ANNE, BERND, TOWN, SUPPLIER, ARTICLE = (new_id() for _ in range(5))
MARCH, START, LATER, END = (date(2026, 3, 2), date(2026, 4, 1), date(2026, 7, 1), date(2027, 3, 31))


def lot(**different: object) -> AgreementLot:
    positions = tuple(
        AgreementPosition(
            position_no=no,
            comparable_group=f"gtin:{no}",
            description="Kopierpapier",
            order_unit="PK",
            unit_price_net=Decimal("3.79"),
        )
        for no in (1, 2)
    )
    usual = {"lot_no": 1, "title": "Papier", "supplier_id": SUPPLIER, "positions": positions}
    return AgreementLot.model_validate(usual | {"ceilings": (ceiling(),)} | different)


def ceiling(value: str = "100000", member_id: UUID | None = None) -> Ceiling:
    return Ceiling(member_id=member_id, value_net=Decimal(value))


def terms(**different: object) -> Terms:
    usual: dict[str, object] = {"title": "Papier", "binding": "exclusive", "starts_on": START}
    usual |= {"ends_on": END, "later_members": "", "lots": (lot(),)}
    usual |= {"entitled": (Entitlement(member_id=TOWN, entitled_from=START),)}
    return Terms(**usual | different)


def draft(**different: object) -> Agreement:
    made, _ = Agreement.draft(new_id(), None, "RV-1", terms(**different), ANNE, MARCH)
    return made


def confirmed(today: date = MARCH) -> Agreement:
    return draft().confirm(BERND, today)[0]


def code_of(refusal: pytest.ExceptionInfo[DomainError]) -> str:
    return refusal.value.code


def test_a_draft_tells_its_terms_and_waits_for_nothing():
    made, [event] = Agreement.draft(new_id(), None, "RV-1", terms(), ANNE, MARCH)
    assert (made.status, made.version, made.announced, made.next_due) == ("draft", 1, 1, None)
    assert isinstance(event, AgreementDrafted)
    assert (event.version, event.drafted_by, event.lots) == (1, ANNE, made.terms.lots)


def test_its_author_does_not_confirm_it():
    with pytest.raises(Conflict) as refusal:
        draft().confirm(ANNE, MARCH)
    assert code_of(refusal) == "four_eyes"


def test_who_revises_a_draft_becomes_its_author():
    revised, [event] = draft().revise(terms(title="Papier und Toner"), BERND, MARCH)
    assert (event.version, event.title, event.drafted_by) == (2, "Papier und Toner", BERND)
    with pytest.raises(Conflict):
        revised.confirm(BERND, MARCH)
    assert revised.confirm(ANNE, MARCH)[0].status == "confirmed"


def test_confirmed_before_its_first_day_it_waits_for_it():
    made, news = draft().confirm(BERND, MARCH)
    assert (made.status, made.next_due, [type(event) for event in news]) == (
        "confirmed",
        START,
        [AgreementConfirmed],
    )
    assert made.advance(date(2026, 3, 31)) == (made, [])
    started, [event] = made.advance(START)
    assert (started.status, event) == (
        "in_force",
        AgreementInForce(version=3, agreement_id=made.agreement_id, since=START),
    )
    assert started.advance(START) == (started, [])


def test_confirmed_on_its_first_day_it_is_in_force_at_once():
    made, news = draft().confirm(BERND, START)
    assert made.status == "in_force"
    assert [(type(event), event.version) for event in news] == [
        (AgreementConfirmed, 2),
        (AgreementInForce, 3),
    ]


def test_it_ends_the_day_after_its_last():
    made = confirmed(START)
    assert made.next_due == date(2027, 4, 1)
    assert made.advance(END) == (made, [])
    ended, [event] = made.advance(date(2027, 4, 1))
    assert (ended.status, ended.next_due) == ("ended", None)
    assert isinstance(event, AgreementEnded)
    assert (event.reason, event.last_day, event.decided_by) == ("term_over", END, None)


def test_the_office_ends_it_early_and_discards_drafts():
    _, [ended] = confirmed(START).end(ANNE, LATER)
    _, [discarded] = draft().end(ANNE, MARCH)
    assert (ended.reason, ended.last_day, ended.decided_by) == ("terminated", LATER, ANNE)
    assert (discarded.reason, discarded.version) == ("discarded", 2)


@pytest.mark.parametrize(
    ("different", "code"),
    [
        ({"ends_on": date(2026, 3, 31)}, "term_invalid"),
        ({"lots": (lot(), lot())}, "number_repeated"),
        ({"lots": (lot(ceilings=(ceiling(), ceiling())),)}, "ceiling_repeated"),
        ({"lots": (lot(ceilings=(Ceiling(),)),)}, "ceiling_empty"),
        ({"entitled": (Entitlement(member_id=TOWN, entitled_from=START),) * 2},
         "entitled_repeated"),
    ],
)  # fmt: skip
def test_terms_that_contradict_themselves(different: dict[str, object], code: str):
    with pytest.raises(Invalid) as refusal:
        draft(**different)
    assert code_of(refusal) == code


def test_quantities_of_several_units_have_no_common_ceiling():
    paper, pens = lot().positions
    mixed = (paper, pens.model_copy(update={"order_unit": "C62"}))
    with pytest.raises(Invalid) as refusal:
        draft(lots=(lot(positions=mixed, ceilings=(Ceiling(quantity=Decimal(5)),)),))
    assert code_of(refusal) == "ceiling_unit_mixed"
    assert draft(lots=(lot(positions=mixed),)).status == "draft"


@pytest.mark.parametrize(
    ("different", "code"),
    [
        ({"lots": (lot(ceilings=()),)}, "ceiling_missing"),
        ({"lots": (lot(ceilings=(ceiling(member_id=TOWN),)),)}, "ceiling_missing"),
        ({"entitled": ()}, "entitled_missing"),
    ],
)
def test_what_may_be_drafted_but_not_confirmed(different: dict[str, object], code: str):
    with pytest.raises(Invalid) as refusal:
        draft(**different).confirm(BERND, MARCH)
    assert code_of(refusal) == code


@pytest.mark.parametrize("step", ["confirm", "revise", "propose", "end"])
def test_an_ended_agreement_stays_as_it_is(step: str):
    ended = confirmed(START).end(ANNE, LATER)[0]
    steps = {
        "confirm": lambda: ended.confirm(BERND, LATER),
        "revise": lambda: ended.revise(terms(), BERND, LATER),
        "propose": lambda: ended.propose(
            TermContent(kind="term", ends_on=END), LATER, "Nr. 7", ANNE, LATER
        ),
        "end": lambda: ended.end(BERND, LATER),
    }
    with pytest.raises(Conflict) as refusal:
        steps[step]()
    assert code_of(refusal) == "agreement_state"
    assert ended.advance(date(2030, 1, 1)) == (ended, [])
