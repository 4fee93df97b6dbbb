"""Whatever becomes of orders, ledgers say what is bound: needs, pots and ceilings, to the cent.

A hypothesis state machine orders, calls off, approves, turns down, cancels and answers at random.
"""

import asyncio
from collections.abc import Coroutine
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from marktbund import clock
from marktbund.auth import Actor
from marktbund.contracts.agreements import AgreementLot, AgreementPosition, Ceiling, Entitlement
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork, create_engine
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.terms import Terms
from orders.agreements.store import agreements, ceilings
from orders.awarding.store import decisions
from orders.ordering import handlers
from orders.ordering.commands.call_offs import CallOff
from orders.ordering.commands.deciding import DecideApproval
from orders.ordering.commands.orders import CancelOrder, CreateOrder
from orders.ordering.store import spot_orders, supplier_orders

T = TypeVar("T")
LIMIT = RouteLimit(route="direct", up_to_net=10_000_000)
_BOUND = """
    WITH bound AS (
        SELECT o.order_id, o.need_id, o.agreement_id,
               sum(CASE WHEN o.status = 'placed'
                        THEN a.ordered_net - a.refused_net - a.reduced_net - a.cancelled_net
                        WHEN o.status = 'submitted' THEN l.net_amount ELSE 0 END)
               + CASE WHEN o.status = 'submitted'
                        OR o.status = 'placed'
                           AND bool_or(a.decision NOT IN ('refused', 'cancelled'))
                      THEN coalesce((o.terms->>'side_costs_net')::numeric, 0) ELSE 0 END AS net,
               sum(CASE WHEN o.status = 'submitted' OR a.decision = 'open' THEN l.quantity
                        WHEN a.decision IN ('accepted', 'changed') THEN a.quantity
                        ELSE 0 END) AS quantity
          FROM spot_order AS o JOIN order_line AS l USING (order_id)
          LEFT JOIN supplier_order_line AS a USING (supplier_order_id, line_no)
         GROUP BY o.order_id)
"""
_DIFFERENT = {
    "pots of an order": text(f"""{_BOUND}
        SELECT b.order_id, b.net, coalesce(sum(m.net), 0) FROM bound AS b
          LEFT JOIN limit_movement AS m USING (order_id)
         WHERE b.agreement_id IS NULL GROUP BY b.order_id, b.net
        HAVING b.net <> coalesce(sum(m.net), 0)"""),
    "needs": text(f"""{_BOUND}
        SELECT n.need_id, n.ordered_net, sum(b.net) FROM need AS n JOIN bound AS b USING (need_id)
         GROUP BY n.need_id HAVING n.ordered_net <> sum(b.net)"""),
    "days of a pot": text("""
        SELECT pot_id, cpv_class, day, d.net, sum(m.net)
          FROM limit_day AS d JOIN limit_movement AS m USING (pot_id, contract_kind, cpv_class, day)
         GROUP BY pot_id, contract_kind, cpv_class, day, d.net HAVING d.net <> sum(m.net)"""),
    "ceilings": text(f"""{_BOUND}
        SELECT c.member_id, c.used_value_net, sum(b.net), c.used_quantity, sum(b.quantity)
          FROM agreement_ceiling AS c JOIN bound AS b USING (agreement_id)
         GROUP BY c.ceiling_id
        HAVING c.used_value_net <> sum(b.net) OR c.used_quantity <> sum(b.quantity)"""),
}


