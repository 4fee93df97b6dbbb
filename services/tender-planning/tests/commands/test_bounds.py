"""What tender-planning can be asked, at the bounds of every field."""

from datetime import date
from typing import Any
from uuid import uuid5

import pytest
from pydantic import BaseModel, ValidationError

from marktbund.ids import new_id
from tender_planning.commands.decisions import (
    CancelTender,
    CorrectGroup,
    DecideProposal,
    EnterAward,
    WithdrawCorrection,
)
from tender_planning.commands.demand import (
    DemandFilter,
    FindStrongest,
    ListDemand,
    ListOrderLines,
    Months,
)
from tender_planning.commands.questions import (
    DrawHeatMap,
    DrawMonths,
    DrawPareto,
    DrawPrices,
    ListCorrections,
    ListEvidence,
    ListProposals,
    ListTenders,
)

ID = "0198f0a2-0000-7000-8000-000000000001"
POSITION = {
    "position_no": 1,
    "comparable_group": "mfr:a|1",
    "description": "Papier A4",
    "order_unit": "C62",
    "unit_price_net": "3.89",
    "quantity": "480",
}
LOT = {"lot_no": 1, "title": "Los 1", "supplier_id": ID, "positions": [POSITION]}
AWARD = {
    "awarded_on": "2026-02-01",
    "binding": "exclusive",
    "starts_on": "2026-03-01",
    "ends_on": "2030-02-28",
    "entitled": [{"member_id": ID, "entitled_from": "2026-03-01"}],
    "lots": [LOT],
}


def award(**changed: Any) -> dict[str, Any]:
    return AWARD | changed


def lot(**changed: Any) -> dict[str, Any]:
    return AWARD | {"lots": [LOT | changed]}


def position(**changed: Any) -> dict[str, Any]:
    return lot(positions=[POSITION | changed])


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (DemandFilter, {"class": "30190000"}),
        (DemandFilter, {"class": "00000000"}),
        (ListDemand, {"after": f"30190000:{ID}:2026-12", "limit": 500}),
        (ListDemand, {"limit": 1}),
        (ListOrderLines, {"after": f"{ID}:999999999", "limit": 500}),
        (ListOrderLines, {"after": f"{ID}:0"}),
        (FindStrongest, {"by": "regularity", "limit": 100}),
        (ListProposals, {"status": None, "after": 10_000, "limit": 500}),
        (ListTenders, {"status": "awarded", "after": 0, "limit": 1}),
        (ListCorrections, {"after": "x" * 250, "limit": 500}),
        (DrawHeatMap, {"members": 400, "classes": 100}),
        (DrawHeatMap, {"members": 1, "classes": 1}),
        (DrawPareto, {"of": "suppliers", "limit": 500}),
        (DrawMonths, {"group": "x" * 250, "supplier_id": ID}),
        (DrawPrices, {"from": "2026-01-31", "to": "2026-01-01"}),
        (ListEvidence, {"group": "mfr:a|1", "limit": 500}),
        (DecideProposal, {"decision": "rejected", "reason": "12345"}),
        (DecideProposal, {"decision": "accepted", "reason": "x" * 500}),
        (CancelTender, {"reason": "Kein Angebot"}),
        (WithdrawCorrection, {"reason": "Verwechslung"}),
        (CorrectGroup, {"source": f"article:{ID}", "reason": "Falsch gepackt"}),
        (CorrectGroup, {"source": "gtin:1", "to_group": "rev:1", "reason": "Dasselbe"}),
        (CorrectGroup, {"source": "txt:" + "x" * 246, "reason": "Dasselbe"}),
        (EnterAward, AWARD),
        (EnterAward, lot(ceiling_value_net="0.01", ceiling_quantity="0.001")),
        (EnterAward, position(unit_price_net="0", quantity="9999999")),
        (EnterAward, position(position_no=9_999, article_id=ID)),
    ],
)
def test_what_lies_on_the_bounds_is_understood(kind: type[BaseModel], asked: dict[str, Any]):
    assert kind.model_validate(asked).model_fields_set


