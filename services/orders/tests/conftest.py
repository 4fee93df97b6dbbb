from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock
from marktbund.blobs import Blobs
from marktbund.contracts.base import Message
from marktbund.contracts.catalog import ArticleState
from marktbund.contracts.members import MemberState
from marktbund.contracts.rule_sets import ApprovalStep, AwardRule, RouteLimit, RuleSetState
from marktbund.contracts.supplier_gateway import OrderResponseReceived, ResponseLine, SupplierState
from marktbund.envelope import Origin, Received
from marktbund.ids import new_id
from marktbund.testing import records
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, Engines, doors_of, rolled_back
from marktbund.unit_of_work import UnitOfWork
from orders import consumers
from orders.ground.store.tables import metadata
from orders.main import SERVICE

TABLES = (*sorted(metadata.tables), "outbox", "idempotency")


@pytest.fixture(scope="session")
def orders_database(databases: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return databases("orders")


@pytest.fixture
async def connection(
    orders_database: ServiceDatabase, engines: Engines
) -> AsyncIterator[AsyncConnection]:
    async for made in rolled_back(engines(orders_database)):
        yield made


@pytest.fixture
def blobs() -> Blobs:
    return Blobs("memory:///")


@pytest.fixture
async def doors(
    connection: AsyncConnection, orders_database: ServiceDatabase, blobs: Blobs
) -> Doors:
    kept = replace(SERVICE, state={"blobs": blobs, "scan": None})
    return doors_of(kept, connection, orders_database.app_url)


def unit_over(connection: AsyncConnection) -> UnitOfWork:
    return UnitOfWork(connection, Origin(correlation_id="test"), clock.now())


@pytest.fixture
def uow(connection: AsyncConnection) -> UnitOfWork:
    return unit_over(connection)


@pytest.fixture
def received() -> Callable[..., Received]:
    return records.received


class Market:
    """What orders keep of others, told to it as its owners do; and suppliers' words."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def tell(self, *events: Message) -> None:
        """Through the event doors, each topic's events as one batch."""
        await self.hand(*(records.received(event) for event in events))

    async def hand(self, *heard: Received) -> None:
        for topic, handler in consumers.hearing().handlers.items():
            batch = [record for record in heard if record.topic == topic]
            if batch:
                await handler(batch, self._uow)

    async def member(self, **state: Any) -> UUID:
        usual = {"member_id": new_id(), "name": "Musterstadt", "legal_form": "municipality"}
        usual |= {"official_key": "05999999", "status": "active", "version": 1}
        event = MemberState.model_validate(usual | state)
        await self.tell(event)
        return event.member_id

    async def supplier(self, **state: Any) -> UUID:
        usual = {"supplier_id": new_id(), "name": "Bürowelt", "status": "active", "version": 1}
        event = SupplierState.model_validate(usual | state)
        await self.tell(event)
        return event.supplier_id

    async def rules(
        self, member_id: UUID, *limits: RouteLimit, version: int = 1, approval_above: int = 100
    ) -> None:
        """Rules for goods over twelve months, and an approver above so many EUR net."""
        rule = AwardRule(
            contract_kinds=("supply",),
            limits=limits,
            window_months=12,
            binding=True,
            source="Satzung",
            source_kind="bylaw",
            valid_from="2021-01-01",
        )
        state = RuleSetState(
            version=version,
            rule_set_id=UUID(int=member_id.int ^ 1),
            member_id=member_id,
            status="active",
            rules=(rule,),
            approval_steps=(ApprovalStep(above_net=approval_above),),
        )
        await self.tell(state)

    async def article(self, supplier_id: UUID, price: str = "12.50", **state: Any) -> UUID:
        usual = {"article_id": new_id(), "supplier_id": supplier_id, "unit_price_net": price}
        usual |= {"article_number": "BW-1", "name": "Papier", "cpv": "30197630"}
        usual |= {"comparable_group": "gtin:2893779877144", "order_unit": "XPK", "version": 1}
        usual |= {"vat_rate": "19", "status": "active", "price_list": 1}
        event = ArticleState.model_validate(usual | state)
        await self.tell(event)
        return event.article_id

    async def answer(self, shared: Mapping[str, Any], *lines: tuple[int, str, str, str]) -> None:
        """A supplier's answer; lines as (line number, decision, quantity, net price)."""
        words = tuple(
            ResponseLine(line_no=no, decision=decision, quantity=quantity, unit_price_net=price)
            for no, decision, quantity, price in lines
        )
        event = OrderResponseReceived(response_id=new_id(), lines=words, **shared)
        await self.tell(event)


@pytest.fixture
def market(uow: UnitOfWork) -> Market:
    return Market(uow)


@pytest.fixture
def open_market() -> type[Market]:
    """For a unit of work of the test's own."""
    return Market


@dataclass
class Desk:
    """A requester's desk: a member, two suppliers with an article each, and the doors."""

    doors: Doors
    market: Market
    uow: UnitOfWork
    member_id: UUID
    paper: UUID
    chair: UUID
    token: Mapping[str, str]

    def headers(self, **more: str) -> dict[str, str]:
        usual = {"Member": str(self.member_id), "Idempotency-Key": str(new_id())}
        return dict(self.token) | usual | {k.replace("_", "-"): v for k, v in more.items()}

    def basket(self, *articles: tuple[UUID, Any], **more: Any) -> dict[str, Any]:
        """A request body; without articles: 3 packs of paper (12.50) and 1 chair (199.99)."""
        wanted = articles or ((self.paper, "3"), (self.chair, "1"))
        lines = [{"article_id": str(known), "quantity": quantity} for known, quantity in wanted]
        return {"lines": lines, **more}

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.doors.client.post(path, json=body, headers=self.headers(**headers))

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.doors.client.get(path, headers=self.headers(**headers))

    async def ordered(self, *articles: tuple[UUID, Any], **more: Any) -> dict[str, Any]:
        answer = await self.post("/orders", self.basket(*articles, **more))
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def shares(self, order_id: str) -> list[dict[str, Any]]:
        """An order's supplier orders as events about them share it, the dearest first."""
        shown = (await self.get(f"/orders/{order_id}")).json()
        shares = sorted(shown["supplier_orders"], key=lambda s: float(s["ordered_net"]))
        return [
            {
                "version": 1,
                "supplier_order_id": share["supplier_order_id"],
                "order_id": order_id,
                "member_id": self.member_id,
                "supplier_id": share["supplier_id"],
            }
            for share in reversed(shares)
        ]

    async def standing(self) -> dict[str, tuple[int, int]]:
        """Every table's number of rows and a sum over their content."""
        counts = {}
        for table in TABLES:
            query = f"SELECT count(*), coalesce(sum(hashtext(t::text)), 0) FROM {table} AS t"
            row = (await self.uow.connection.execute(text(query))).one()
            counts[table] = (int(row[0]), int(row[1]))
        return counts


async def opened(doors: Doors, connection: AsyncConnection) -> Desk:
    uow = unit_over(connection)
    market = Market(uow)
    member_id = await market.member()
    paper = await market.article(await market.supplier())
    office = await market.supplier(name="Möbelhaus")
    chair = await market.article(office, "199.99", article_number="MH-7", name="Drehstuhl")
    token = await doors.account(("requester", member_id))
    return Desk(doors, market, uow, member_id, paper, chair, token)


@pytest.fixture
def open_desk() -> Callable[[Doors, AsyncConnection], Awaitable[Desk]]:
    return opened


@pytest.fixture
async def desk(doors: Doors, connection: AsyncConnection) -> Desk:
    return await opened(doors, connection)
