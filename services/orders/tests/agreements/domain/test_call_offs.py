"""The call-off gate: every reason at once, the pinned price, ceilings refused whole."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.agreements import AgreementLot, AgreementPosition, Entitlement
from marktbund.ids import new_id
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.call_offs import Call, Checked, Supply, check_call_off
from orders.agreements.domain.ceilings import Draw, Standing
from orders.agreements.domain.terms import Terms
from orders.ground.domain.articles import Article

TOWN, OTHER, SUPPLIER, PAPER, OLD = (new_id() for _ in range(5))
START, TODAY, END = date(2026, 4, 1), date(2026, 5, 4), date(2027, 3, 31)


def position(no: int, article_id: UUID | None = None, unit: str = "PK") -> AgreementPosition:
    return AgreementPosition(
        position_no=no,
        comparable_group=f"gtin:{no}",
        article_id=article_id,
        description=f"Papier {no}",
        order_unit=unit,
        unit_price_net=Decimal("3.00"),
    )


LOT = AgreementLot(
    lot_no=1,
    title="Papier",
    supplier_id=SUPPLIER,
    minimum_order_net=Decimal("50.00"),
    positions=(position(1, PAPER), position(2, OLD), position(3, None), position(4, unit="C62")),
    ceilings=(),
)


def agreement(**different: object) -> Agreement:
    usual: dict[str, object] = {"title": "Papier", "binding": "exclusive", "starts_on": START}
    usual |= {"ends_on": END, "later_members": "", "lots": (LOT,)}
    usual |= {"entitled": (Entitlement(member_id=TOWN, entitled_from=START),)}
    return Agreement(new_id(), None, "RV-1", Terms(**usual | different), new_id(), "in_force")


def article(article_id: UUID, *, price: str = "3.00", orderable: bool = True) -> Article:
    return Article(
        article_id=article_id,
        supplier_id=SUPPLIER,
        article_number="P-1",
        name="Papier",
        cpv="30197644",
        comparable_group="gtin:1",
        order_unit="PK",
        unit_price_net=Decimal(price),
        vat_rate=Decimal(19),
        orderable=orderable,
    )


ARTICLES = {
    (1, 1): article(PAPER),
    (1, 2): article(OLD, orderable=False),
    (1, 4): article(new_id()),
}


def standing(
    member_id: UUID | None = None, **limits: int
) -> tuple[tuple[int, UUID | None], Standing]:
    known = {name: Decimal(value) for name, value in limits.items()}
    return (1, member_id), Standing(1, member_id, **known)


def check(
    *calls: tuple[int, int, str],
    member_id: UUID = TOWN,
    today: date = TODAY,
    standings: Mapping[tuple[int, UUID | None], Standing] | None = None,
    suppliers: frozenset[UUID] = frozenset({SUPPLIER}),
    **different: object,
) -> Checked:
    wanted = [Call(lot_no, no, Decimal(quantity)) for lot_no, no, quantity in calls]
    supply = Supply(ARTICLES, suppliers, standings or {})
    return check_call_off(agreement(**different), member_id, wanted, supply, today)


def codes(checked: Checked) -> list[str]:
    return [reason.code for reason in checked.reasons]


def test_a_call_off_goes_out_at_the_pinned_price():
    checked = check((1, 1, "20"))
    assert checked.reasons == ()
    [line] = checked.lines
    assert (line.unit_price_net, line.net_amount) == (Decimal("3.00"), Decimal("60.00"))
    assert (line.lot_no, line.position_no, line.article_id) == (1, 1, PAPER)
    assert checked.draws == (Draw(1, Decimal("60.00"), Decimal(20)),)


@pytest.mark.parametrize("price", ["3.12", "2.50"])
def test_the_price_list_changes_nothing(price: str):
    supply = Supply({(1, 1): article(PAPER, price=price)}, frozenset({SUPPLIER}), {})
    [line] = check_call_off(
        agreement(), TOWN, [Call(1, 1, Decimal(20))], supply, TODAY
    ).lines  # fmt: skip
    assert line.unit_price_net == Decimal("3.00")


def test_every_reason_is_told_at_once():
    checked = check(
        (1, 2, "1"),
        (1, 3, "1"),
        (1, 4, "1"),
        (1, 9, "1"),
        (2, 1, "1"),
        member_id=OTHER,
        today=date(2027, 4, 1),
        standings=dict(
            [standing(limit_value_net=5, limit_quantity=2), standing(OTHER, limit_value_net=1)]
        ),
    )
    assert codes(checked) == [
        "agreement_not_in_force",
        "not_entitled",
        "position_unknown",
        "lot_unknown",
        "article_discontinued",
        "article_missing",
        "unit_differs",
        "below_minimum_order",
        "ceiling_value",
        "ceiling_quantity",
        "member_ceiling_value",
    ]
    assert checked.lines == ()
    assert all(reason.title and reason.detail and reason.way_out for reason in checked.reasons)


@pytest.mark.parametrize(
    ("today", "detail"),
    [(date(2026, 3, 31), "Er gilt ab 01.04.2026."), (date(2027, 4, 1), "Er galt bis 31.03.2027.")],
)
def test_outside_its_term(today: date, detail: str):
    reasons = check((1, 1, "20"), today=today).reasons
    assert [reason.detail for reason in reasons if reason.code == "agreement_not_in_force"] == [
        detail
    ]


@pytest.mark.parametrize("today", [START, END])
def test_first_and_last_day_count(today: date):
    assert codes(check((1, 1, "20"), today=today)) == []


def test_a_draft_and_an_ended_agreement_are_not_in_force():
    supply = Supply(ARTICLES, frozenset({SUPPLIER}), {})
    for status in ("draft", "ended"):
        made = replace(agreement(), status=status)
        checked = check_call_off(made, TOWN, [Call(1, 1, Decimal(20))], supply, TODAY)
        assert codes(checked) == ["agreement_not_in_force"]


@pytest.mark.parametrize(
    ("entitled_from", "entitled_to", "code"),
    [
        (date(2026, 5, 5), None, ["entitled_later"]),
        (START, date(2026, 5, 3), ["entitlement_over"]),
        (TODAY, TODAY, []),
    ],
)
def test_entitlement_has_dates(entitled_from: date, entitled_to: date | None, code: list[str]):
    entry = Entitlement(member_id=TOWN, entitled_from=entitled_from, entitled_to=entitled_to)
    assert codes(check((1, 1, "20"), entitled=(entry,))) == code


def test_a_member_of_the_published_group_waits_for_the_legal_basis():
    [reason] = check((1, 1, "20"), member_id=OTHER, later_members="Gemeinden in NRW").reasons
    assert (reason.code, reason.detail) == (
        "entitlement_basis_missing",
        "Die Bekanntmachung nennt: Gemeinden in NRW.",
    )


def test_a_suspended_supplier_delivers_nothing():
    assert codes(check((1, 1, "20"), suppliers=frozenset())) == ["supplier_not_active"]


def test_lines_of_a_lot_count_together():
    room = dict([standing(limit_value_net=100, used_value_net=1)])
    assert codes(check((1, 1, "16"), (1, 1, "17"), standings=room)) == []
    over = check((1, 1, "17"), (1, 1, "17"), standings=room)
    assert codes(over) == ["ceiling_value"]
    assert over.reasons[0].detail == "Los 1: Rest 99,00 EUR."
    assert codes(check((1, 1, "8"), (1, 1, "8"), standings=room)) == ["below_minimum_order"]


def test_a_partner_later_in_the_cascade_waits_for_the_refusal_on_file():
    second = LOT.model_copy(update={"lot_no": 2, "after_lot_no": 1})
    made = agreement(lots=(LOT, second))
    calls = [Call(2, 1, Decimal(20))]
    supply = Supply({(2, 1): article(PAPER)}, frozenset({SUPPLIER}), {})
    assert codes(check_call_off(made, TOWN, calls, supply, TODAY)) == ["cascade_first"]
    declined = replace(supply, declined={1: "Mail vom 03.05.2026"})
    assert codes(check_call_off(made, TOWN, calls, declined, TODAY)) == []


def test_a_mini_competition_comes_before_any_click():
    lot = LOT.model_copy(update={"procedure": "mini_competition"})
    assert codes(check((1, 1, "20"), lots=(lot,))) == ["mini_competition_first"]
