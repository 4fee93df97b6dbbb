"""Any history of news, cut into batches anywhere, ends in the cells of a plain recount."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tender_planning import jobs
from tender_planning.domain.counting import Count
from tender_planning.domain.demand import cpv_class

STEPS = {
    "SupplierOrderPlaced": Count.place,
    "SupplierOrderAnswered": Count.answer,
    "SupplierOrderCancelled": Count.cancel,
}
AMOUNTS = ("ordered", "accepted", "refused", "cancelled", "reduced")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_in_memory(data, histories, recounted):
    history = data.draw(histories)
    lines, totals = {}, defaultdict(lambda: defaultdict(Decimal))
    for batch in history.batches():
        count = Count(lines.values())
        for event in batch:
            STEPS[type(event).__name__](count, event)
        lines |= count.placed | count.closed
        for (cpv, member, month), gain in count.classes.items():
            total = totals[cpv, member, f"{month:%Y-%m}"]
            total["orders"] += gain.orders
            total["lines"] += gain.lines
            for name in AMOUNTS:
                total[name] += getattr(gain.sums, name)
    assert totals == recounted(history.events, lambda line: cpv_class(line.cpv))


def figures(rows, key):
    """Cells as the plain recount has them."""
    return {
        (row[key], row["member_id"], f"{row['month']:%Y-%m}"): {
            "orders": Decimal(row["orders"]),
            "lines": Decimal(row["lines"]),
            **{name: row[f"{name}_net"] for name in AMOUNTS},
        }
        for row in rows
    }


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
async def test_in_the_database(data, histories, recounted, planning):
    history = data.draw(histories)
    example = await planning.connection.begin_nested()
    try:
        for batch in history.batches():
            await planning.hear(*batch)
        classes = await planning.rows("SELECT * FROM demand")
        groups = await planning.rows("SELECT * FROM group_demand")
        recount = await jobs.recount(planning.database)
    finally:
        await example.rollback()
    assert figures(classes, "cpv_class") == recounted(
        history.events, lambda line: cpv_class(line.cpv)
    )
    assert figures(groups, "comparable_group") == recounted(
        history.events, lambda line: line.comparable_group
    )
    assert recount.differences == []
