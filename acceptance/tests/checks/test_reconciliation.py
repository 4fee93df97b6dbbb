"""The arithmetic of the reconciliation: clean when all agrees, red for every planted fault."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from acceptance.actors.manners import Drawn
from acceptance.actors.replay import Speed
from acceptance.checks import reconciliation
from acceptance.checks.announced import COOPERATIVE, Announced
from acceptance.checks.expectations import ANSWERED, Control, expected_events
from acceptance.checks.statements import Backlog, Statements, Verification
from acceptance.dataset.plans import MemberPlan, Plan, SupplierPlan
from acceptance.ledger import journal as notes
from acceptance.ledger.journal import (
    Answered,
    Despatched,
    Fetched,
    Journal,
    Ordered,
    SentLine,
    TakenBack,
)
from acceptance.ledger.lines import DocumentLine, Word
from acceptance.ledger.settling import LineAmounts, settle, total
from acceptance.report import DemoReport
from acceptance.streams import RETAIL_RULES, Stream
from deploy.devstack.deployment import DEMO

DAY = date(2010, 5, 3)
CENT = Decimal("0.01")
ROLES = ("requester", "approver", "auditor")

PLAN = Plan(
    members=(MemberPlan("Togo", "state_body", "scms-togo", {role: role for role in ROLES}),),
    suppliers=tuple(SupplierPlan(name, f"sub-{name}", "") for name in ("X", "Y")),
)
CONTROL = Control(
    lines=4,
    line_values=Decimal("35.33"),
    ordered=Decimal("35.50"),
)
STREAM = Stream("Replay", DEMO, PLAN, (), Drawn(), CONTROL, RETAIL_RULES, "Dollars.")


def line(number, vendor, quantity, price, value):
    return SentLine(
        number, 100 + number, vendor, f"A-{number}", "33690000",
        Decimal(quantity), Decimal(price), Decimal(value),
    )  # fmt: skip


def ordered(order_id, month, shares, *lines):
    net = sum((line.quantity * line.price for line in lines), Decimal(0))
    return Ordered(order_id, "Togo", "m1", month, "requester", lines, net, shares)


def fetched(document, share, order_id, vendor, *lines):
    read = tuple(
        DocumentLine(line.line_no, line.article_number, line.quantity, line.price, DAY)
        for line in lines
    )
    return Fetched(f"d-{document}-{share}", document, share, order_id, vendor, DAY, read)


@pytest.fixture
def journal(tmp_path):
    """Two orders: cut and refused at one supplier, free at another, one taken back."""
    with Journal(tmp_path / "journal.jsonl") as kept:
        cut, refused = line(1, "X", "10", "1.05", "10.33"), line(2, "X", "2", "5", "10")
        free = line(3, "Y", "7", "0", "0")
        back = replace(line(4, "X", "1", "15.00", "15.00"), line_no=1)
        kept.note(notes.Submitted("o1", "Togo", "spot", Decimal("20.50")))
        kept.note(notes.Submitted("o2", "Togo", "spot", Decimal("15.00")))
        kept.note(ordered("o1", "2010-05", ("s1", "s2"), cut, refused, free))
        kept.note(ordered("o2", "2010-06", ("s3",), back))
        kept.note(TakenBack("o2", "no_longer_needed", "cancelled"))
        kept.note(fetched("order", "s1", "o1", "X", cut, refused))
        kept.note(fetched("order", "s2", "o1", "Y", free))
        kept.note(fetched("order", "s3", "o2", "X", back))
        kept.note(fetched("cancellation", "s3", "o2", "X", back))
        kept.note(Answered("s1", (Word(1, "changed", quantity=Decimal(6)),)))
        kept.note(Answered("s1", (Word(2, "refused"),)))
        kept.note(Answered("s2", (Word(3, "accepted"),)))
        kept.note(Answered("s3", (Word(1, "accepted"),), refusal="order_cancelled"))
        kept.note(Despatched("s1", 1))
        kept.note(Despatched("s2", 1))
        yield kept


@pytest.fixture
def statements(journal):
    """What services that do their work would say."""
    lines = settle(journal)
    cells = {}
    for line in lines:
        cells[line.cell] = cells.get(line.cell, LineAmounts()) + line.amounts
    types = Counter(expected_events(journal, PLAN))
    types["SupplierOrderAnswered"] = types.pop(ANSWERED)
    chains = Counter({"m1": types.total() - 12, COOPERATIVE: 12})
    return Statements(
        order_lines={(line.order_id, line.line_no): line.amounts for line in lines},
        totals=total(line.amounts for line in lines),
        total_lines=4,
        cells=cells,
        recount_differences=0,
        announced=Announced(types, chains),
        sealed=dict(chains),
        verification=Verification(2, types.total(), types.total(), 3, 0),
        strongest_classes=[],
        strongest_articles=[],
        agreements=[],
        proposals=[],
        behind={"orders": Backlog(0, 0, 0)},
    )


def off(journal, statements):
    return {check.name for check in checks(journal, statements) if not check.ok}


def checks(journal, statements):
    lines = settle(journal)
    return [
        *reconciliation.sent(CONTROL, journal),
        *reconciliation.delivered(journal),
        *reconciliation.answered(CONTROL, journal, lines, statements),
        *reconciliation.planned(lines, statements),
        *reconciliation.recorded(journal, PLAN, statements),
        *reconciliation.caught_up(statements),
    ]


def test_amounts_of_every_kind(journal):
    amounts = [line.amounts for line in settle(journal)]
    assert amounts == [
        LineAmounts(Decimal("10.50"), accepted=Decimal("6.30"), reduced=Decimal("4.20")),
        LineAmounts(Decimal("10.00"), refused=Decimal("10.00")),
        LineAmounts(),
        LineAmounts(Decimal("15.00"), cancelled=Decimal("15.00")),
    ]
    assert total(amounts).demand == Decimal("6.30")
    assert total(amounts).open == 0


def test_all_agrees(journal, statements):
    assert off(journal, statements) == set()


def test_a_cent_missing_in_a_receipt_is_found(journal, statements):
    journal.ordered[0] = replace(journal.ordered[0], net_total=Decimal("20.49"))
    assert off(journal, statements) == {"placed, as the receipts say"}


def test_a_cent_missing_in_the_demand_is_found(journal, statements):
    totals = replace(statements.totals, accepted=statements.totals.accepted - CENT)
    assert off(journal, replace(statements, totals=totals)) == {"accepted, as demand says"}


def test_a_cent_moved_between_cells_is_found(journal, statements):
    (cell, first), (other_cell, second) = statements.cells.items()
    cells = {
        cell: replace(first, ordered=first.ordered - CENT),
        other_cell: replace(second, ordered=second.ordered + CENT),
    }
    assert off(journal, replace(statements, cells=cells)) == {"cells that differ"}


def test_a_cent_moved_between_lines_of_orders_is_found(journal, statements):
    lines = dict(statements.order_lines)
    lines["o1", 1] = replace(lines["o1", 1], accepted=Decimal("6.31"), reduced=Decimal("4.19"))
    lines["o2", 1] = replace(lines["o2", 1], accepted=-CENT, cancelled=Decimal("15.01"))
    wrong = off(journal, replace(statements, order_lines=lines))
    assert "lines orders keeps otherwise" in wrong


def test_a_lost_order_is_found(journal, statements):
    del journal.ordered[1]
    assert {"lines placed or named", "line values of the data"} <= off(journal, statements)


def test_a_supplier_order_that_never_arrived_is_found(journal, statements):
    journal.fetched = [order for order in journal.fetched if order.supplier_order_id != "s2"]
    assert {"delivered", "lines without an end"} <= off(journal, statements)


def test_a_supplier_order_that_arrived_twice_is_found(journal, statements):
    journal.note(replace(journal.fetched[0], delivery_id="another"))
    assert "delivered twice" in off(journal, statements)


def test_another_quantity_than_ordered_is_found(journal, statements):
    first = journal.fetched[0]
    more = replace(first.lines[0], quantity=Decimal(11))
    journal.fetched[0] = replace(first, lines=(more, *first.lines[1:]))
    assert "lines delivered otherwise than ordered" in off(journal, statements)


def test_a_line_answered_twice_is_found(journal, statements):
    journal.note(Answered("s2", (Word(3, "refused"),)))
    assert "lines answered twice" in off(journal, statements)


def test_a_cancellation_nobody_was_told_of_is_found(journal, statements):
    journal.fetched = [document for document in journal.fetched if document.document == "order"]
    assert "cancelled and their suppliers told" in off(journal, statements)


def test_an_event_lost_before_the_record_is_found(journal, statements):
    sealed = statements.sealed | {"m1": statements.sealed["m1"] - 1}
    proof = replace(statements.verification, records=statements.verification.records - 1)
    wrong = off(journal, replace(statements, sealed=sealed, verification=proof))
    assert wrong == {
        "records sealed = events announced", "chains with another number of records"
    }  # fmt: skip


def test_an_event_never_announced_is_found(journal, statements):
    statements.announced.types["OrderPlaced"] -= 1
    assert "events OrderPlaced" in off(journal, statements)


def test_returns_that_nobody_took_off_are_found(journal, statements):
    back = {101: Decimal("4.20"), 102: Decimal("10.00"), 999: Decimal("5.00")}
    for off_by, agrees in ((Decimal(0), True), (CENT, False)):
        known = replace(CONTROL, returned=back | {101: back[101] + off_by})
        check = reconciliation.answered(known, journal, settle(journal), statements)[0]
        assert check.name == "refused + reduced = returns in the data, of lines placed"
        assert check.ok == agrees


def test_a_service_that_is_behind_is_found(journal, statements):
    late = replace(statements, behind={"orders": Backlog(1, 0, 2)})
    assert off(journal, late) == {"orders: records not heard", "orders: records parked"}


def test_a_finding_of_the_verifier_counts(journal, statements):
    proof = replace(statements.verification, findings=1)
    assert off(journal, replace(statements, verification=proof)) == {"findings of the verifier"}


def test_the_report_says_so(journal, statements, tmp_path):
    good = DemoReport(STREAM, checks(journal, statements), journal, statements, Speed(1.0, 2.0))
    good.write(tmp_path / "good.md")
    text = (tmp_path / "good.md").read_text()
    assert good.ok
    assert "agree to the cent" in text
    assert "Rounding differences (1 lines)" in text
    assert "| 101 | Togo 2010-05 | 10 | 1.05 | 10.50 | 10.33 | 0.17 |" in text
    proof = replace(statements.verification, findings=1)
    off_by_one = checks(journal, replace(statements, verification=proof))
    bad = DemoReport(STREAM, off_by_one, journal, statements, Speed(1, 2))
    bad.write(tmp_path / "bad.md")
    assert not bad.ok
    assert "1 of 62 checks are off" in (tmp_path / "bad.md").read_text()
