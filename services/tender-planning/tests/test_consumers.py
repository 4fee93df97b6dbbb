"""What is heard becomes demand, on real PostgreSQL as the app role."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args
from uuid import UUID

import pytest

from marktbund.contracts import MESSAGES
from marktbund.contracts.members import MemberState
from marktbund.contracts.orders import (
    SUPPLIER_ORDER_EVENTS,
    AnswerDisregarded,
    SupplierOrderAcknowledged,
    SupplierOrderDespatched,
)
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.ids import new_id
from tender_planning import consumers
from tender_planning.domain.counting import DemandNews

CELLS = "SELECT * FROM demand ORDER BY cpv_class"


def test_it_hears_orders_members_and_suppliers():
    assert {topic.name for topic in consumers.hearing().handlers} == {
        "orders.supplier-order.events.v1",
        "members.member.state.v1",
        "supplier-gateway.supplier.state.v1",
        "orders.agreement.state.v1",
    }


def test_every_type_of_supplier_order_news_has_its_step():
    types = {kind for kind in MESSAGES.values() if kind.topic == SUPPLIER_ORDER_EVENTS}
    assert types == {*get_args(DemandNews), *consumers.PASSED}


async def test_a_placed_order_is_demand_in_its_classes_and_groups(planning, sender):
    placed = sender.place(
        sender.line(1, "100.00", quantity="2"),
        sender.line(2, "50.50", quantity="3"),
        sender.line(3, "9.99", cpv="30197630-1", group="gtin:2", name="Papier"),
    )
    await planning.hear(placed)
    paper, laptops = await planning.rows(CELLS)
    assert (laptops["cpv_class"], laptops["orders"], laptops["lines"]) == ("30210000", 1, 2)
    assert laptops["ordered_net"] == Decimal("150.50")
    assert (paper["cpv_class"], paper["ordered_net"]) == ("30190000", Decimal("9.99"))
    assert (paper["member_id"], paper["month"]) == (placed.member_id, date(2026, 1, 1))
    groups = await planning.rows("SELECT * FROM group_demand ORDER BY comparable_group")
    assert [(row["comparable_group"], row["quantity"], row["name"]) for row in groups] == [
        ("gtin:2", Decimal(1), "Papier"),
        ("gtin:4012345", Decimal(5), "Notebook"),
    ]


async def test_demand_is_counted_by_supplier_and_by_agreement(planning, sender):
    member, supplier, agreement = new_id(), new_id(), new_id()
    parties = {"member_id": member, "supplier_id": supplier}
    free = sender.place(sender.line(1, "60.00", quantity="2"), **parties)
    called_off = sender.place(sender.line(1, "25.00"), agreement_id=agreement, **parties)
    elsewhere = sender.place(sender.line(1, "31.00"), member_id=member)
    await planning.hear(free, called_off, elsewhere, sender.accept(called_off))
    cells = await planning.rows("SELECT * FROM group_supply ORDER BY ordered_net DESC")
    assert [(c["supplier_id"], c["agreement_id"], c["ordered_net"]) for c in cells] == [
        (supplier, UUID(int=0), Decimal("60.00")),
        (elsewhere.supplier_id, UUID(int=0), Decimal("31.00")),
        (supplier, agreement, Decimal("25.00")),
    ]
    assert [(c["quantity"], c["accepted_net"]) for c in cells] == [(2, 0), (1, 0), (1, 25)]
    prices = await planning.rows("SELECT * FROM group_price ORDER BY unit_price_net")
    assert [(p["unit_price_net"], p["order_unit"], p["lines"]) for p in prices] == [
        (Decimal("30.0000"), "C62", 1),
        (Decimal("31.0000"), "C62", 1),
    ]


async def test_an_answer_moves_amounts_in_the_month_of_the_order(planning, sender):
    lines = [sender.line(number, "100.00") for number in (1, 2, 3)]
    placed = sender.place(*lines)
    await planning.hear(placed)
    await planning.hear(
        sender.answer(
            placed,
            sender.answered_line(lines[0], "100.00"),
            sender.answered_line(lines[1], "70.00", reduced="10.00"),
        )
    )
    [cell] = await planning.rows(CELLS)
    assert (cell["orders"], cell["lines"], cell["ordered_net"]) == (1, 3, Decimal("300.00"))
    assert (cell["accepted_net"], cell["refused_net"]) == (Decimal("170.00"), Decimal("20.00"))
    assert (cell["reduced_net"], cell["cancelled_net"]) == (Decimal("10.00"), Decimal(0))
    outcomes = await planning.rows("SELECT outcome FROM order_line ORDER BY line_no")
    assert [row["outcome"] for row in outcomes] == ["accepted", "changed", "open"]


async def test_a_cancellation_takes_back_what_is_open(planning, sender):
    placed = sender.place(sender.line(1, "40.00"), sender.line(2, "2.00"))
    answered = sender.answer(placed, sender.answered_line(placed.lines[0], "40.00"))
    await planning.hear(placed, answered, sender.cancel(placed, Decimal("2.00")))
    [cell] = await planning.rows(CELLS)
    assert (cell["accepted_net"], cell["cancelled_net"]) == (Decimal("40.00"), Decimal("2.00"))


async def test_the_month_is_the_one_in_berlin(planning, sender):
    await planning.hear(sender.place(placed_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC)))
    [cell] = await planning.rows(CELLS)
    assert cell["month"] == date(2026, 1, 1)


async def test_lines_without_a_code_are_counted_as_unclassified(planning, sender):
    await planning.hear(sender.place(sender.line(1, "5.00", cpv="", group="")))
    [cell] = await planning.rows(CELLS)
    assert cell["cpv_class"] == "00000000"
    [group] = await planning.rows("SELECT comparable_group FROM group_demand")
    assert str(group["comparable_group"]).startswith("article:")


async def test_quantities_of_different_units_are_not_summed(planning, sender):
    member = new_id()
    await planning.hear(sender.place(sender.line(1, unit="C62"), member_id=member))
    await planning.hear(sender.place(sender.line(1, unit="RM"), member_id=member))
    await planning.hear(sender.place(sender.line(1, unit="RM"), member_id=member))
    [group] = await planning.rows("SELECT * FROM group_demand")
    assert (group["order_unit"], group["quantity"], group["orders"]) == (None, None, 3)


async def test_a_group_is_called_as_last_seen_and_an_answer_changes_no_name(planning, sender):
    member = new_id()
    first = sender.place(sender.line(name="Alt"), member_id=member)
    await planning.hear(first)
    await planning.hear(sender.place(sender.line(name="Neu"), member_id=member))
    await planning.hear(sender.accept(first))
    [group] = await planning.rows("SELECT * FROM group_demand")
    assert (group["name"], group["quantity"], group["accepted_net"]) == ("Neu", 2, 100)


async def test_news_that_do_not_count_change_nothing(planning, sender):
    placed = sender.place()
    await planning.hear(placed)
    before = await planning.rows(CELLS)
    await planning.hear(
        SupplierOrderAcknowledged(**sender.shared(placed)),
        SupplierOrderDespatched(
            **sender.shared(placed), despatch_id=new_id(), despatched_on=date(2026, 2, 1)
        ),
        AnswerDisregarded(**sender.shared(placed), response_id=new_id()),
    )
    assert await planning.rows(CELLS) == before


async def test_an_answer_before_its_order_is_parked(planning, sender):
    placed = sender.place()
    with pytest.raises(ValueError, match="not placed yet"):
        await planning.hear(sender.accept(placed))


async def test_an_order_placed_twice_is_parked_and_counts_once(planning, sender):
    placed = sender.place()
    await planning.hear(placed)
    with pytest.raises(ValueError, match="placed twice"):
        await planning.hear(placed)
    [cell] = await planning.rows(CELLS)
    assert cell["orders"] == 1


async def test_a_second_answer_to_a_line_is_parked(planning, sender):
    placed = sender.place()
    await planning.hear(placed, sender.accept(placed))
    with pytest.raises(ValueError, match="already"):
        await planning.hear(sender.accept(placed))


async def test_names_follow_the_newest_state_only(planning):
    member, supplier = new_id(), new_id()

    def state(version: int, name: str) -> MemberState:
        return MemberState(
            version=version,
            member_id=member,
            name=name,
            legal_form="municipality",
            official_key="05",
            status="active",
        )

    await planning.hear(state(1, "Alt"), state(3, "Neu"), state(2, "Mittel"))
    await planning.hear(state(2, "Mittel"))
    await planning.hear(
        SupplierState(version=1, supplier_id=supplier, name="Händler", status="active")
    )
    assert await planning.rows("SELECT name, version FROM member_name") == [
        {"name": "Neu", "version": 3}
    ]
    assert await planning.rows("SELECT name FROM supplier_name") == [{"name": "Händler"}]
