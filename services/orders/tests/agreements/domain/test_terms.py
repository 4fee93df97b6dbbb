"""Terms of agreements: what they must be, who may call off when, whose turn it is, numbers."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.agreements import AgreementLot, AgreementPosition, Ceiling, Entitlement
from marktbund.errors import Conflict, DomainError, Invalid, NotFound
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.changes import CeilingContent, Change, TermContent
from orders.agreements.domain.entitlement import refusal_of_member, refusal_of_term
from orders.agreements.domain.numbers import drawn_number, require_free_form
from orders.agreements.domain.partners import out_of_turn, require_selling, require_successor
from orders.agreements.domain.schedule import change_of, due, replaced, require_no_other, waiting
from orders.agreements.domain.terms import (
    Terms,
    ceiling_of,
    check,
    check_complete,
    lot_of,
    position_of,
)
from orders.ground.domain.articles import Article

TOWN, DISTRICT, SUPPLIER, OTHER = (UUID(int=number) for number in (1, 2, 3, 4))
START, END = date(2026, 4, 1), date(2027, 3, 31)
TODAY = date(2026, 6, 1)


def position(number: int = 1, unit: str = "C62") -> AgreementPosition:
    return AgreementPosition(
        position_no=number,
        comparable_group=f"gtin:{number}",
        description="Kopierpapier",
        order_unit=unit,
        unit_price_net=Decimal("3.79"),
    )


def ceiling(
    value: str | None = "1000", quantity: str | None = None, member_id: UUID | None = None
) -> Ceiling:
    return Ceiling(
        member_id=member_id,
        value_net=None if value is None else Decimal(value),
        quantity=None if quantity is None else Decimal(quantity),
    )


def lot(number: int = 1, **more) -> AgreementLot:
    values = {
        "title": f"Los {number}",
        "supplier_id": SUPPLIER,
        "positions": (position(1), position(2)),
        "ceilings": (ceiling(),),
    }
    return AgreementLot(lot_no=number, **(values | more))


def entitled(member_id: UUID = TOWN, first: date = START, last: date | None = None) -> Entitlement:
    return Entitlement(member_id=member_id, entitled_from=first, entitled_to=last)


def terms(**more) -> Terms:
    values = {
        "title": "Papier",
        "binding": "exclusive",
        "starts_on": START,
        "ends_on": END,
        "later_members": "",
        "entitled": (entitled(),),
        "lots": (lot(),),
    }
    return Terms(**(values | more))


def refused_by(work, *values) -> tuple[str, str]:
    with pytest.raises(DomainError) as refused:
        work(*values)
    return refused.value.code, refused.value.field or ""


# -- what terms must be ---------------------------------------------------------------------------


def test_terms_of_one_day_are_terms():
    check(terms(starts_on=START, ends_on=START))


@pytest.mark.parametrize(
    ("different", "code", "field"),
    [
        ({"ends_on": date(2026, 3, 31)}, "term_invalid", "ends_on"),
        (
            {"entitled": (entitled(), entitled(DISTRICT, TODAY, date(2026, 5, 31)))},
            "entitlement_invalid",
            "entitled[1].entitled_to",
        ),
        ({"entitled": (entitled(), entitled())}, "entitled_repeated", "entitled"),
        ({"lots": (lot(1), lot(1))}, "number_repeated", "lots"),
        (
            {"lots": (lot(positions=(position(1), position(1))),)},
            "number_repeated",
            "lots[0].positions",
        ),
        (
            {"lots": (lot(ceilings=(ceiling(), ceiling("5"))),)},
            "ceiling_repeated",
            "lots[0].ceilings",
        ),
        ({"lots": (lot(ceilings=(ceiling(None),)),)}, "ceiling_empty", "lots[0].ceilings"),
        (
            {
                "lots": (
                    lot(
                        positions=(position(1), position(2, "XPK")),
                        ceilings=(ceiling(None, "10"),),
                    ),
                )
            },
            "ceiling_unit_mixed",
            "lots[0].ceilings",
        ),
        ({"lots": (lot(1, after_lot_no=2), lot(2))}, "cascade_broken", "lots[0].after_lot_no"),
        ({"lots": (lot(1, after_lot_no=1),)}, "cascade_broken", "lots[0].after_lot_no"),
    ],
)
def test_what_terms_must_not_be_is_named(different: dict, code: str, field: str):
    assert refused_by(check, terms(**different)) == (code, field)


def test_a_lot_may_come_after_an_earlier_one():
    check(terms(lots=(lot(1), lot(2, after_lot_no=1))))


def test_a_members_share_beside_the_ceiling_of_all_is_no_repetition():
    check(terms(lots=(lot(ceilings=(ceiling(), ceiling("10", member_id=TOWN))),)))


@pytest.mark.parametrize(
    ("different", "code"),
    [
        ({"ends_on": date(2026, 5, 31)}, "term_invalid"),
        ({"lots": (lot(ceilings=()),)}, "ceiling_missing"),
        ({"lots": (lot(ceilings=(ceiling(member_id=TOWN),)),)}, "ceiling_missing"),
        ({"lots": (lot(ceilings=(ceiling(None, "2.5"),)),)}, "quantity_not_whole"),
        ({"entitled": ()}, "entitled_missing"),
    ],
)
def test_nobody_confirms_what_is_incomplete(different: dict, code: str):
    assert refused_by(check_complete, terms(**different), TODAY)[0] == code


def test_terms_can_be_confirmed_on_their_last_day():
    check_complete(terms(), END)


def test_lots_positions_and_ceilings_are_known_by_number_and_member():
    share = ceiling("10", member_id=TOWN)
    known = lot(ceilings=(ceiling(), share))
    assert lot_of((known,), 1) is known
    assert lot_of((known,), 2) is None
    assert position_of(known, 2) == position(2)
    assert position_of(known, 3) is None
    assert ceiling_of(known, TOWN) is share
    assert ceiling_of(known, DISTRICT) is None


# -- who may call off, and when -------------------------------------------------------------------


def agreement(status: str) -> Agreement:
    drafted, _ = Agreement.draft(UUID(int=9), None, "RV-1", terms(), UUID(int=8), TODAY)
    object.__setattr__(drafted, "status", status)
    return drafted


@pytest.mark.parametrize(
    ("status", "today", "detail"),
    [
        ("draft", TODAY, "Er ist noch nicht bestätigt."),
        ("ended", TODAY, "Er galt bis 31.03.2027."),
        ("in_force", date(2027, 4, 1), "Er galt bis 31.03.2027."),
        ("confirmed", date(2026, 3, 31), "Er gilt ab 01.04.2026."),
        ("in_force", START, None),
        ("in_force", END, None),
    ],
)
def test_an_agreement_applies_from_its_first_to_its_last_day(status, today, detail):
    reasons = list(refusal_of_term(agreement(status), today))
    assert [reason.detail for reason in reasons] == ([] if detail is None else [detail])
    assert all(reason.code == "agreement_not_in_force" for reason in reasons)


@pytest.mark.parametrize(
    ("member_id", "today", "code"),
    [
        (TOWN, START, None),
        (TOWN, date(2026, 9, 30), None),
        (TOWN, date(2026, 3, 31), "entitled_later"),
        (TOWN, date(2026, 10, 1), "entitlement_over"),
        (DISTRICT, TODAY, "not_entitled"),
    ],
)
def test_a_member_calls_off_in_its_own_time_only(member_id: UUID, today: date, code: str | None):
    known = terms(entitled=(entitled(last=date(2026, 9, 30)),))
    reasons = [reason.code for reason in refusal_of_member(known, member_id, today)]
    assert reasons == ([] if code is None else [code])


def test_where_later_members_may_come_the_office_is_the_way_out():
    known = terms(later_members="alle Mitglieder des Zweckverbands")
    (reason,) = refusal_of_member(known, DISTRICT, TODAY)
    assert reason.code == "entitlement_basis_missing"
    assert "alle Mitglieder des Zweckverbands" in reason.detail


# -- whose turn it is -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("different", "declined", "codes"),
    [
        ({}, {}, []),
        ({"procedure": "mini_competition"}, {}, ["mini_competition_first"]),
        ({"after_lot_no": 1}, {}, ["cascade_first"]),
        ({"after_lot_no": 1}, {1: ""}, ["cascade_first"]),
        ({"after_lot_no": 1}, {2: "Brief vom 2.6."}, ["cascade_first"]),
        ({"after_lot_no": 1}, {1: "Brief vom 2.6."}, []),
    ],
)
def test_the_next_partner_is_asked_when_the_refusal_of_the_first_is_on_file(
    different: dict, declined: dict, codes: list[str]
):
    reasons = out_of_turn([lot(2, **different)], declined)
    assert [reason.code for reason in reasons] == codes


def test_no_agreement_is_concluded_with_whoever_may_not_sell():
    known = terms(lots=(lot(1), lot(2, supplier_id=OTHER)))
    require_selling(known, {SUPPLIER, OTHER})
    with pytest.raises(Conflict, match="partner_not_active") as refused:
        require_selling(known, {SUPPLIER})
    assert refused.value.detail == "Los 2: Los 2."


def article(**more) -> Article:
    values = {
        "article_id": UUID(int=20),
        "supplier_id": SUPPLIER,
        "article_number": "A-1",
        "name": "Papier neu",
        "cpv": "30197630",
        "comparable_group": "gtin:1",
        "order_unit": "C62",
        "unit_price_net": Decimal(4),
        "vat_rate": Decimal(19),
        "orderable": True,
    }
    return Article(**(values | more))


def test_a_successor_is_on_sale_at_the_same_partner_in_the_same_unit():
    require_successor(lot(), 1, article())
    for unfit in (
        (None, 1, article()),
        (lot(), 3, article()),
        (lot(), 1, None),
        (lot(), 1, article(orderable=False)),
        (lot(), 1, article(supplier_id=OTHER)),
        (lot(), 1, article(order_unit="XPK")),
    ):
        assert refused_by(require_successor, *unfit) == ("successor_unfit", "content.article_id")


# -- changes over time ----------------------------------------------------------------------------


def change(number: int, day: date, *, approved: bool = True, applied: bool = False, content=None):
    return Change(
        change_no=number,
        content=content or TermContent(kind="term", ends_on=END),
        effective_on=day,
        basis="§ 132 GWB",
        proposed_by=UUID(int=8),
        approved_by=UUID(int=9) if approved else None,
        applied=applied,
    )


def test_changes_wait_in_the_order_of_their_days_then_numbers():
    changes = (
        change(1, date(2026, 8, 1)),
        change(2, TODAY),
        change(3, TODAY, approved=False),
        change(4, TODAY),
        change(5, date(2026, 5, 1), applied=True),
    )
    assert [known.change_no for known in waiting(changes)] == [2, 4, 1]
    assert [known.change_no for known in due(changes, TODAY)] == [2, 4]
    assert due(changes, date(2026, 5, 31)) == []
    assert len(due(changes, date(2026, 8, 1))) == 3


def test_a_change_is_known_by_its_number_and_replaced_in_its_place():
    changes = (change(1, TODAY), change(2, TODAY))
    later = change(2, END)
    assert change_of(changes, 2) is changes[1]
    assert replaced(changes, later) == (changes[0], later)
    with pytest.raises(NotFound, match="change_unknown"):
        change_of(changes, 3)


def test_one_change_at_a_time_waits_for_a_ceiling():
    content = CeilingContent(kind="ceiling", lot_no=1, ceiling=ceiling("500"))
    share = CeilingContent(kind="ceiling", lot_no=1, ceiling=ceiling("5", member_id=TOWN))
    elsewhere = CeilingContent(kind="ceiling", lot_no=2, ceiling=ceiling("500"))
    planned = (change(1, END, content=content),)
    require_no_other(planned, share)
    require_no_other(planned, elsewhere)
    require_no_other((change(1, END, approved=False, content=content),), content)
    with pytest.raises(Conflict, match="change_pending"):
        require_no_other(planned, content)


# -- numbers --------------------------------------------------------------------------------------


def test_drawn_numbers_name_their_year_and_rise():
    assert drawn_number(TODAY, 17) == "RV-2026-0017"
    assert drawn_number(date(2027, 1, 1), 12345) == "RV-2027-12345"


@pytest.mark.parametrize("typed", ["", "LV-2026-17", "RV-26-17", "RV-2026", "XRV-2026-17"])
def test_a_house_may_type_numbers_of_its_own(typed: str):
    require_free_form(typed)


@pytest.mark.parametrize("typed", ["RV-2026-0017", "rv-2026-1", "RV-2031-99999"])
def test_what_is_drawn_is_never_typed(typed: str):
    with pytest.raises(Invalid) as refused:
        require_free_form(typed)
    assert (refused.value.code, refused.value.field) == ("agreement_number_reserved", "number")
