"""pgbench replaying what one POST makes PostgreSQL do, on a copy of the orders database.

In: the stage, before any load. Out: one script per member, captured from a real POST of hers by an
orders process that works on the copy; then transactions per second. Same server, fsync on.
"""

import asyncio
import random
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from benchmarks.peers.statements import read_log, script
from benchmarks.stage import execute, postgres, programs, run_only
from benchmarks.traffic import CONNECTIONS, body
from deploy.devstack.program import Program
from marktbund.testing.engines.ports import choose_free
from tests.market import Market
from tests.running import Platform

_WARM = 3
_SETTLE_SECONDS = 2
_PROGRESS = re.compile(r"^progress: [0-9.]+ s, ([0-9.]+) tps.* ([0-9]+) failed", re.MULTILINE)


@dataclass
class StatementReplay:
    """Scripts ready to run on a copy of a database."""

    program: str
    environment: dict[str, str]
    arguments: list[str]
    scripts: list[str]
    runs: int = 0

    def run(self, seconds: float) -> float:
        """Transactions per second of eight clients, prepared. Raises RuntimeError.

        The first two seconds do not count: every client prepares every script's statements then.
        """
        self.runs += 1
        with TemporaryDirectory() as directory:
            files = [Path(directory) / f"{number}.sql" for number in range(len(self.scripts))]
            for file, text in zip(files, self.scripts, strict=True):
                file.write_text(text)
            done = subprocess.run(
                [
                    *(self.program, "--no-vacuum", "--protocol=prepared"),
                    *(f"--client={CONNECTIONS}", "--jobs=2", "--progress=1"),
                    f"--time={_SETTLE_SECONDS + max(1, round(seconds))}",
                    f"--define=n={self.runs * 100_000_000}",
                    *(f"--file={file}" for file in files),
                    *self.arguments,
                ],
                env=self.environment,
                capture_output=True,
                text=True,
                check=False,
            )
        seen = _PROGRESS.findall(done.stderr)[_SETTLE_SECONDS:]
        if done.returncode != 0 or not seen or any(failed != "0" for _, failed in seen):
            raise RuntimeError(f"pgbench failed: {done.stdout[-1500:]}{done.stderr[-1500:]}")
        return mean(float(rate) for rate, _ in seen)


async def capture(platform: Platform, market: Market) -> StatementReplay:
    """Copy the orders database, place one order per member on the copy, keep its statements."""
    running = programs(platform)
    orders = next(program for program in running if program.name == "orders")
    name = f"{platform.deployment.prefix}replayed"
    await run_only(platform, [program for program in running if program != orders])
    database = f"{platform.deployment.prefix}orders"
    await execute(platform, "postgres", f"CREATE DATABASE {name} TEMPLATE {database}")
    await execute(platform, "postgres", f"ALTER DATABASE {name} SET log_statement = 'all'")
    double = _double(platform, orders, name)
    await run_only(platform, [*running, double])
    scripts = await _placed(platform, market, double, name)
    await run_only(platform, running)
    await execute(platform, "postgres", f"ALTER DATABASE {name} RESET log_statement")
    server = platform.engines.postgres
    return StatementReplay(
        program=str(Path(postgres(platform).launch.argv[0]).with_name("pgbench")),
        environment={"PGPASSWORD": server.password, "LC_ALL": "C.UTF-8"},
        arguments=[f"--host={server.host}", f"--port={server.port}", "-U", server.superuser, name],
        scripts=scripts,
    )


def _double(platform: Platform, orders: Program, database: str) -> Program:
    port = choose_free({program.port for program in programs(platform)})
    environment = {
        "MARKTBUND_ROLE": "api",
        "MARKTBUND_HTTP_PORT": str(port),
        "MARKTBUND_DATABASE_URL": platform.engines.postgres.url(
            database, driver="postgresql+asyncpg"
        ),
    }
    launch = replace(orders.launch, environment={**orders.launch.environment, **environment})
    return replace(orders, name="orders_replayed", port=port, launch=launch)


async def _placed(platform: Platform, market: Market, double: Program, database: str) -> list[str]:
    log = Path(postgres(platform).launch.log)
    rng = random.Random(2)
    scripts = []
    first = next(iter(market.members))
    for turn, name in enumerate([first] * _WARM + list(market.members)):
        before = await asyncio.to_thread(log.read_bytes)
        key = f"captured-{turn}"
        headers = {
            "Authorization": f"Bearer {await platform.token(f'requester-{name}')}",
            "Member": market.members[name],
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        }
        answer = await platform.http.post(
            f"http://{double.address}/api/orders/v1/orders",
            content=body(market, rng),
            headers=headers,
        )
        answer.raise_for_status()
        placed = answer.json()
        logged = (await asyncio.to_thread(log.read_bytes))[len(before) :]
        statements = read_log(logged.decode(errors="replace").splitlines(), database)
        if turn >= _WARM:
            need = f"SELECT need_id FROM spot_order WHERE order_id = '{placed['order_id']}'"
            (row,) = await platform.rows("replayed", need)
            new = [placed["order_id"], str(row["need_id"]), *placed["supplier_order_ids"]]
            scripts.append(script(statements, new, key))
    return scripts
