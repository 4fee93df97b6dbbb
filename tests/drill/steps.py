"""The drill: databases dumped at different times, lost, put back, reconciled, and counted.

It walks docs/runbooks/restore.md with the commands an operator has, while suppliers go on knocking.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import uuid4

import httpx

from deploy.devstack.backups import service_named
from deploy.devstack.passwords import passwords
from deploy.devstack.provisioning import owner_url
from tests.drill.figures import figures
from tests.failures.evidence import Evidence, collect
from tests.failures.invariants import order_per_key
from tests.failures.rest import at_rest
from tests.failures.stage import Stage
from tests.restoring import Dump, dump, halted, restore
from tests.running import Platform, eventually

Say = Callable[[str], None]
DUMPED = ("supplier-gateway", "tender-planning", "documentation", "orders")
"""In this order, with orders placed between; the last one loses least."""
PATIENCE = 180
"""Seconds until a door must have opened or said why not; how long it takes is the machine's."""
_ZERO = Decimal(0)


@dataclass
class Outcome:
    """What was lost and came back; `wrong`: every figure that does not agree, one sentence each."""

    placed: int = 0
    taken_over: int = 0
    given_up: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    breaks: int = 0
    wrong: list[str] = field(default_factory=list)

    def expect(self, what: str, figure: object, wanted: object) -> None:
        """Note a figure that does not agree."""
        if figure != wanted:
            self.wrong.append(f"{what}: {figure}, not {wanted}")


async def drill(stage: Stage, orders: int, say: Say) -> Outcome:
    """Play everything; `orders`: placed before each of the dumps, and after the last."""
    outcome = Outcome()
    standing = await figures(stage.platform)
    dumps = await _backups(stage, orders, say)
    before = await _words(stage.platform)
    say("the four services are ended, their databases put back")
    await asyncio.to_thread(_put_back, stage.platform, dumps)
    await _knock(stage, outcome, say)
    await _reconcile(stage.platform, outcome, say)
    same = await _words(stage.platform) == before
    outcome.expect("suppliers' words and documents as before", str(same), "True")
    await _opened(stage, say)
    await _verify(stage, outcome, say)
    await _rebuild(stage.platform, outcome, say)
    await _count(stage, standing, outcome, say)
    return outcome


async def _backups(stage: Stage, orders: int, say: Say) -> list[Dump]:
    dumps = []
    for service in DUMPED:
        _, made = await asyncio.gather(
            stage.place(orders), asyncio.to_thread(dump, stage.platform, service)
        )
        dumps.append(made)
        say(f"{service} dumped while orders flow, {len(stage.log.placed)} placed so far")
    await stage.place(orders)
    await at_rest(stage.platform, stage.log)
    await _vouched(stage.platform)
    say(f"{len(stage.log.placed)} orders placed and answered: now everything is lost")
    return dumps


async def _vouched(platform: Platform) -> None:
    """Wait until a published checkpoint covers the last record, so that the dump lacks it."""

    async def uncovered() -> int:
        rows = await platform.rows(
            "documentation",
            "SELECT (SELECT sum(head_seq) FROM chain)"
            " - (SELECT max(records) FROM checkpoint) + (SELECT count(*) FROM outbox)",
        )
        return int(rows[0][0])

    await eventually(uncovered, lambda left: left == 0, PATIENCE)


def _put_back(platform: Platform, dumps: Sequence[Dump]) -> None:
    with halted(platform, *(dumped.service for dumped in dumps)):
        for dumped in dumps:
            restore(platform, dumped)


