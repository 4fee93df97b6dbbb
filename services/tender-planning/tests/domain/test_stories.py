"""Any story of orders, answers and cancellations: cells add up to their lines, in any batches."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marktbund.ids import new_id
from tender_planning.domain.counting import Count, count_all
from tender_planning.domain.demand import DemandLine, DemandSums

CENTS = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)
ENDS = st.sampled_from(["open", "accepted", "parts", "refused", "cancelled"])
ORDERS = st.lists(st.tuples(st.lists(CENTS, min_size=1, max_size=3), ENDS), min_size=1, max_size=6)


def stories_of(sender, orders) -> list[list]:
    """Each order's news in its own order."""
    member = new_id()
    stories = []
    for amounts, end in orders:
        lines = [sender.line(number, net) for number, net in enumerate(amounts, 1)]
        placed = sender.place(*lines, member_id=member)
        story = [placed]
        if end == "accepted":
            story.append(sender.accept(placed))
        elif end == "refused":
            story.append(sender.answer(placed, *map(sender.answered_line, lines)))
        elif end == "parts":
            halves = [sender.answered_line(line, line.net_amount // 2) for line in lines]
            story.append(sender.answer(placed, *halves))
        elif end == "cancelled":
            story.append(sender.cancel(placed))
        stories.append(story)
    return stories


def interleaved(stories: list[list]) -> list:
    """First all placed, then all that came of them."""
    return [story[0] for story in stories] + [event for story in stories for event in story[1:]]


def lines_after(batches: list[list]) -> tuple[dict, DemandSums, int]:
    known: dict[tuple, DemandLine] = {}
    gained, counted_lines = DemandSums(), 0
    for batch in batches:
        touched = {event.supplier_order_id for event in batch}
        before = [line for line in known.values() if line.supplier_order_id in touched]
        count = count_all(before, batch)
        known |= count.placed | count.closed
        for gain in count.classes.values():
            gained += gain.sums
            counted_lines += gain.lines
    return known, gained, counted_lines


@given(ORDERS, st.integers(1, 12))
def test_cells_are_what_their_lines_add_up_to_however_the_news_is_cut(new_sender, orders, size):
    news = interleaved(stories_of(new_sender(), orders))
    whole = lines_after([news])
    cut = lines_after([news[at : at + size] for at in range(0, len(news), size)])
    assert whole == cut
    known, gained, counted_lines = whole
    added = DemandSums()
    for line in known.values():
        added += line.sums
    assert (gained, counted_lines) == (added, len(known))


@given(ORDERS)
def test_no_line_is_worth_more_than_was_ordered_and_none_is_lost(new_sender, orders):
    known, gained, _ = lines_after([interleaved(stories_of(new_sender(), orders))])
    assert gained.ordered == sum((sum(amounts) for amounts, _ in orders), Decimal(0))
    for line in known.values():
        taken = line.sums.accepted + line.sums.refused + line.sums.cancelled + line.sums.reduced
        assert taken == (0 if line.outcome == "open" else line.sums.ordered)
        assert 0 <= line.sums.demand <= line.sums.ordered


@given(ORDERS)
def test_every_kind_of_cell_holds_the_same_money(new_sender, orders):
    count: Count = count_all([], interleaved(stories_of(new_sender(), orders)))
    totals = defaultdict(DemandSums)
    for name in ("classes", "groups", "supply"):
        for gain in getattr(count, name).values():
            totals[name] += gain.sums
    assert totals["classes"] == totals["groups"] == totals["supply"]
    assert sum(gain.lines for gain in count.prices.values()) == len(count.placed)
