"""The streams of real purchases that can be replayed, each with all that differs between them.

In: a name, for the volume how many of its months. Out: who takes part, what is ordered, how they
behave, which figures must come out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from acceptance.actors.manners import Drawn, Manners, Returning
from acceptance.actors.rulebook import Rulebook
from acceptance.checks.expectations import SCMS, Control
from acceptance.checks.reconciliation import Check
from acceptance.checks.tables import Table
from acceptance.dataset import retail
from acceptance.dataset.plans import Plan, purchases_plan, volume_plan
from acceptance.dataset.purchases import DemoOrder
from acceptance.dataset.scms import orders as scms_orders
from acceptance.dataset.scms import scms_lines
from acceptance.ledger.settling import net
from deploy.devstack.deployment import DEMO, VOLUME, Deployment

RETAIL_TOTAL = Decimal("9747747.934")
"""Sum of quantity x price over all rows of the retail data, GBP, three decimals."""

RETAIL_RULES = Rulebook(
    direct=Decimal(8_000),
    compare=Decimal(12_000),
    request=Decimal(20_000),
    approval_above=Decimal(10_000),
    by_order={"United Kingdom"},
)
"""The one member that buys nine tenths of everything would pass any sum of a year within weeks."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One replay. note: what to know of the amounts; data: checks of the data against themselves.

    listed: rows of the data that are no order, for the report.
    """

    title: str
    deployment: Deployment
    plan: Plan
    orders: Sequence[DemoOrder]
    manners: Manners
    control: Control
    rules: Rulebook
    note: str
    data: Sequence[Check] = ()
    listed: Sequence[Table] = ()


def scms() -> Stream:
    """Ten years of central purchases of health goods."""
    lines = scms_lines()
    plan = purchases_plan(lines)
    return Stream(
        title="Replay of real purchases",
        deployment=DEMO,
        plan=plan,
        orders=scms_orders(lines),
        manners=Drawn(),
        control=SCMS,
        rules=Rulebook(
            direct=Decimal(500_000),
            compare=Decimal(1_300_000),
            request=Decimal(5_000_000),
            approval_above=Decimal(250_000),
            by_order={member.name for member in plan.members[1::2]},
        ),
        note="Amounts are US dollars in the data, taken 1:1 as EUR net of VAT; no exchange rate is "
        "applied.",
    )


def volume(months: int | None = None) -> Stream:
    """A wholesaler's order stream; of its 13 months the first so many, all where None is given."""
    rows = retail.retail_rows()
    chosen = set(retail.months_of(rows)[:months])
    taken = [row for row in rows if row.month in chosen]
    ledger = retail.told_apart(taken)
    made = retail.orders(ledger)
    returned = {sale.row.row_no: sale.returned for sale in ledger.sales if sale.returned}
    return Stream(
        title="Replay of a wholesaler's order stream",
        deployment=VOLUME,
        plan=volume_plan(made),
        orders=made,
        manners=Returning(returned),
        control=_control(ledger),
        rules=RETAIL_RULES,
        note="Amounts are pounds sterling in the data, taken 1:1 as EUR net of VAT; no exchange "
        f"rate is applied. {len(chosen)} of 13 months.",
        data=_data_checks(rows, taken, ledger),
        listed=[_listed(ledger, why) for why in get_args(retail.Why)],
    )


def _control(ledger: retail.Ledger) -> Control:
    amounts = {
        sale.row.row_no: net(Decimal(sale.row.quantity), sale.row.price) for sale in ledger.sales
    }
    return Control(
        lines=len(amounts),
        line_values=ledger.sold,
        ordered=sum(amounts.values(), Decimal(0)),
        returned={
            sale.row.row_no: amounts[sale.row.row_no]
            - net(Decimal(sale.row.quantity - sale.returned), sale.row.price)
            for sale in ledger.sales
            if sale.returned
        },
    )


def _data_checks(
    rows: Sequence[retail.RetailRow], taken: Sequence[retail.RetailRow], ledger: retail.Ledger
) -> list[Check]:
    whole = sum((row.value for row in rows), Decimal(0))
    part = sum((row.value for row in taken), Decimal(0))
    listed = sum((row.value for row in ledger.listed), Decimal(0))
    section = "Data"
    return [
        Check(section, "control total of all rows", RETAIL_TOTAL, whole),
        Check(section, "rows sold or returned or listed", len(taken), _rows_in(ledger, taken)),
        Check(
            section,
            "orders + corrections + listed rows",
            part,
            ledger.sold + ledger.corrected + listed,
        ),
    ]


def _rows_in(ledger: retail.Ledger, taken: Sequence[retail.RetailRow]) -> int:
    # A return found in full stands in no list of its own: what it took shows on the sales.
    accounted = {sale.row.row_no for sale in ledger.sales}
    accounted |= {row.row.row_no for row in ledger.listed}
    returns = {row.row_no for row in taken if row.quantity < 0 and row.price > 0}
    return len(accounted | returns)


def _listed(ledger: retail.Ledger, why: retail.Why) -> Table:
    listed = ledger.listed_for(why)
    value = sum((row.value for row in listed), Decimal(0))
    headings = ("row", "invoice", "stock code", "quantity", "price", "value")
    rows = [
        (
            f"{row.row.row_no}",
            row.row.invoice,
            row.row.stock_code,
            row.quantity,
            row.row.price,
            row.value,
        )
        for row in listed
    ]
    return Table(f"Not orderable, {why}: {len(listed)} rows, {value:,}", headings, rows)
