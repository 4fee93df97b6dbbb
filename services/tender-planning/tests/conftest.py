from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.base import Message
from marktbund.contracts.orders import (
    AnsweredLine,
    OrderLine,
    SupplierOrderAnswered,
    SupplierOrderCancelled,
    SupplierOrderPlaced,
)
from marktbund.envelope import Origin, Received
from marktbund.ids import new_id
from marktbund.testing import records
from marktbund.testing.databases import PinnedDatabase, ServiceDatabase
from marktbund.testing.fixtures import Doors, Engines, doors_of, rolled_back
from marktbund.unit_of_work import create_engine
from tender_planning import consumers
from tender_planning.main import SERVICE

JANUARY = datetime(2026, 1, 15, 9, tzinfo=UTC)
LAPTOP = "30213100"
PAPER = "30197630"


@pytest.fixture(scope="session")
def planning_database(databases: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return databases("tender-planning")


@pytest.fixture
async def connection(
    planning_database: ServiceDatabase, engines: Engines
) -> AsyncIterator[AsyncConnection]:
    async for made in rolled_back(engines(planning_database)):
        yield made


@pytest.fixture
async def doors(connection: AsyncConnection, planning_database: ServiceDatabase) -> Doors:
    return doors_of(SERVICE, connection, planning_database.app_url)


class Sender:
    """Makes the news of supplier orders as orders would: versions without gap, sums that agree."""

    def __init__(self) -> None:
        self._versions: dict[UUID, int] = {}
        self.placed: dict[UUID, SupplierOrderPlaced] = {}

    def line(
        self,
        line_no: int = 1,
        amount: str | Decimal = "100.00",
        *,
        cpv: str = LAPTOP,
        group: str = "gtin:4012345",
        unit: str = "C62",
        quantity: str | Decimal = "1",
        name: str = "Notebook",
    ) -> OrderLine:
        price = Decimal(amount) / Decimal(quantity)
        return OrderLine(
            line_no=line_no,
            article_id=new_id(),
            supplier_id=new_id(),
            article_number="4711",
            name=name,
            cpv=cpv,
            comparable_group=group,
            quantity=Decimal(quantity),
            order_unit=unit,
            unit_price_net=price.quantize(Decimal("0.0001")),
            vat_rate=Decimal("0.19"),
            net_amount=Decimal(amount),
        )

    def place(
        self,
        *lines: OrderLine,
        member_id: UUID | None = None,
        supplier_id: UUID | None = None,
        placed_at: datetime = JANUARY,
        agreement_id: UUID | None = None,
    ) -> SupplierOrderPlaced:
        event = SupplierOrderPlaced(
            version=1,
            supplier_order_id=new_id(),
            order_id=new_id(),
            member_id=member_id or new_id(),
            acting_member_id=new_id(),
            supplier_id=supplier_id or new_id(),
            placed_at=placed_at,
            order_kind="call_off" if agreement_id else "spot",
            agreement_id=agreement_id,
            lines=lines or (self.line(),),
            net_total=sum((line.net_amount for line in lines), Decimal(0)),
        )
        self._versions[event.supplier_order_id] = 1
        self.placed[event.supplier_order_id] = event
        return event

    def shared(self, placed: SupplierOrderPlaced) -> dict[str, object]:
        """What all later news of a supplier order carry, the next version among it."""
        self._versions[placed.supplier_order_id] += 1
        return {
            "version": self._versions[placed.supplier_order_id],
            "supplier_order_id": placed.supplier_order_id,
            "order_id": placed.order_id,
            "member_id": placed.member_id,
            "supplier_id": placed.supplier_id,
        }

    def answered_line(
        self, line: OrderLine, accepted: str | Decimal = "0", reduced: str | Decimal = "0"
    ) -> AnsweredLine:
        """accepted + reduced of the line's net amount; the rest is refused."""
        part = Decimal(accepted) + Decimal(reduced)
        full = Decimal(accepted) == line.net_amount
        return AnsweredLine(
            line_no=line.line_no,
            decision="accepted" if full else "changed" if Decimal(accepted) else "refused",
            quantity=line.quantity,
            unit_price_net=line.unit_price_net,
            accepted_net=Decimal(accepted),
            refused_net=line.net_amount - part,
            reduced_net=Decimal(reduced),
        )

    def answer(self, placed: SupplierOrderPlaced, *lines: AnsweredLine) -> SupplierOrderAnswered:
        return SupplierOrderAnswered(
            **self.shared(placed),
            response_id=new_id(),
            lines=lines,
            accepted_net=sum((line.accepted_net for line in lines), Decimal(0)),
            refused_net=sum((line.refused_net for line in lines), Decimal(0)),
            reduced_net=sum((line.reduced_net for line in lines), Decimal(0)),
            complete=len(lines) == len(placed.lines),
        )

    def accept(self, placed: SupplierOrderPlaced) -> SupplierOrderAnswered:
        """Every line as ordered."""
        return self.answer(
            placed, *(self.answered_line(line, line.net_amount) for line in placed.lines)
        )

    def cancel(
        self, placed: SupplierOrderPlaced, amount: Decimal | None = None
    ) -> SupplierOrderCancelled:
        whole = sum((line.net_amount for line in placed.lines), Decimal(0))
        return SupplierOrderCancelled(
            **self.shared(placed),
            cancelled_net=whole if amount is None else amount,
            reason="no_longer_needed",
        )


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.fixture(scope="session")
def new_sender() -> type[Sender]:
    """For hypothesis, whose every example needs a fresh one."""
    return Sender


def received(events: Iterable[Message]) -> list[Received]:
    """Events as the platform hands them to a handler."""
    return [
        records.received(event, offset=offset, time=JANUARY) for offset, event in enumerate(events)
    ]


@pytest.fixture(scope="session")
def records_of() -> Callable[[Iterable[Message]], list[Received]]:
    """For tests that need several connections and so cannot use `planning`."""
    return received


@pytest.fixture
async def emptied(planning_database: ServiceDatabase) -> AsyncIterator[None]:
    """Tables emptied afterwards, for tests that commit."""
    yield
    owner = create_engine(planning_database.owner_url, application="test-owner")
    async with owner.begin() as connection:
        await connection.exec_driver_sql(
            "TRUNCATE order_line, demand, group_demand, group_supply, group_price"
        )
    await owner.dispose()


class Planning:
    """tender-planning as its topics see it, over one rolled-back transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.database = PinnedDatabase(connection, "tender-planning")
        self.connection = connection
        self._hearing = consumers.hearing()

    async def hear(self, *events: Message) -> None:
        """One batch; all events of one topic."""
        handler = self._hearing.handlers[events[0].topic]
        async with self.database.begin(Origin(correlation_id="test")) as uow:
            await handler(received(events), uow)

    async def rows(self, query: str) -> list[dict[str, object]]:
        """The rows of a query, as dictionaries."""
        return [dict(row) for row in (await self.connection.exec_driver_sql(query)).mappings()]


@pytest.fixture
def planning(connection: AsyncConnection) -> Planning:
    return Planning(connection)
