"""The ceiling ledger on PostgreSQL against a model of plain numbers (hypothesis state machine)."""

import asyncio
from collections.abc import Coroutine
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from marktbund import clock
from marktbund.contracts.agreements import AgreementLot, AgreementPosition, Ceiling
from marktbund.envelope import Origin
from marktbund.errors import Conflict
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork, create_engine
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.ceilings import Draw
from orders.agreements.domain.terms import Terms
from orders.agreements.store import agreements, ceilings

T = TypeVar("T")
TOWN, DISTRICT = new_id(), new_id()
LOTS = (1, 2)
Place = tuple[int, UUID | None]
_LEDGER = text("""
    SELECT c.lot_no, c.member_id, c.used_value_net, c.used_quantity,
           coalesce(sum(e.value_net), 0) AS booked_value,
           coalesce(sum(e.quantity), 0) AS booked_quantity,
           (SELECT used_value_net FROM ceiling_entry AS l WHERE l.ceiling_id = c.ceiling_id
             ORDER BY entry_no DESC LIMIT 1) AS last_value
      FROM agreement_ceiling AS c LEFT JOIN ceiling_entry AS e USING (ceiling_id)
     WHERE c.agreement_id = :agreement_id GROUP BY c.ceiling_id
""")


def agreement_of(limits: dict[Place, Decimal]) -> Agreement:
    """Two lots of one position; each ceiling limits the net EUR and as many units."""
    position = AgreementPosition(
        position_no=1,
        comparable_group="gtin:1",
        description="Papier",
        order_unit="PK",
        unit_price_net=Decimal(1),
    )
    lots = tuple(
        AgreementLot(
            lot_no=no,
            title="Papier",
            supplier_id=new_id(),
            positions=(position,),
            ceilings=tuple(
                Ceiling(member_id=whose, value_net=limit, quantity=limit)
                for (lot_no, whose), limit in limits.items()
                if lot_no == no
            ),
        )
        for no in LOTS
    )
    day = date(2026, 1, 1)
    terms = Terms("Papier", "open", day, date(2028, 12, 31), "", (), lots)
    return Agreement(new_id(), None, f"RV-{new_id()}", terms, new_id(), "in_force")


class Ledger(RuleBasedStateMachine):
    """Takings, givings back and changed limits, each in a savepoint of one transaction."""

    taken = Bundle("taken")

    def __init__(self, url: str) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._engine = create_engine(url, application="test-ledger")
        self._limits: dict[Place, Decimal] = {(no, None): Decimal(100) for no in LOTS}
        self._limits[1, TOWN] = Decimal(60)
        self._used: dict[Place, tuple[Decimal, Decimal]] = {}
        self._run(self._begin())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    async def _begin(self) -> None:
        self._connection = await self._engine.connect()
        await self._connection.begin()
        self._uow = UnitOfWork(self._connection, Origin(correlation_id="test"), clock.now())
        self._agreement = agreement_of(self._limits)
        await agreements.add(self._uow, self._agreement)
        await ceilings.set_limits(self._uow, self._agreement)

    async def _move(self, member_id: UUID, draws: list[Draw]) -> bool:
        savepoint = await self._connection.begin_nested()
        try:
            await ceilings.move(self._uow, self._agreement.agreement_id, member_id, new_id(), draws)
        except Conflict:
            await savepoint.rollback()
            return False
        await savepoint.commit()
        return True

    def _fits(self, member_id: UUID, draws: list[Draw]) -> bool:
        return all(
            self._limits.get((draw.lot_no, whose)) is None
            or max(
                self._of(draw.lot_no, whose)[0] + draw.value_net,
                self._of(draw.lot_no, whose)[1] + draw.quantity,
            )
            <= self._limits[draw.lot_no, whose]
            for draw in draws
            for whose in (None, member_id)
        )

    def _of(self, lot_no: int, whose: UUID | None) -> tuple[Decimal, Decimal]:
        return self._used.get((lot_no, whose), (Decimal(0), Decimal(0)))

    def _book(self, member_id: UUID, draws: list[Draw]) -> None:
        for draw in draws:
            for whose in (None, member_id):
                value, quantity = self._of(draw.lot_no, whose)
                moved = value + draw.value_net, quantity + draw.quantity
                self._used[draw.lot_no, whose] = moved

    @rule(
        target=taken,
        member_id=st.sampled_from((TOWN, DISTRICT)),
        lots=st.sets(st.sampled_from(LOTS), min_size=1),
        value=st.integers(0, 70),
        quantity=st.integers(1, 70),
    )
    def take(self, member_id: UUID, lots: set[int], value: int, quantity: int) -> Any:
        draws = [Draw(no, Decimal(value), Decimal(quantity)) for no in lots]
        room = self._fits(member_id, draws)
        assert self._run(self._move(member_id, draws)) is room
        if not room:
            return multiple()
        self._book(member_id, draws)
        return member_id, draws

    @rule(taking=consumes(taken))
    def give_back(self, taking: tuple[UUID, list[Draw]]) -> None:
        member_id, draws = taking
        back = [Draw(draw.lot_no, -draw.value_net, -draw.quantity) for draw in draws]
        assert self._run(self._move(member_id, back))
        self._book(member_id, back)

    @rule(lot_no=st.sampled_from(LOTS), more=st.integers(0, 50))
    def change_limit(self, lot_no: int, more: int) -> None:
        self._limits[lot_no, None] = max(*self._of(lot_no, None), Decimal(1)) + more
        changed = agreement_of(self._limits).terms
        kept = Agreement(self._agreement.agreement_id, None, "", changed, new_id(), "in_force")
        self._run(ceilings.set_limits(self._uow, kept))

    @invariant()
    def the_rows_are_the_model_and_the_sum_of_their_entries(self) -> None:
        asked = {"agreement_id": self._agreement.agreement_id}
        for row in self._run(self._connection.execute(_LEDGER, asked)):
            used = row.used_value_net, row.used_quantity
            assert used == self._of(row.lot_no, row.member_id)
            assert used == (row.booked_value, row.booked_quantity)
            assert row.last_value in {None, row.used_value_net}

    def teardown(self) -> None:
        self._run(self._connection.close())
        self._run(self._engine.dispose())
        self._runner.close()


def test_the_ledger_is_what_a_model_of_it_says(orders_database):
    run_state_machine_as_test(
        lambda: Ledger(orders_database.app_url),
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize(
    "change",
    [
        "used_value_net = limit_value_net + 0.01",
        "used_quantity = limit_quantity + 0.001",
        "used_value_net = -0.01",
        "limit_value_net = used_value_net - 0.01",
        "limit_value_net = 0",
    ],
)
async def test_a_row_that_must_not_be(uow, change: str):
    made = agreement_of({(1, None): Decimal(100), (2, None): Decimal(100)})
    await agreements.add(uow, made)
    await ceilings.set_limits(uow, made)
    draws = [Draw(1, Decimal(50), Decimal(50))]
    await ceilings.move(uow, made.agreement_id, TOWN, new_id(), draws)
    with pytest.raises(IntegrityError, match="check"):
        await uow.connection.execute(
            text(f"UPDATE agreement_ceiling SET {change} WHERE limit_value_net IS NOT NULL")
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ceiling_entry SET value_net = 0",
        "DELETE FROM ceiling_entry",
        "DELETE FROM agreement_ceiling",
        "DELETE FROM agreement",
    ],
)
async def test_the_app_role_cannot(uow, statement: str):
    with pytest.raises(ProgrammingError, match="permission denied"):
        await uow.connection.execute(text(statement))
