"""How long documents to healthy suppliers take beside dead and slow ones: `make bench-fanout`.

In: a size. Out: a line per round, then the medians in one last line (name=healthy_p99): p99 from
queued to arrived at the healthy, with the sick (ours) and with everybody well (theirs), in turns.
The worker is the service's own dispatcher; the feeder queues in its process, as the consumer does.
"""

import argparse
import asyncio
import contextlib
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from uuid import UUID

import httpx
from cryptography.fernet import Fernet

from benchmarks.cost import describe_machine, last_line, middle, p50_p99
from marktbund import clock
from marktbund.contracts.orders import OrderLine, SupplierOrderPlaced
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import PostgresServer, postgres_server
from marktbund.testing.records import received
from marktbund.unit_of_work import Database, create_engine
from supplier_gateway import handlers
from supplier_gateway.commands import RegisterChannel, RegisterSupplier
from supplier_gateway.gateways.vault import Vault
from supplier_gateway.gateways.webhooks import HttpCaller
from supplier_gateway.jobs import Dispatcher


@dataclass(frozen=True)
class FanoutSize:
    """Rounds of two phases each; suppliers, of which 5 % are dead and 10 % slow when sick."""

    rounds: int
    suppliers: int
    seconds: float
    per_second: float


SIZES = {"small": FanoutSize(1, 20, 4, 20), "full": FanoutSize(3, 200, 30, 25)}
Progress = Callable[[str], None]
_ORIGIN = Origin("bench-fanout")
_DRAIN_SECONDS = 60


class LateError(Exception):
    """Documents to healthy suppliers have not arrived at all."""


async def measure(url: str, size: FanoutSize, progress: Progress) -> str:
    """Run all rounds on one migrated database; returns the last line."""
    async with _endpoints() as port:
        rounds = []
        for number in range(1, size.rounds + 1):
            well = await _phase(url, port, size, sick=False)
            sick = await _phase(url, port, size, sick=True)
            figures = {
                "ours": sick[1],
                "theirs": well[1],
                "p50_sick": sick[0],
                "p50_well": well[0],
                "suppliers": size.suppliers,
                "per_second": size.per_second,
            }
            progress(f"round {number}: {' '.join(f'{k}={v:.4g}' for k, v in figures.items())}")
            rounds.append(figures)
    return last_line("healthy_p99", "all-well", middle(rounds))


async def _phase(url: str, port: int, size: FanoutSize, *, sick: bool) -> tuple[float, float]:
    """(p50, p99) seconds from queued to arrived, of the suppliers that are healthy in any phase."""
    database = Database(create_engine(url, application="bench-fanout"), "supplier-gateway")
    vault = Vault([Fernet.generate_key().decode()])
    caller = HttpCaller(clock.now, private_allowed=True)
    try:
        suppliers = await _register(database, vault, port, size, sick=sick)
        healthy = {supplier for supplier, manner in suppliers.items() if manner == "fine"}
        working = asyncio.create_task(Dispatcher(vault, caller, demo=False)(database))
        queued = await _feed(database, list(suppliers), size)
        wanted = {order: at for order, (supplier, at) in queued.items() if supplier in healthy}
        arrived = await _arrivals(port, set(wanted))
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
        await _close_channels(database, list(suppliers))
    finally:
        await caller.close()
        await database.engine.dispose()
    return p50_p99(arrived[order] - at for order, at in wanted.items())


def manner(number: int) -> str:
    """Every 20th is dead (half of them silent, half refuse connections), two of 20 are slow."""
    if number % 20 == 0:
        return "silent" if number % 40 == 0 else "refused"
    return "slow" if number % 20 in {7, 14} else "fine"


async def _register(
    database: Database, vault: Vault, port: int, size: FanoutSize, *, sick: bool
) -> Mapping[UUID, str]:
    """Suppliers with their manner when sick; in a phase where all are well, all answer at once."""
    manners = {}
    for number in range(size.suppliers):
        how = manner(number)
        there = "http://127.0.0.1:9" if sick and how == "refused" else f"http://127.0.0.1:{port}"
        channel = RegisterChannel(url=f"{there}/{number}/{how if sick else 'fine'}")
        async with database.begin(_ORIGIN) as uow:
            supplier = await handlers.register_supplier(RegisterSupplier(name="Bench"), uow)
            await handlers.register_channel(
                supplier.supplier_id, channel, vault, uow, private_allowed=True
            )
        manners[supplier.supplier_id] = how
    return manners


async def _feed(
    database: Database, suppliers: list[UUID], size: FanoutSize
) -> Mapping[str, tuple[UUID, float]]:
    """Queue orders at a steady pace; returns order -> (supplier, epoch seconds of the commit)."""
    rng = random.Random(1)
    queued = {}
    begun = time.monotonic()
    for number in range(int(size.seconds * size.per_second)):
        if number % len(suppliers) == 0:
            rng.shuffle(suppliers)
        await asyncio.sleep(max(0.0, begun + number / size.per_second - time.monotonic()))
        placed = _order(suppliers[number % len(suppliers)])
        async with database.begin(_ORIGIN) as uow:
            await handlers.take_orders([received(placed, origin=_ORIGIN, value=b"")], uow)
        queued[str(placed.supplier_order_id)] = (placed.supplier_id, time.time())
    return queued


async def _close_channels(database: Database, suppliers: list[UUID]) -> None:
    """What this phase leaves undelivered is no work for the next one."""
    for supplier_id in suppliers:
        async with database.begin(_ORIGIN) as uow:
            await handlers.remove_channel(supplier_id, uow)


async def _arrivals(port: int, wanted: set[str]) -> Mapping[str, float]:
    """Waits for all of them. Raises LateError."""
    arrived: dict[str, float] = {}
    deadline = time.monotonic() + _DRAIN_SECONDS
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        while not wanted <= arrived.keys():
            if time.monotonic() > deadline:
                raise LateError(f"{len(wanted - arrived.keys())} documents did not arrive")
            await asyncio.sleep(0.5)
            for order, at in (await http.get("/log")).json().items():
                arrived.setdefault(order, at)
    return arrived


@asynccontextmanager
async def _endpoints() -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.endpoints", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None  # noqa: S101 - asked for above
    try:
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


def _order(supplier_id: UUID) -> SupplierOrderPlaced:
    line = OrderLine(
        line_no=1,
        article_id=new_id(),
        supplier_id=supplier_id,
        article_number="BR-1",
        name="Kopierpapier A4",
        cpv="30197643",
        comparable_group="",
        quantity=Decimal(10),
        order_unit="H87",
        unit_price_net=Decimal("3.79"),
        vat_rate=Decimal(19),
        net_amount=Decimal("37.90"),
    )
    return SupplierOrderPlaced(
        version=1,
        supplier_order_id=new_id(),
        order_id=new_id(),
        member_id=new_id(),
        acting_member_id=new_id(),
        supplier_id=supplier_id,
        placed_at=clock.now(),
        lines=(line,),
        net_total=line.net_amount,
    )


def database_on(server: PostgresServer) -> ServiceDatabase:
    """The benchmark's own database; to be called outside an event loop."""
    return make_database(server, "supplier-gateway", prefix="bench_")


def main(arguments: list[str]) -> int:
    """Run the benchmark on a PostgreSQL of its own, with fsync on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fanout")
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    size = SIZES[parser.parse_args(arguments).size]
    print(describe_machine(), flush=True)
    with postgres_server() as server:
        print(asyncio.run(measure(database_on(server).app_url, size, partial(print, flush=True))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
