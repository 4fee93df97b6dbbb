"""Proposals, tenders and corrections as plain calls."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from marktbund.contracts.tender_planning import AwardedLot, AwardedPosition, EntitledMember
from marktbund.errors import Conflict, Invalid
from marktbund.ids import new_id
from tender_planning.domain.assortments import Assessment
from tender_planning.domain.awards import Award
from tender_planning.domain.evidence import CoreGroup, DemandShare, Evidence, MonthDemand, Window
from tender_planning.domain.proposals import Proposal, renewed
from tender_planning.domain.tenders import Tender

TODAY = date(2026, 1, 20)
WINDOW = Window(date(2024, 1, 1), date(2025, 12, 1))


def group(name: str, cpv: str = "30197630", net: int = 100, **changed) -> CoreGroup:
    usual = {
        "comparable_group": f"mfr:{name}",
        "name": name,
        "cpv": cpv,
        "members": 3,
        "months": 9,
        "suppliers": 2,
        "lines": 10,
        "demand_net": Decimal(net),
        "order_unit": "C62",
        "quantity_before": Decimal(100),
        "quantity_lately": Decimal(140),
        "prices": None,
    }
    return CoreGroup(**(usual | changed))


def assessment(net: int = 1000, members: int = 8, score: str = "60.0", groups=None) -> Assessment:
    evidence = Evidence(
        cpv_class="30190000",
        window=WINDOW,
        members=[DemandShare(new_id(), Decimal(net) / members) for _ in range(members)],
        suppliers=[DemandShare(new_id(), Decimal(net))],
        months=[MonthDemand(date(2025, 1, 1), Decimal(net))],
        groups=groups or [group("Papier"), group("Stifte")],
        class_net=Decimal(net),
    )
    return Assessment(evidence, [], [], Decimal(score))


@pytest.fixture
def proposal() -> Proposal:
    return Proposal.propose(new_id(), assessment())


def rejected(proposal: Proposal) -> Proposal:
    return proposal.decide("rejected", "Läuft bald aus", new_id(), TODAY)[0]


def test_a_decision_is_announced_with_the_evidence_it_stands_on(proposal):
    by = new_id()
    after, event = proposal.decide("rejected", "Läuft bald aus", by, TODAY)
    assert (after.status, after.version, after.decision.reason) == ("rejected", 1, event.reason)
    assert (event.decided_by, event.comparable_groups) == (by, ("mfr:Papier", "mfr:Stifte"))
    assert (event.evidence.members, event.evidence.demand_net) == (8, Decimal(1000))
    assert (event.evidence.lines, event.evidence.score) == (20, "60.0")


def test_nothing_is_decided_twice(proposal):
    with pytest.raises(Conflict) as refused:
        rejected(proposal).decide("accepted", "Doch", new_id(), TODAY)
    assert refused.value.code == "proposal_decided"


@pytest.mark.parametrize(
    ("net", "members", "score", "returns"),
    [
        (1499, 9, "99.0", False),
        (1500, 8, "60.0", True),
        (1500, 8, "59.9", False),
        (900, 10, "60.0", True),
        (900, 9, "60.0", False),
    ],
)
def test_a_rejected_one_comes_back_only_when_it_has_grown(proposal, net, members, score, returns):
    before = rejected(proposal)
    after = before.renew(assessment(net, members, score))
    assert (after.status == "proposed", after != before) == (returns, returns)
    assert bool(after.returned) is returns


def test_what_grows_slowly_is_held_against_the_day_it_was_rejected(proposal):
    before = rejected(proposal)
    for net in (1200, 1400):
        before = before.renew(assessment(net))
    after = before.renew(assessment(1600))
    assert after.returned == (
        "Seit der Ablehnung gewachsen: 1.000,00 EUR und 8 Mitglieder damals, 1.600,00 EUR und"
        " 8 Mitglieder jetzt."
    )


def test_a_core_that_is_gone_fades_and_cannot_be_decided(proposal):
    faded = proposal.renew(None)
    with pytest.raises(Conflict) as refused:
        faded.decide("accepted", "Trotzdem", new_id(), TODAY)
    assert (faded.status, refused.value.code) == ("faded", "proposal_faded")
    assert faded.renew(assessment()).status == "proposed"
    assert rejected(proposal).renew(None).status == "rejected"


def test_an_assessment_changes_what_it_must_and_nothing_else(proposal):
    same = proposal.assessment
    assert renewed([proposal], [same], [new_id()]) == []
    [new] = renewed([], [same], [proposal.proposal_id])
    assert new == proposal
    [gone] = renewed([proposal], [], [])
    assert gone.status == "faded"


def test_an_accepted_one_becomes_a_tender_with_lots_and_ranges():
    groups = [
        group("Papier", net=50),
        group("Stifte", net=70, quantity_before=None, quantity_lately=None),
        group("Toner", "30125110"),
    ]
    accepted, _ = Proposal.propose(new_id(), assessment(groups=groups)).decide(
        "accepted", "Gebündelt", new_id(), TODAY
    )
    tender, event = Tender.open(new_id(), accepted, new_id(), TODAY)
    assert [(lot.lot_no, lot.title) for lot in event.lots] == [
        (1, "Los 1: CPV 30125"),
        (2, "Los 2: CPV 30197"),
    ]
    stifte, papier = event.lots[1].positions
    assert (stifte.description, stifte.quantity, stifte.order_unit) == ("Stifte", None, None)
    assert (papier.quantity_low, papier.quantity, papier.quantity_high) == (100, 120, 140)
    assert (len(event.members), event.comparable_groups) == (8, tender.comparable_groups)
    assert tender.title == "Kernsortiment 30190000: Papier, Stifte, Toner"


def award(**changed) -> Award:
    position = {
        "position_no": 1,
        "comparable_group": "mfr:Papier",
        "description": "Papier",
        "order_unit": "C62",
        "unit_price_net": Decimal("3.89"),
        "quantity": Decimal(480),
    }
    position |= changed.pop("position", {})
    made = AwardedPosition(**position)
    lot = AwardedLot(lot_no=1, title="Los 1", supplier_id=new_id(), positions=(made,))
    usual = {
        "awarded_on": TODAY,
        "binding": "exclusive",
        "starts_on": date(2026, 2, 1),
        "ends_on": date(2030, 1, 31),
        "entitled": (EntitledMember(member_id=new_id(), entitled_from=date(2026, 2, 1)),),
        "lots": (lot,),
    }
    return Award(**(usual | changed))


@pytest.fixture
def tender(proposal) -> Tender:
    accepted, _ = proposal.decide("accepted", "Gebündelt", new_id(), TODAY)
    return Tender.open(new_id(), accepted, new_id(), TODAY)[0]


def test_an_award_is_announced_as_it_was_entered(tender):
    entered, by = award(), new_id()
    after, event = tender.enter_award(entered, by, TODAY)
    assert (after.status, after.version, after.award) == ("awarded", 2, entered)
    assert (event.version, event.awarded_by, event.lots) == (2, by, entered.lots)
    with pytest.raises(Conflict) as refused:
        after.cancel("Doch nicht", by)
    assert refused.value.code == "tender_closed"


TWICE = EntitledMember(member_id=new_id(), entitled_from=date(2026, 2, 1))
POSITION = award().lots[0].positions[0]
LOT = award().lots[0]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"awarded_on": TODAY + timedelta(days=1)}, "awarded_on"),
        ({"awarded_on": TODAY - timedelta(days=1)}, "awarded_on"),
        ({"ends_on": date(2026, 1, 31)}, "ends_on"),
        ({"ends_on": date(2036, 2, 1)}, "ends_on"),
        ({"starts_on": date(2026, 1, 19)}, "starts_on"),
        ({"entitled": (TWICE, TWICE)}, "entitled"),
        (
            {"entitled": (TWICE.model_copy(update={"entitled_from": date(2031, 1, 1)}),)},
            "entitled[0].entitled_from",
        ),
        (
            {"entitled": (TWICE.model_copy(update={"entitled_from": date(2026, 1, 31)}),)},
            "entitled[0].entitled_from",
        ),
        ({"lots": (LOT, LOT)}, "lots"),
        (
            {"lots": (LOT.model_copy(update={"positions": (POSITION, POSITION)}),)},
            "lots[0].positions",
        ),
        (
            {"lots": (LOT.model_copy(update={"ceiling_quantity": Decimal("9.5")}),)},
            "lots[0].ceiling_quantity",
        ),
        ({"position": {"quantity": Decimal("0.5")}}, "lots[0].positions[0].quantity"),
        ({"position": {"comparable_group": "mfr:Mond"}}, "lots[0].positions[0].comparable_group"),
    ],
)
def test_an_award_that_cannot_be_is_refused(tender, changed, field):
    with pytest.raises(Invalid) as refused:
        tender.enter_award(award(**changed), new_id(), TODAY)
    assert (refused.value.code, refused.value.field) == ("award_invalid", field)


def test_what_is_measured_is_awarded_in_parts_and_a_term_lasts_up_to_ten_years(tender):
    measured = {"order_unit": "KGM", "quantity": Decimal("0.5")}
    entered = award(position=measured, ends_on=date(2036, 1, 31))
    assert tender.enter_award(entered, new_id(), TODAY)[0].status == "awarded"


def test_a_quantity_ceiling_needs_one_unit(tender):
    other = POSITION.model_copy(update={"position_no": 2, "order_unit": "XPK"})
    lot = LOT.model_copy(update={"positions": (POSITION, other), "ceiling_quantity": Decimal(900)})
    with pytest.raises(Invalid) as refused:
        tender.enter_award(award(lots=(lot,)), new_id(), TODAY)
    assert refused.value.field == "lots[0].ceiling_quantity"