@pytest.mark.parametrize(
    ("kind", "asked", "field"),
    [
        (DemandFilter, {"class": "30191000"}, "class"),
        (DemandFilter, {"class": "3019000"}, "class"),
        (DemandFilter, {"class": "３０１９0000"}, "class"),
        (DemandFilter, {"member_id": "x"}, "member_id"),
        (Months, {"from": "2026-13-01"}, "from"),
        (Months, {"to": "gestern"}, "to"),
        (Months, {"from": 1767225600}, "from"),
        (ListDemand, {"after": f"30190000:{ID}:2026-13"}, "after"),
        (ListDemand, {"after": f"30190000:{ID}:2026-00"}, "after"),
        (ListDemand, {"after": f"30190000:{ID.upper()}x:2026-01"}, "after"),
        (ListDemand, {"limit": 501}, "limit"),
        (ListOrderLines, {"after": f"{ID}:1000000000"}, "after"),
        (ListOrderLines, {"after": ID}, "after"),
        (ListOrderLines, {"limit": 0}, "limit"),
        (FindStrongest, {"by": "name"}, "by"),
        (FindStrongest, {"limit": 101}, "limit"),
        (ListProposals, {"status": "open"}, "status"),
        (ListProposals, {"after": -1}, "after"),
        (ListProposals, {"after": 10_001}, "after"),
        (ListTenders, {"status": "proposed"}, "status"),
        (ListTenders, {"limit": 501}, "limit"),
        (ListCorrections, {"after": "x" * 251}, "after"),
        (DrawHeatMap, {"members": 401}, "members"),
        (DrawHeatMap, {"classes": 0}, "classes"),
        (DrawPareto, {"of": "units"}, "of"),
        (DrawMonths, {"supplier_id": "x"}, "supplier_id"),
        (DrawMonths, {"group": "a\nb"}, "group"),
        (DrawPrices, {"class": "30190000"}, "class"),
        (DecideProposal, {"decision": "faded", "reason": "12345"}, "decision"),
        (DecideProposal, {"decision": "accepted", "reason": "1234"}, "reason"),
        (DecideProposal, {"decision": "accepted", "reason": "x" * 501}, "reason"),
        (DecideProposal, {"decision": "accepted"}, "reason"),
        (CancelTender, {"reason": "Kein\nAngebot"}, "reason"),
        (WithdrawCorrection, {"reason": "Gründe", "by": "me"}, "by"),
        (CorrectGroup, {"source": "article:4711", "reason": "Dasselbe"}, "source"),
        (CorrectGroup, {"source": "isbn:1", "reason": "Dasselbe"}, "source"),
        (CorrectGroup, {"source": "gtin:", "reason": "Dasselbe"}, "source"),
        (CorrectGroup, {"source": "txt:" + "x" * 247, "reason": "Dasselbe"}, "source"),
        (
            CorrectGroup,
            {"source": "gtin:1", "to_group": f"article:{ID}", "reason": "Dasselbe"},
            "to_group",
        ),
        (EnterAward, award(binding="half"), "binding"),
        (EnterAward, award(entitled=[]), "entitled"),
        (EnterAward, award(lots=[]), "lots"),
        (EnterAward, award(lots=[LOT] * 101), "lots"),
        (EnterAward, award(ends_on="2030-02-30"), "ends_on"),
        (EnterAward, lot(lot_no=0), "lots.0.lot_no"),
        (EnterAward, lot(lot_no=10_000), "lots.0.lot_no"),
        (EnterAward, lot(title=" "), "lots.0.title"),
        (EnterAward, lot(title="x" * 201), "lots.0.title"),
        (EnterAward, lot(positions=[]), "lots.0.positions"),
        (EnterAward, lot(positions=[POSITION] * 501), "lots.0.positions"),
        (EnterAward, lot(ceiling_value_net="0"), "lots.0.ceiling_value_net"),
        (EnterAward, lot(ceiling_value_net="0.001"), "lots.0.ceiling_value_net"),
        (EnterAward, lot(ceiling_quantity="-1"), "lots.0.ceiling_quantity"),
        (EnterAward, position(order_unit="c62"), "lots.0.positions.0.order_unit"),
        (EnterAward, position(order_unit="STCK"), "lots.0.positions.0.order_unit"),
        (EnterAward, position(quantity="0"), "lots.0.positions.0.quantity"),
        (EnterAward, position(quantity="1.0001"), "lots.0.positions.0.quantity"),
        (EnterAward, position(unit_price_net="-0.01"), "lots.0.positions.0.unit_price_net"),
        (EnterAward, position(unit_price_net="1.00001"), "lots.0.positions.0.unit_price_net"),
        (EnterAward, position(comparable_group="papier"), "lots.0.positions.0.comparable_group"),
        (EnterAward, position(note="x"), "lots.0.positions.0.note"),
    ],
)
def test_what_lies_beyond_them_is_refused_by_its_field(
    kind: type[BaseModel], asked: dict[str, Any], field: str
):
    with pytest.raises(ValidationError) as refused:
        kind.model_validate(asked)
    # A list without its wrong item is also too short: named after it.
    first, *others = (".".join(map(str, error["loc"])) for error in refused.value.errors())
    assert first == field
    assert all(field.startswith(f"{other}.") for other in others)


@pytest.mark.parametrize(
    "kind", [DemandFilter, FindStrongest, ListProposals, ListTenders, DrawHeatMap, DrawPareto]
)
def test_a_misspelt_filter_is_noticed(kind: type[BaseModel]):
    with pytest.raises(ValidationError, match="extra_forbidden"):
        kind.model_validate({"klasse": "30190000"})


def test_a_question_cannot_be_changed_after_it_was_asked():
    with pytest.raises(ValidationError, match="frozen"):
        ListTenders().status = "open"


def test_a_result_is_entered_in_the_words_of_the_contract():
    entered = EnterAward.model_validate(AWARD).award()
    assert (entered.awarded_on, entered.binding) == (date(2026, 2, 1), "exclusive")
    [won] = entered.lots
    assert (won.lot_no, won.ceiling_value_net, won.ceiling_quantity) == (1, None, None)
    [priced] = won.positions
    assert (str(priced.unit_price_net), str(priced.quantity)) == ("3.89", "480")
    assert entered.entitled[0].entitled_from == date(2026, 3, 1)


def test_two_thousand_and_one_members_are_more_than_an_award_names():
    many = [
        {"member_id": str(uuid5(new_id(), str(number))), "entitled_from": "2026-03-01"}
        for number in range(2_001)
    ]
    EnterAward.model_validate(award(entitled=many[:2_000]))
    with pytest.raises(ValidationError, match="too_long"):
        EnterAward.model_validate(award(entitled=many))
