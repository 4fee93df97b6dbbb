from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st

from marktbund import money
from marktbund.contracts.base import Message
from marktbund.contracts.orders import (
    AnsweredLine,
    OrderLine,
    SupplierOrderAnswered,
    SupplierOrderPlaced,
)
from marktbund.ids import new_id

Draw = Callable[[st.SearchStrategy[Any]], Any]
Cell = tuple[str, UUID, str]
Cells = dict[Cell, dict[str, Decimal]]
FIGURES = ("orders", "lines", "ordered", "accepted", "refused", "cancelled", "reduced")

SUPPLIERS, AGREEMENT = [new_id(), new_id()], new_id()


@dataclass(frozen=True)
class History:
    """News of several supplier orders, in order per key, mixed across keys; and batch sizes."""

    events: list[Message]
    slices: list[int]

    def batches(self) -> list[list[Message]]:
        rest, cut = list(self.events), []
        for size in self.slices:
            cut.append(rest[:size])
            rest = rest[size:]
        return [batch for batch in [*cut, rest] if batch]


def _lines(draw: Draw, sender: Any) -> list[OrderLine]:
    lines = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        quantity = draw(st.integers(1, 40))
        price = Decimal(draw(st.integers(0, 999_999))) / 1000
        lines.append(
            sender.line(
                number,
                money.net_amount(Decimal(quantity), price),
                cpv=draw(st.sampled_from(["30213100", "30197630", "30213200-7", ""])),
                group=draw(st.sampled_from(["gtin:1", "gtin:2", "text:papier/a4"])),
                unit=draw(st.sampled_from(["C62", "C62", "C62", "RM"])),
                quantity=str(quantity),
            )
        )
    return lines


def _news(draw: Draw, sender: Any, member_id: UUID) -> list[Message]:
    """One supplier order's life: placed, answered in one or two parts, the rest taken back."""
    lines = _lines(draw, sender)
    month = datetime(2026, draw(st.integers(1, 4)), 3, tzinfo=UTC)
    placed = sender.place(
        *lines,
        member_id=member_id,
        supplier_id=draw(st.sampled_from(SUPPLIERS)),
        agreement_id=draw(st.sampled_from([None, None, AGREEMENT])),
        placed_at=month,
    )
    news: list[Message] = [placed]
    cut = draw(st.integers(0, len(lines)))
    left = []
    for part in (lines[:cut], lines[cut:]):
        if part and draw(st.booleans()):
            news.append(sender.answer(placed, *(_word(draw, sender, line) for line in part)))
        else:
            left += part
    if left and draw(st.booleans()):
        news.append(sender.cancel(placed, sum((line.net_amount for line in left), Decimal(0))))
    return news


def _word(draw: Draw, sender: Any, line: OrderLine) -> AnsweredLine:
    cents = int(line.net_amount * 100)
    accepted = draw(st.integers(0, cents))
    reduced = draw(st.integers(0, cents - accepted))
    return sender.answered_line(line, Decimal(accepted) / 100, Decimal(reduced) / 100)


@pytest.fixture(scope="session")
def histories(new_sender: Callable[[], Any]) -> st.SearchStrategy[History]:
    """Any history in any slicing."""

    @st.composite
    def made(draw: Draw) -> History:
        sender, members = new_sender(), [new_id() for _ in range(3)]
        queues = [
            _news(draw, sender, draw(st.sampled_from(members)))
            for _ in range(draw(st.integers(1, 6)))
        ]
        events: list[Message] = []
        while queues:
            events.append(queues[draw(st.integers(0, len(queues) - 1))].pop(0))
            queues = [queue for queue in queues if queue]
        return History(events, draw(st.lists(st.integers(1, 5), max_size=8)))

    return made()


Line = tuple[Cell, UUID, dict[str, Decimal]]


def _final_lines(
    events: Sequence[Message], key: Callable[[OrderLine], str]
) -> dict[tuple[str, int], Line]:
    lines: dict[tuple[str, int], Line] = {}
    for event in events:
        if isinstance(event, SupplierOrderPlaced):
            month = f"{event.placed_at:%Y-%m}"
            for line in event.lines:
                amounts = {"lines": Decimal(1), "ordered": line.net_amount}
                cell = (key(line), event.member_id, month)
                lines[event.key, line.line_no] = (cell, event.supplier_order_id, amounts)
        elif isinstance(event, SupplierOrderAnswered):
            for answer in event.lines:
                lines[event.key, answer.line_no][2].update(
                    accepted=answer.accepted_net,
                    refused=answer.refused_net,
                    reduced=answer.reduced_net,
                )
        else:
            for (order, _), (_, _, amounts) in lines.items():
                if order == event.key and "accepted" not in amounts:
                    amounts["cancelled"] = amounts["ordered"]
    return lines


@pytest.fixture(scope="session")
def recounted() -> Callable[[Sequence[Message], Callable[[OrderLine], str]], Cells]:
    """What the cells must be, counted without any cleverness: all lines, then their sums."""

    def counted(events: Sequence[Message], key: Callable[[OrderLine], str]) -> Cells:
        lines = _final_lines(events, key).values()
        cells: Cells = {cell: dict.fromkeys(FIGURES, Decimal(0)) for cell, _, _ in lines}
        for cell, _, amounts in lines:
            for name, amount in amounts.items():
                cells[cell][name] += amount
        for cell, sums in cells.items():
            sums["orders"] = Decimal(len({order for other, order, _ in lines if other == cell}))
        return cells

    return counted