def _doors(stage: Stage) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Service -> a question it answers, who asks, further headers."""
    me = stage.market.requester(next(iter(stage.market.members)))
    return {
        "supplier-gateway": ("/deliveries", stage.market.seller(0), {}),
        "orders": ("/orders", me["sub"], {"member": me["member"]}),
        "documentation": ("/chains", "auditor-all", {}),
        "tender-planning": ("/demand/totals", "procurement-1", {}),
    }


async def _code_at_the_door(stage: Stage, service: str) -> str:
    path, sub, more = _doors(stage)[service]
    try:
        answer = await stage.platform.call("GET", service, path, sub=sub, **more)
    except httpx.HTTPError:
        return "away"
    return "open" if answer.status_code == 200 else str(answer.json()["code"])


async def _knock(stage: Stage, outcome: Outcome, say: Say) -> None:
    for service in DUMPED:

        async def asked(service: str = service) -> str:
            return await _code_at_the_door(stage, service)

        code = await eventually(asked, lambda code: code in {"open", "topics_ahead"}, PATIENCE)
        say(f"{service}: {code}")
        outcome.closed += [service] if code == "topics_ahead" else []
    announcing = [service for service in DUMPED if service != "tender-planning"]
    outcome.expect("closed doors", outcome.closed, announcing)


async def _reconcile(platform: Platform, outcome: Outcome, say: Say) -> None:
    for service in outcome.closed:
        _, shown = await operate(platform, service, "reconcile", "show")
        for line in shown:
            say(f"  {service} reconcile show: {json.dumps(line)}")
        by = ("--by", str(uuid4()))
        code, lines = await operate(platform, service, "reconcile", "run", *by)
        if code == 1:
            say(f"  {service} reconcile run: the log alone does not bring everything back")
            reason = ("--give-up", "there is no newer backup")
            code, lines = await operate(platform, service, "reconcile", "run", *by, *reason)
            outcome.given_up += lines[-1]["given_up"]["orders.order.events.v1"]
        outcome.expect(f"{service} reconcile run", code, 0)
        outcome.taken_over += lines[-1]["taken_over"]
        lost = {topic: len(keys) for topic, keys in lines[-1]["given_up"].items()}
        say(f"  {service} reconcile run: {lines[-1]['taken_over']} taken over, given up {lost}")


async def _opened(stage: Stage, say: Say) -> None:
    for service in DUMPED:

        async def asked(service: str = service) -> str:
            return await _code_at_the_door(stage, service)

        await eventually(asked, lambda code: code == "open", PATIENCE)
    await stage.settled()
    say("all doors are open, everything is heard and sealed")


async def _words(platform: Platform) -> list[tuple[object, ...]]:
    """What the gateway knows of every line and every document; these by kind, not by id."""
    lines = await platform.rows(
        "supplier-gateway",
        "SELECT supplier_order_id, line_no, state, response_id, agreed_quantity,"
        " despatched_quantity FROM supplier_order_line ORDER BY 1, 2",
    )
    documents = await platform.rows(
        "supplier-gateway",
        "SELECT supplier_order_id, document, acknowledged_at IS NOT NULL, delivery_version,"
        " response_version FROM supplier_order JOIN delivery USING (supplier_order_id)"
        " ORDER BY 1, 2",
    )
    return [tuple(row) for row in (*lines, *documents)]


async def _verify(stage: Stage, outcome: Outcome, say: Say) -> None:
    platform = stage.platform
    code, lines = await operate(platform, "documentation", "verify")
    outcome.expect("documentation verify", code, 3)
    lost = {"checkpoints", *stage.market.members.values()}
    for line in lines:
        name = str(line.get("chain_id", "checkpoints"))
        codes = [finding["code"] for finding in line.get("findings", line.get("broken"))]
        # A chain into which nothing came after the dump lost nothing.
        outcome.expect(name, codes, ["restored"] if codes or name in lost else [])
        outcome.breaks += codes == ["restored"]
    rows = await platform.rows("documentation", "SELECT number FROM checkpoint ORDER BY number")
    numbers = [row["number"] for row in rows]
    outcome.expect("checkpoints' numbers", numbers, list(range(1, len(numbers) + 1)))
    say(f"documentation verify: {outcome.breaks} declared breaks, nothing else found")


async def _rebuild(platform: Platform, outcome: Outcome, say: Say) -> None:
    code, lines = await operate(platform, "documentation", "rebuild")
    outcome.expect("documentation against the log", (code, lines[-1]["missing"]), (0, 0))
    say(f"documentation rebuild: {lines[-1]['events']} events of the log are filed as they were")
    code, lines = await operate(platform, "tender-planning", "rebuild", "run")
    outcome.expect("tender-planning against the log", code, 0)
    rows = sum(line.get("rebuilt_rows", 0) for line in lines)
    say(f"tender-planning rebuild run: {rows} rows the same")
    await operate(platform, "tender-planning", "rebuild", "drop")


async def _count(stage: Stage, standing: Mapping[str, Decimal], outcome: Outcome, say: Say) -> None:
    await stage.place(3)
    await stage.settled()
    placed = stage.log.placed
    outcome.placed = len(placed)
    confirmed = sum((order.net_total for order in placed), _ZERO)
    lost = sum((order.net_total for order in placed if order.order_id in outcome.given_up), _ZERO)
    for service, sum_of_all in (await figures(stage.platform)).items():
        figure = sum_of_all - standing[service] + (lost if service == "orders" else _ZERO)
        outcome.expect(f"{service}, net EUR", figure, confirmed)
        say(f"{service}: {figure} EUR net, clients were told {confirmed}")
    evidence = Evidence(stage.log, stage.poison, stage.watch, 0.0)
    outcome.wrong += order_per_key(await collect(stage.platform, evidence))


async def operate(
    platform: Platform, service: str, *arguments: str
) -> tuple[int, list[dict[str, object]]]:
    """An operator's command: its exit code, and what it printed as JSON."""
    named = service_named(platform.deployment, service)
    secret = passwords(platform.places.of(platform.deployment), platform.deployment)
    url = owner_url(platform.deployment, named, platform.engines, secret)
    environment = {"MARKTBUND_OWNER_DATABASE_URL": url}
    done = await asyncio.to_thread(platform.command, service, *arguments, environment=environment)
    return done.returncode, list(_documents(done.stdout.splitlines()))


def _documents(lines: Iterable[str]) -> Iterable[dict[str, object]]:
    return (json.loads(line) for line in lines if line.startswith("{"))
