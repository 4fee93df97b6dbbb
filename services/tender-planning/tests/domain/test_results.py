"""A tender's result at its bounds, and what a decision on a proposal leaves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from marktbund.contracts.tender_planning import (
    AwardedLot,
    AwardedPosition,
    EntitledMember,
    ProposalDecided,
    TenderOpened,
)
from marktbund.errors import Conflict, Invalid
from marktbund.ids import new_id
from tender_planning.domain.assortments import Assessment
from tender_planning.domain.awards import Award, refuse_award, refuse_unknown
from tender_planning.domain.evidence import CoreGroup, DemandShare, Evidence, MonthDemand, Window
from tender_planning.domain.proposals import Proposal, evidence_of
from tender_planning.domain.tenders import decide_on

OPENED = date(2026, 1, 20)
TODAY = date(2026, 2, 10)
START = date(2026, 3, 1)
DAY = timedelta(days=1)
MEMBER, SUPPLIER = new_id(), new_id()


def position(number: int = 1, quantity: str = "480", unit: str = "C62") -> AwardedPosition:
    return AwardedPosition(
        position_no=number,
        comparable_group="mfr:Papier",
        description="Papier",
        order_unit=unit,
        unit_price_net=Decimal("3.89"),
        quantity=Decimal(quantity),
    )


def lot(number: int = 1, *positions: AwardedPosition, most: str | None = None) -> AwardedLot:
    return AwardedLot(
        lot_no=number,
        title=f"Los {number}",
        supplier_id=SUPPLIER,
        ceiling_quantity=None if most is None else Decimal(most),
        positions=positions or (position(),),
    )


def award(
    awarded_on: date = TODAY,
    starts_on: date = START,
    ends_on: date = date(2030, 2, 28),
    entitled_from: date = START,
    lots: tuple[AwardedLot, ...] = (),
) -> Award:
    entitled = (EntitledMember(member_id=MEMBER, entitled_from=entitled_from),)
    return Award(awarded_on, "exclusive", starts_on, ends_on, entitled, lots or (lot(),))


def refusal(entered: Award) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        refuse_award(entered, {"mfr:Papier"}, OPENED, TODAY)
    assert refused.value.code == "award_invalid"
    assert refused.value.way_out != ""
    return refused.value.field, refused.value.detail


@pytest.mark.parametrize(
    "entered",
    [
        award(awarded_on=OPENED),
        award(awarded_on=TODAY, starts_on=TODAY, entitled_from=TODAY),
        award(ends_on=START, entitled_from=START),
        award(entitled_from=date(2030, 2, 28)),
        award(ends_on=date(2036, 2, 29)),
        award(lots=(lot(1), lot(2))),
        award(lots=(lot(1, position(1), position(2), most="960"),)),
        award(lots=(lot(1, position(1, "0.5", "KGM"), most="0.5"),)),
    ],
)
def test_what_lies_on_the_bounds_may_be_entered(entered: Award):
    refuse_award(entered, {"mfr:Papier"}, OPENED, TODAY)


@pytest.mark.parametrize(
    ("entered", "field", "detail"),
    [
        (
            award(awarded_on=TODAY + DAY, starts_on=START),
            "awarded_on",
            "Der Zuschlag liegt in der Zukunft; heute ist der 10.02.2026.",
        ),
        (
            award(awarded_on=OPENED - DAY),
            "awarded_on",
            "Die Vergabe ist erst seit dem 20.01.2026 eröffnet.",
        ),
        (award(starts_on=TODAY - DAY), "starts_on", "Der Beginn liegt vor dem Zuschlag."),
        (award(ends_on=START - DAY), "ends_on", "Das Ende liegt vor dem Beginn."),
        (
            award(ends_on=date(2036, 3, 1)),
            "ends_on",
            "Ein Rahmenvertrag läuft weniger als 10 Jahre.",
        ),
        (
            award(entitled_from=START - DAY),
            "entitled[0].entitled_from",
            "Ein Mitglied wäre schon vor dem Beginn abrufberechtigt.",
        ),
        (
            award(entitled_from=date(2030, 3, 1)),
            "entitled[0].entitled_from",
            "Ein Mitglied wäre erst nach dem Ende abrufberechtigt.",
        ),
        (award(lots=(lot(1), lot(1))), "lots", "Eine Losnummer ist doppelt vergeben."),
        (
            award(lots=(lot(1), lot(2, position(1), position(1)))),
            "lots[1].positions",
            "Eine Positionsnummer ist in ihrem Los doppelt vergeben.",
        ),
        (
            award(lots=(lot(1, position(1), position(2, unit="RM"), most="9"),)),
            "lots[0].ceiling_quantity",
            "Eine Höchstmenge braucht eine einzige Bestelleinheit in ihrem Los.",
        ),
        (
            award(lots=(lot(1, most="9.5"),)),
            "lots[0].ceiling_quantity",
            "Was gezählt wird, hat eine ganze Höchstmenge.",
        ),
        (
            award(lots=(lot(1), lot(2, position(1), position(2, "0.5")))),
            "lots[1].positions[1].quantity",
            "„Papier“ wird in ganzen Stück gezählt.",
        ),
    ],
)
def test_what_lies_beyond_them_is_refused_by_its_field(entered: Award, field: str, detail: str):
    assert refusal(entered) == (field, detail)


def test_an_article_that_was_not_put_out_is_named():
    with pytest.raises(Invalid) as refused:
        refuse_award(award(), {"mfr:Stifte"}, OPENED, TODAY)
    assert refused.value.detail == "„Papier“ war nicht ausgeschrieben."


def test_days_are_refused_before_lots():
    both = award(awarded_on=TODAY + DAY, lots=(lot(1), lot(1)))
    assert refusal(both)[0] == "awarded_on"


@pytest.mark.parametrize(
    ("unknown", "field", "detail"),
    [
        ({SUPPLIER}, "lots[0].supplier_id", "Den Lieferanten von Los 1 gibt es hier nicht."),
        ({MEMBER}, "entitled[0].member_id", "Das 1. genannte Mitglied gibt es hier nicht."),
        (
            {MEMBER, SUPPLIER},
            "lots[0].supplier_id",
            "Den Lieferanten von Los 1 gibt es hier nicht.",
        ),
    ],
)
def test_who_is_unknown_is_named_where_it_stands(unknown: set, field: str, detail: str):
    with pytest.raises(Invalid) as refused:
        refuse_unknown(award(), unknown)
    assert (refused.value.code, refused.value.field) == ("award_party_unknown", field)
    assert refused.value.detail == detail


def test_others_that_are_unknown_do_not_matter():
    refuse_unknown(award(), {new_id()})


def proposal(members: int = 8, *names: str) -> Proposal:
    groups = [
        CoreGroup(
            comparable_group=f"mfr:{name}",
            name=name,
            cpv="30197630",
            members=3,
            months=9,
            suppliers=2,
            lines=10,
            demand_net=Decimal(500),
            order_unit="C62",
            quantity_before=Decimal(100),
            quantity_lately=Decimal(140),
            prices=None,
        )
        for name in names or ("Papier",)
    ]
    evidence = Evidence(
        cpv_class="30190000",
        window=Window(date(2024, 1, 1), date(2025, 12, 1)),
        members=[DemandShare(new_id(), Decimal(100)) for _ in range(members)],
        suppliers=[DemandShare(new_id(), Decimal(800))],
        months=[
            MonthDemand(date(2025, 1, 1), Decimal(800)),
            MonthDemand(date(2025, 2, 1), Decimal(0)),
        ],
        groups=groups,
        class_net=Decimal(900),
    )
    return Proposal.propose(new_id(), Assessment(evidence, [], [], Decimal("61.5")))


def test_a_rejection_opens_no_tender():
    decided = decide_on(proposal(), "rejected", "Läuft bald aus", new_id(), TODAY, new_id())
    assert (decided.proposal.status, decided.tender) == ("rejected", None)
    [event] = decided.news
    assert isinstance(event, ProposalDecided)
    assert event.version == 1


def test_an_acceptance_opens_the_tender_of_the_same_day_and_person():
    by, tender_id, wanted = new_id(), new_id(), proposal(8, "Papier", "Stifte")
    decided = decide_on(wanted, "accepted", "Gebündelt", by, TODAY, tender_id)
    first, second = decided.news
    assert isinstance(first, ProposalDecided)
    assert isinstance(second, TenderOpened)
    assert decided.tender is not None
    assert (decided.tender.tender_id, decided.tender.status) == (tender_id, "open")
    assert (second.opened_by, second.opened_on, second.version) == (by, TODAY, 1)
    assert decided.tender.members == tuple(s.id for s in wanted.assessment.evidence.members)
    assert decided.tender.proposal_id == wanted.proposal_id


def test_a_decided_proposal_is_decided_by_nobody_else():
    decided = decide_on(proposal(), "accepted", "Gebündelt", new_id(), TODAY, new_id())
    with pytest.raises(Conflict, match="proposal_decided"):
        decide_on(decided.proposal, "rejected", "Doch nicht", new_id(), TODAY, new_id())


def test_a_tender_ends_once_whichever_way_it_ended():
    decided = decide_on(proposal(), "accepted", "Gebündelt", new_id(), OPENED, new_id())
    assert decided.tender is not None
    cancelled, event = decided.tender.cancel("Kein Angebot", new_id())
    assert (cancelled.status, event.version, event.reason) == ("cancelled", 2, "Kein Angebot")
    awarded, _ = decided.tender.enter_award(award(), new_id(), TODAY)
    for ended in (cancelled, awarded):
        with pytest.raises(Conflict, match="tender_closed"):
            ended.cancel("Kein Angebot", new_id())
        with pytest.raises(Conflict, match="tender_closed"):
            ended.enter_award(award(), new_id(), TODAY)


def test_a_refused_result_leaves_the_tender_open():
    decided = decide_on(proposal(), "accepted", "Gebündelt", new_id(), OPENED, new_id())
    assert decided.tender is not None
    with pytest.raises(Invalid):
        decided.tender.enter_award(award(ends_on=START - DAY), new_id(), TODAY)
    assert decided.tender.status == "open"


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (("A",), "Kernsortiment 30190000: A"),
        (("A", "B", "C"), "Kernsortiment 30190000: A, B, C"),
        (("A", "B", "C", "D"), "Kernsortiment 30190000: A, B, C u. a."),
    ],
)
def test_a_title_names_three_articles(names: tuple[str, ...], title: str):
    assert proposal(8, *names).title == title


def test_the_evidence_counts_months_with_demand_only():
    evidence = evidence_of(proposal().assessment)
    assert (evidence.months, evidence.lines, evidence.score) == (1, 10, "61.5")
    assert (evidence.first_month, evidence.last_month) == (date(2024, 1, 1), date(2025, 12, 1))


@pytest.mark.parametrize(
    ("then", "now", "returns"),
    [(2, 3, False), (2, 4, True), (8, 9, False), (8, 10, True), (20, 24, False), (20, 25, True)],
)
def test_two_members_and_a_quarter_more_bring_a_rejected_one_back(
    then: int, now: int, returns: bool
):
    rejected, _ = proposal(then).decide("rejected", "Zu wenige", new_id(), TODAY)
    after = rejected.renew(proposal(now).assessment)
    assert (after.status == "proposed") is returns
    assert (after.proposal_id, after.version) == (rejected.proposal_id, 1)
