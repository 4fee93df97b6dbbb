"""Readers older than the producer: a release that comes later, run beside this one.

In: a running platform. Out: services run from `tests.failures.later`, and what became of its type.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import httpx

from deploy.devstack.deployment import REPOSITORY
from deploy.devstack.program import Program
from tests.failures import processes
from tests.running import Platform

MODULE, FLAG = "tests.failures.later", "counted"
KEEPS = "documentation"
"""Passes nothing by: the file holds every type."""
TYPE = "marktbund.orders.SupplierOrderCounted.v1"
_TABLE = "CREATE TABLE counted (supplier_order_id uuid NOT NULL)"
_FILED = f"""
    SELECT convert_from(payload, 'UTF8')::json ->> 'supplier_order_id' AS share
      FROM record JOIN payload USING (chain_id, seq) WHERE type = '{TYPE}'
"""
_WRITTEN = "SELECT supplier_order_id::text AS share FROM counted"
_SKIPPED = f"SELECT coalesce(sum(records), 0)::int FROM skipped_type WHERE type = '{TYPE}'"
_SKIPS = "marktbund_skipped_records{"


@dataclass(frozen=True)
class Traces:
    """What became of the later type: supplier orders by how often they are in the file, and in the
    table of the reader that knows it; records that readers of today passed by, by service.
    """

    filed: Counter[str]
    written: Counter[str]
    skipped: Mapping[str, int]

    @property
    def line(self) -> str:
        """For a report."""
        passed_by = ", ".join(f"{name} {number}" for name, number in self.skipped.items())
        return f"a type of a later release: {self.filed.total()} filed; passed by: {passed_by}"

    def missed(self, shares: Iterable[str]) -> list[str]:
        """Supplier orders whose record of the type is not in the file once, or that a reader of
        today neither knows nor has passed by; a sentence each.
        """
        wanted = set(shares)
        broken = [
            f"later type: supplier order {share} is {self.filed[share]} times in the file"
            for share in sorted(wanted | self.filed.keys())
            if self.filed[share] != (share in wanted)
        ]
        return broken + [
            f"later type: {name} passed {number} of {len(wanted)} by"
            for name, number in self.skipped.items()
            if (number < len(wanted)) != (name == KEEPS)
        ]


async def run_later(platform: Platform, *names: str, flags: tuple[str, ...] = ()) -> None:
    """Let programs run as the release after this one, with these flags; all others as today."""

    def exchanged(program: Program) -> Program:
        package = program.name.removesuffix("-worker")
        later = (sys.executable, "-m", MODULE, package)
        today = (sys.executable, "-m", f"{package}.main")
        if program.launch.argv[1:2] != ("-m",) or program.launch.argv[2] not in {MODULE, today[2]}:
            return program
        environment = {**program.launch.environment, "MARKTBUND_FLAGS": json.dumps(flags)}
        if program.name not in names:
            environment.pop("MARKTBUND_FLAGS")
        argv = later if program.name in names else today
        return replace(program, launch=replace(program.launch, argv=argv, environment=environment))

    await processes.follow(platform, [exchanged(p) for p in processes.programs(platform)])
    await processes.ready(platform)


async def make_table(platform: Platform) -> None:
    """What the reader's migration would make."""
    role = f"{platform.deployment.prefix}tender_planning_app"
    await platform.rows("tender-planning", _TABLE)
    await platform.rows("tender-planning", f"GRANT INSERT ON counted TO {role}")


async def traces(platform: Platform, *, written: bool = True) -> Traces:
    """Ask the file, the readers' own counts and, where it was made, the table of a reader."""
    filed = await platform.rows("documentation", _FILED)
    table = await platform.rows("tender-planning", _WRITTEN) if written else []
    skipped = {
        name: int((await platform.rows(name, _SKIPPED))[0][0])
        for name in ("tender-planning", "supplier-gateway", KEEPS)
    }
    shares = (Counter(row["share"] for row in rows) for rows in (filed, table))
    return Traces(*shares, skipped)


async def alarms(platform: Platform, name: str) -> list[str]:
    """Lines of a program's metrics that the alarm TypesSkipped is raised by."""
    address = next(p.address for p in processes.programs(platform) if p.name == name)
    async with httpx.AsyncClient(timeout=10) as http:
        metrics = (await http.get(f"http://{address}/metrics")).text
    return [line for line in metrics.splitlines() if line.startswith(_SKIPS)]


def reread(platform: Platform, package: str) -> str:
    """The later release's command that reads what was passed by once more; what it prints."""
    program = next(p for p in processes.programs(platform) if p.name == processes.worker(package))
    done = subprocess.run(
        [sys.executable, "-m", MODULE, package, "reread", TYPE],
        env={**program.launch.environment},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
