"""Fixtures of supplier-gateway: its doors, and a log of orders' events to let it hear."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.base import Message
from marktbund.contracts.orders import OrderLine, SupplierOrderCancelled, SupplierOrderPlaced
from marktbund.envelope import Origin, Received
from marktbund.ids import new_id
from marktbund.money import net_amount
from marktbund.testing.databases import PinnedDatabase, ServiceDatabase
from marktbund.testing.fixtures import Doors, Engines, doors_of, rolled_back
from marktbund.testing.records import received
from supplier_gateway import consumers
from supplier_gateway.gateways.vault import Vault
from supplier_gateway.main import SERVICE

BUSINESS_TIME = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
JSON = dict[str, Any]


def order_line(line_no: int, quantity: str = "10", price: str = "2.50") -> OrderLine:
    return OrderLine(
        line_no=line_no,
        article_id=new_id(),
        supplier_id=new_id(),
        article_number=f"BR-{line_no}",
        name=f"Artikel {line_no}",
        cpv="30192000-1",
        comparable_group="",
        quantity=Decimal(quantity),
        order_unit="C62",
        unit_price_net=Decimal(price),
        vat_rate=Decimal(19),
        net_amount=net_amount(Decimal(quantity), Decimal(price)),
        requested_delivery_date=date(2026, 3, 20),
    )


def placed_order(supplier_id: UUID, *lines: OrderLine) -> SupplierOrderPlaced:
    chosen = lines or (order_line(1), order_line(2, "4", "100"), order_line(3, "1.5", "0.3333"))
    return SupplierOrderPlaced(
        version=1,
        supplier_order_id=new_id(),
        order_id=new_id(),
        member_id=new_id(),
        acting_member_id=new_id(),
        supplier_id=supplier_id,
        placed_at=BUSINESS_TIME,
        lines=chosen,
        net_total=sum((line.net_amount for line in chosen), Decimal(0)),
    )


def cancelled_order(placed: SupplierOrderPlaced) -> SupplierOrderCancelled:
    return SupplierOrderCancelled(
        version=2,
        supplier_order_id=placed.supplier_order_id,
        order_id=placed.order_id,
        member_id=placed.member_id,
        supplier_id=placed.supplier_id,
        cancelled_net=placed.net_total,
        reason="no_longer_needed",
    )


@dataclass
class Ear:
    """Lets the service hear events as one batch, as its consumer would after the inbox."""

    database: PinnedDatabase
    position: int = 0
    batches: list[list[Received]] = field(default_factory=list)

    async def __call__(self, *events: Message, business_time: datetime | None = None) -> None:
        records = [self.record(event, business_time) for event in events]
        self.batches.append(records)
        async with self.database.begin(Origin(correlation_id="batch")) as uow:
            await consumers.hearing().handlers[records[0].topic](records, uow)

    def record(self, event: Message, business_time: datetime | None = None) -> Received:
        self.position += 1
        return received(
            event,
            offset=self.position,
            time=datetime(2026, 11, 22, 1, 0, tzinfo=UTC),
            origin=Origin(f"order-{event.key}", business_time, demo=business_time is not None),
        )


@dataclass
class Supplier:
    """A registered supplier with a token, and its hands on the doors."""

    doors: Doors
    supplier_id: UUID
    headers: dict[str, str]

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.doors.client.get(path, params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: JSON | None = None, key: str = "") -> Any:
        headers = self.headers | {"Idempotency-Key": key or str(new_id())}
        return await self.doors.client.post(path, json=body, headers=headers)

    async def register_channel(self, url: str) -> str:
        """Through the office's door; returns the secret."""
        office = await self.doors.account(("office", None))
        path = f"/suppliers/{self.supplier_id}/channel"
        answer = await self.doors.client.put(path, json={"url": url}, headers=office)
        assert answer.status_code == 200, answer.text
        return answer.json()["secret"]

    async def log_of(self, placed: SupplierOrderPlaced) -> Any:
        """Its documents with every attempt."""
        return await self.get(f"/supplier-orders/{placed.supplier_order_id}/delivery-log")

    async def answer(self, placed: SupplierOrderPlaced, *lines: JSON) -> Any:
        path = f"/supplier-orders/{placed.supplier_order_id}/responses"
        return await self.post(path, {"lines": lines})

    async def despatch(self, placed: SupplierOrderPlaced, *lines: JSON) -> Any:
        path = f"/supplier-orders/{placed.supplier_order_id}/despatches"
        return await self.post(path, {"despatched_on": "2026-03-04", "lines": lines})


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault([Fernet.generate_key().decode()])


@pytest.fixture(scope="session")
def gateway_database(databases: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return databases("supplier-gateway")


@pytest.fixture
async def connection(
    gateway_database: ServiceDatabase, engines: Engines
) -> AsyncIterator[AsyncConnection]:
    async for made in rolled_back(engines(gateway_database)):
        yield made


@pytest.fixture
async def doors(
    connection: AsyncConnection, gateway_database: ServiceDatabase, vault: Vault
) -> Doors:
    set_up = replace(SERVICE, state={"vault": vault, "private_targets": True})
    return doors_of(set_up, connection, gateway_database.app_url)


@pytest.fixture
async def hear(doors: Doors) -> Ear:
    return Ear(doors.database)


@pytest.fixture
def line() -> Callable[..., OrderLine]:
    return order_line


@pytest.fixture
def place_order() -> Callable[..., SupplierOrderPlaced]:
    return placed_order


@pytest.fixture
def take_back() -> Callable[[SupplierOrderPlaced], SupplierOrderCancelled]:
    return cancelled_order


@pytest.fixture
async def register(doors: Doors) -> Callable[[str], Any]:
    """Registers a supplier with one credential through the office's doors."""

    async def registered(sub: str) -> Supplier:
        office = await doors.account(("office", None))
        once = office | {"Idempotency-Key": str(new_id())}
        answer = await doors.client.post("/suppliers", json={"name": sub}, headers=once)
        supplier_id = answer.json()["supplier_id"]
        path = f"/suppliers/{supplier_id}/credentials"
        await doors.client.put(path, json={"subs": [sub]}, headers=office)
        return Supplier(doors, UUID(supplier_id), doors.token(sub))

    return registered


@pytest.fixture
async def supplier(register: Callable[[str], Any]) -> Supplier:
    return await register("bueroprofi")
