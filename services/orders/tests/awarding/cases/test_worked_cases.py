"""The worked cases of worked_cases.md without an agreement, each carried out on real PostgreSQL."""

from pathlib import Path

import pytest

from marktbund.errors import Conflict
from orders.awarding.store import decisions

CASES = (Path(__file__).parents[2] / "worked_cases.md").read_text()


def rows() -> list[dict[str, str]]:
    """The table's rows, by column."""
    lines = [line for line in CASES.splitlines() if line.startswith("|")]
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(head, cells, strict=True)) for cells in body]


@pytest.mark.parametrize(
    "case", [row for row in rows() if row["agreement"] == "-"], ids=lambda case: case["case"]
)
async def test_a_case_ends_as_the_table_says(case: dict[str, str], town):
    await town.adopt(case["rules"])
    await town.enter(case["who buys"])
    for earlier in case["before"].split("; "):
        await town.ordered_before(earlier)
    order, decision = await town.order(case["tried"], case["also"])
    assert decision.outcome == case["outcome"]
    assert decision.binding == (case["binding"] == "yes")
    assert (order.status if order else "-") == case["then"]
    reasons = " ".join(decision.reasons)
    assert case["the answer says"] in reasons
    if not decision.binding:
        assert "überschritten" not in reasons


async def test_the_second_of_two_knows_the_first_and_its_sentence_shows_no_id(town):
    await town.adopt("HE")
    first, _ = await town.order("chairs 8000", "-")
    _, decision = await town.order("chairs 3000", "-")
    assert decision.inputs.classes[0].last_order_id == first.order_id
    assert str(first.order_id) not in " ".join(decision.reasons)


async def test_a_refused_comparison_names_its_way_out(town):
    await town.adopt("NS")
    with pytest.raises(Conflict) as refused:
        await town.place("laptops 24999", "2 comparable offers")
    assert refused.value.code == "comparison_insufficient"
    assert "Vergabestelle" in refused.value.way_out


async def test_an_instruction_asks_for_approval_and_tells_the_award_office(town):
    await town.adopt("N0+DA")
    order, decision = await town.order("laptops 8000", "-")
    assert decision.approval_required
    assert decision.approval_reason.startswith("Dienstanweisung")
    assert decision.tell_award_office
    kept = await decisions.latest(town.uow, order.order_id)
    assert (kept.decision_no, kept.decision) == (1, decision)


def test_the_cases_are_those_asked_for():
    known = [case["case"] for case in rows()]
    assert len(set(known)) == len(known)
    numbers = (1, 2, 3, 4, 7, 10, 11, 12, 14, 15, 20, 22, 25, 26, 28, 32, 34, 39)
    assert {f"c{number:02}" for number in numbers} <= set(known)


def test_every_outcome_has_a_case():
    outcomes = {"direct", "compare", "request", "hand_over", "use_agreement", "refused"}
    assert {case["outcome"] for case in rows()} == outcomes
