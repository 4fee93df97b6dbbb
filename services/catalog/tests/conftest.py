import csv
import io
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.cells import READERS
from catalog.main import SERVICE
from marktbund import clock
from marktbund.contracts.base import Message
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.envelope import Origin, Received
from marktbund.ids import new_id
from marktbund.testing import records
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, Engines, doors_of, rolled_back
from marktbund.unit_of_work import UnitOfWork

PAPER = {
    "article_number": "BR-1",
    "name": "Kopierpapier, Format A4, 80 g/m², weiß",
    "description": "Für Laser- und Tintendrucker sowie Kopierer.",
    "cpv": "30197630",
    "gtin": "2893779877144",
    "manufacturer": "Lennepap",
    "manufacturer_article_number": "LEN-8764187",
    "order_unit": "XPK",
    "content": "500 Blatt",
    "unit_price_net": "4.27",
    "currency": "EUR",
    "vat_rate": "19",
    "delivery_days": "2",
    "minimum_quantity": "1",
    "features": "Format=A4|Grammatur=80 g/m²",
    "quantity_interval": "",
}
BLANK = {"gtin": "", "manufacturer": "", "manufacturer_article_number": "", "description": ""}


@pytest.fixture(scope="session")
def catalog_database(databases: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return databases("catalog")


@pytest.fixture
async def connection(
    catalog_database: ServiceDatabase, engines: Engines
) -> AsyncIterator[AsyncConnection]:
    async for made in rolled_back(engines(catalog_database)):
        yield made


@pytest.fixture
async def doors(connection: AsyncConnection, catalog_database: ServiceDatabase) -> Doors:
    return doors_of(SERVICE, connection, catalog_database.app_url)


@pytest.fixture
def uow(connection: AsyncConnection) -> UnitOfWork:
    return UnitOfWork(connection, Origin(correlation_id="test"), clock.now())


@pytest.fixture
def csv_of() -> Callable[..., bytes]:
    """Rows as deviations from one paper article -> the bytes of a price list."""

    def made(*rows: dict[str, str]) -> bytes:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(READERS), lineterminator="\n")
        writer.writeheader()
        for row_no, row in enumerate(rows, 1):
            number = {"article_number": f"BR-{row_no}"}
            writer.writerow(PAPER | (BLANK if "name" in row else {}) | number | row)
        return text.getvalue().encode()

    return made


@pytest.fixture
def received() -> Callable[[Message], Received]:
    """An event as a handler gets it."""
    return records.received


@pytest.fixture
def supplier(uow: UnitOfWork, received: Callable[[Message], Received]) -> Callable[..., Any]:
    """Make a supplier known, or what is known of it newer, as the gateway's state does."""

    async def made(supplier_id: UUID | None = None, **state: Any) -> UUID:
        known = supplier_id or new_id()
        values = {"name": "Bürowelt Rheintal GmbH", "status": "active", "version": 1} | state
        event = SupplierState(supplier_id=known, **values)
        assert SERVICE.hearing is not None
        await SERVICE.hearing.handlers[SupplierState.topic]([received(event)], uow)
        return known

    return made
