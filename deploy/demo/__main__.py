"""`make demo`: real purchases through the whole platform, reconciled to the cent.

In: nothing. Out: progress, tables, `.local/demo/report.md` and `journal.jsonl`; exit code 0 when
everything agrees. Runs in a deployment of its own, which is emptied first and stopped at the end;
the main deployment's data stay as they are.
"""

import asyncio
import signal
import sys
from functools import partial

from rich.console import Console

from deploy.demo import reconciliation
from deploy.demo.announced import Reader
from deploy.demo.client import Client
from deploy.demo.expectations import SCMS, expected_events
from deploy.demo.journal import Journal
from deploy.demo.ledger import settle
from deploy.demo.plans import Plan, purchases_plan
from deploy.demo.replay import Replay, Speed, market, opening
from deploy.demo.report import CURRENCY_NOTE, Report
from deploy.demo.scms import DemoOrder, orders, scms_lines
from deploy.demo.screen import Screen
from deploy.demo.seed import telling_failures
from deploy.demo.seeding import Seeding, bootstrap
from deploy.demo.statements import Questions, Statements
from deploy.local import stack
from deploy.local.deployment import DEMO, Places
from deploy.local.provisioning import Engines
from deploy.local.service_plan import addresses

_INTERRUPTED = 130


async def replay(plan: Plan, made: list[DemoOrder], journal: Journal, screen: Screen) -> Speed:
    """Fill the running deployment and send all orders through it."""
    places = Places()
    async with Client(addresses(DEMO, places)) as client:
        seeding = Seeding(client, screen.told, at=opening(made))
        seeded = await seeding.run(plan, partial(bootstrap, DEMO, places))
        found = await market(client, plan, seeded)
        screen.told(f"{len(made):,} orders of {len(plan.members)} members go out, by date")
        with screen.begin(len(made), sum(len(order.vendors) for order in made)) as bars:
            speed = await Replay(client, plan, found, journal, bars).run(made)
        screen.told(f"{client.requests:,} requests, {client.repeats} of them sent again")
    return speed


async def ask(plan: Plan, journal: Journal, engines: Engines, screen: Screen) -> Statements:
    """Wait until the services have heard everything, then ask them for their figures."""
    places = Places()
    events = sum(expected_events(journal, plan).values())
    lines = sum(len(order.lines) for order in journal.ordered)
    async with (
        Client(addresses(DEMO, places)) as client,
        Reader(engines.kafka.admin, DEMO.prefix) as reader,
    ):
        questions = Questions(client, DEMO, places)
        screen.told("waiting until every service has heard everything and all is signed")
        if not await questions.settled(reader, lines=lines, events=events):
            screen.told("some news are still missing after two minutes")
        announced = await reader.read()
        screen.told(f"{announced.total:,} events announced, {announced.repeated} of them twice")
        return await questions.all(journal.ordered, announced)


def run(screen: Screen) -> bool:
    """The whole replay on an empty deployment; True when nothing is off."""
    places = Places()
    lines = scms_lines()
    plan, made = purchases_plan(lines), orders(lines)
    screen.told(f"{len(lines):,} purchase lines read. {CURRENCY_NOTE}")
    stack.reset(DEMO, places, screen.told)
    folder = places.state / "demo"
    (folder / "report.md").unlink(missing_ok=True)
    try:
        engines = stack.start(DEMO, places, screen.told)
        with Journal(folder / "journal.jsonl") as journal:
            speed = asyncio.run(replay(plan, made, journal, screen))
        said = asyncio.run(ask(plan, journal, engines, screen))
    finally:
        stack.stop(DEMO, places, screen.told)
    settled = settle(journal)
    checks = [
        *reconciliation.sent(SCMS, journal),
        *reconciliation.delivered(journal),
        *reconciliation.answered(journal, settled, said),
        *reconciliation.planned(settled, said),
        *reconciliation.recorded(journal, plan, said),
    ]
    report = Report(checks, journal, said, speed)
    report.write(folder / "report.md")
    report.show(screen.console)
    screen.told(f"the report is in {folder / 'report.md'}")
    return report.ok


def main() -> int:
    """Run the demo; returns the exit code."""
    console = Console()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with telling_failures(console):
            return 0 if run(Screen(console)) else 1
    except KeyboardInterrupt:
        console.print("interrupted; the demo's services are stopped, nothing else was touched")
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