class Desk(RuleBasedStateMachine):
    """One member, two suppliers of two classes, an agreement with a third."""

    waiting = Bundle("waiting")
    placed = Bundle("placed")

    def __init__(self, url: str, open_market: Any) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._engine = create_engine(url, application="test-bound-sums")
        self._open_market = open_market

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    @initialize()
    def open(self) -> None:
        self._run(self._begin())

    async def _begin(self) -> None:
        self._connection = await self._engine.connect()
        await self._connection.begin()
        self._uow = UnitOfWork(self._connection, Origin(correlation_id="test"), clock.now())
        self._market = self._open_market(self._uow)
        member_id = await self._market.member()
        self._buyer = Actor(new_id(), "requester", member_id, member_id)
        self._approver = Actor(new_id(), "approver", member_id, member_id)
        await self._market.rules(member_id, LIMIT, approval_above=300)
        self._goods = [
            await self._market.article(
                await self._market.supplier(), price, cpv=cpv, comparable_group=cpv
            )
            for price, cpv in (("12.50", "30197630"), ("33.33", "39112000"))
        ]
        await self._agree(member_id)

    async def _agree(self, member_id: UUID) -> None:
        shop = await self._market.supplier()
        article_id = await self._market.article(shop, "9.00", comparable_group="salt")
        position = AgreementPosition(
            position_no=1,
            comparable_group="salt",
            article_id=article_id,
            description="Streusalz",
            order_unit="XPK",
            unit_price_net=Decimal("9.99"),
        )
        lot = AgreementLot(
            lot_no=1,
            title="Salz",
            supplier_id=shop,
            positions=(position,),
            ceilings=(Ceiling(value_net=Decimal(100_000)),),
        )
        entitled = (Entitlement(member_id=member_id, entitled_from=date(2020, 1, 1)),)
        days = date(2020, 1, 1), date(2099, 1, 1)
        terms = Terms("Salz", "open", *days, "", entitled, (lot,))
        agreement = Agreement(new_id(), None, f"X-{new_id()}", terms, new_id(), "in_force")
        await agreements.add(self._uow, agreement)
        await ceilings.set_limits(self._uow, agreement)
        self._agreement_id = agreement.agreement_id

    @rule(
        target=waiting,
        quantities=st.lists(st.integers(0, 20), min_size=3, max_size=3).filter(any),
        side_costs=st.sampled_from(["0", "7.77"]),
    )
    def order(self, quantities: list[int], side_costs: str) -> Any:
        goods = [*self._goods, self._goods[0]]
        lines = [
            {"article_id": article_id, "quantity": quantity}
            for article_id, quantity in zip(goods, quantities, strict=True)
            if quantity
        ]
        command = CreateOrder.model_validate({"lines": lines, "side_costs_net": side_costs})
        return self._run(handlers.create_order(command, self._buyer, self._uow)).order_id

    @rule(target=waiting, quantity=st.integers(1, 60))
    def call_off(self, quantity: int) -> Any:
        line = {"lot_no": 1, "position_no": 1, "quantity": quantity}
        command = CallOff(agreement_id=self._agreement_id, lines=[line])
        return self._run(handlers.call_off(command, self._buyer, self._uow)).order_id

    @rule(
        target=placed,
        order_id=waiting,
        verdict=st.sampled_from(["approve", "approve", "refuse", "send_back"]),
    )
    def decide(self, order_id: UUID, verdict: str) -> Any:
        return self._run(self._decide(order_id, verdict))

    async def _decide(self, order_id: UUID, verdict: str) -> Any:
        order = await spot_orders.load(self._uow, order_id, self._buyer.member_id)
        if order.status == "submitted":
            if order.order_kind == "call_off" and verdict == "send_back":
                verdict = "refuse"
            seen = (await decisions.latest(self._uow, order_id)).content_sha256
            command = DecideApproval(verdict=verdict, content_sha256=seen, comment="-")
            await handlers.decide_approval(order_id, command, self._approver, self._uow)
            order = await spot_orders.load(self._uow, order_id, self._buyer.member_id)
        return order_id if order.status == "placed" else multiple()

    @rule(order_id=waiting)
    def cancel(self, order_id: UUID) -> None:
        self._run(self._cancel(order_id))

    async def _cancel(self, order_id: UUID) -> None:
        order = await spot_orders.load(self._uow, order_id, self._buyer.member_id)
        shares = await supplier_orders.load_of_order(self._uow, order_id)
        open_shares = [share for share in shares if share.cancellable]
        if order.status == "submitted" or (order.status == "placed" and open_shares):
            await handlers.cancel_order(order_id, CancelOrder(), self._buyer, self._uow)

    @rule(
        order_id=placed,
        which=st.integers(0, 1),
        words=st.lists(st.sampled_from(["accepted", "changed", "refused"]), min_size=3, max_size=3),
        only_first=st.booleans(),
    )
    def answer(self, order_id: UUID, which: int, words: list[str], only_first: bool) -> None:
        self._run(self._answer(order_id, which, words, only_first=only_first))

    async def _answer(
        self, order_id: UUID, which: int, words: list[str], *, only_first: bool
    ) -> None:
        shares = await supplier_orders.load_of_order(self._uow, order_id)
        share = sorted(shares, key=lambda known: known.lines[0].line_no)[which % len(shares)]
        lines = await spot_orders.lines_of(self._uow, order_id)
        ordered = {line.line_no: line for line in lines}
        waiting = [line.line_no for line in share.lines if line.decision == "open"]
        answers = []
        for number, word in zip(waiting[:1] if only_first else waiting, words, strict=False):
            line = ordered[number]
            cut = line.quantity // 2 if word == "changed" else line.quantity
            quantity, price = (Decimal(0), Decimal(0)) if word == "refused" else (
                cut, line.unit_price_net
            )  # fmt: skip
            answers.append((number, word, str(quantity), str(price)))
        if answers and share.status != "cancelled":
            shared = {"version": 1, "supplier_order_id": share.supplier_order_id}
            shared |= {"order_id": order_id, "member_id": share.member_id}
            shared |= {"supplier_id": share.supplier_id}
            await self._market.answer(shared, *answers)

    @invariant()
    def every_ledger_says_what_is_bound(self) -> None:
        if hasattr(self, "_connection"):
            for ledger, query in _DIFFERENT.items():
                rows = self._run(self._connection.execute(query)).all()
                assert rows == [], f"{ledger}: {rows}"

    def teardown(self) -> None:
        if hasattr(self, "_connection"):
            self._run(self._connection.close())
        self._run(self._engine.dispose())
        self._runner.close()


def test_ledgers_say_what_is_bound_whatever_becomes_of_orders(orders_database, open_market):
    run_state_machine_as_test(
        lambda: Desk(orders_database.app_url, open_market),
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
