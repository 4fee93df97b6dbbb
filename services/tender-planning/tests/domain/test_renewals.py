"""What an assessment makes of proposals that are there: renewed, faded, back, or left alone."""

from datetime import date
from decimal import Decimal

import pytest

from marktbund.contracts.tender_planning import Verdict
from marktbund.ids import new_id
from tender_planning.domain.assortments import Assessment
from tender_planning.domain.evidence import CoreGroup, DemandShare, Evidence, MonthDemand, Window
from tender_planning.domain.proposals import TRANSITIONS, Proposal, renewed

TODAY = date(2026, 1, 20)


def assessment(cpv_class: str = "30190000", net: int = 1000, score: str = "60.0") -> Assessment:
    group = CoreGroup(
        comparable_group="mfr:a|1",
        name="Papier",
        cpv="30197630",
        members=3,
        months=9,
        suppliers=2,
        lines=10,
        demand_net=Decimal(net),
        order_unit=None,
        quantity_before=None,
        quantity_lately=None,
        prices=None,
    )
    evidence = Evidence(
        cpv_class=cpv_class,
        window=Window(date(2024, 1, 1), date(2025, 12, 1)),
        members=[DemandShare(new_id(), Decimal(net) / 4) for _ in range(4)],
        suppliers=[DemandShare(new_id(), Decimal(net))],
        months=[MonthDemand(date(2025, 1, 1), Decimal(net))],
        groups=[group],
        class_net=Decimal(net),
    )
    return Assessment(evidence, [], [], Decimal(score))


def proposed(cpv_class: str = "30190000") -> Proposal:
    return Proposal.propose(new_id(), assessment(cpv_class))


def decided(verdict: Verdict, cpv_class: str = "30190000") -> Proposal:
    return proposed(cpv_class).decide(verdict, "Gründe genug", new_id(), TODAY)[0]


def test_a_new_class_is_proposed_under_the_first_id_that_stands_ready():
    ids = [new_id(), new_id()]
    made = renewed([], [assessment("30190000"), assessment("33140000")], ids)
    assert [(p.proposal_id, p.cpv_class) for p in made] == list(
        zip(ids, ("30190000", "33140000"), strict=True)
    )
    assert {(p.status, p.version, p.returned) for p in made} == {("proposed", 0, "")}


def test_a_class_has_one_proposal_that_is_not_accepted():
    standing = proposed()
    newer = assessment(net=1100)
    [after] = renewed([standing], [newer], [new_id()])
    assert (after.proposal_id, after.assessment) == (standing.proposal_id, newer)


def test_a_class_whose_core_is_gone_fades_and_comes_back_under_its_id():
    standing = proposed()
    [faded] = renewed([standing], [], [])
    assert (faded.status, faded.assessment) == ("faded", standing.assessment)
    assert renewed([faded], [], []) == []
    [back] = renewed([faded], [assessment()], [new_id()])
    assert (back.proposal_id, back.status, back.returned) == (standing.proposal_id, "proposed", "")


@pytest.mark.parametrize("net", [1000, 1499])
def test_a_rejected_one_that_did_not_grow_stays_away(net: int):
    assert renewed([decided("rejected")], [assessment(net=net)], [new_id()]) == []


def test_a_rejected_one_that_grew_comes_back_and_says_why():
    [back] = renewed([decided("rejected")], [assessment(net=1500)], [new_id()])
    assert back.status == "proposed"
    assert back.returned.startswith("Seit der Ablehnung gewachsen: 1.000,00 EUR")


def test_one_class_is_renewed_without_touching_another():
    others = [decided("rejected", "33140000"), proposed("39110000")]
    same = others[1].assessment
    newer = assessment(net=1200)
    changed = renewed([proposed(), *others], [newer, same], [new_id(), new_id()])
    assert [proposal.cpv_class for proposal in changed] == ["30190000"]


def test_every_status_of_the_table_leads_on_as_it_says():
    assert decided("accepted").status == TRANSITIONS["proposed"]["accept"]
    assert decided("rejected").status == TRANSITIONS["proposed"]["reject"]
    assert proposed().renew(None).status == TRANSITIONS["proposed"]["fade"]
    assert proposed().renew(None).renew(assessment()).status == TRANSITIONS["faded"]["grow"]
