"""`make demo`, `make demo-volume`: real purchases through the whole platform, to the cent.

In: the stream's name. Out: progress, tables, `report.md` and `journal.jsonl` in `.local/<stream>/`;
exit code 0 when everything agrees. Runs in a deployment of its own, which is emptied first and
stopped at the end; the main deployment's data stay as they are.
"""

import argparse
import asyncio
import os
import signal
import sys
from functools import partial

from rich.console import Console

from acceptance.actors.buying import Market
from acceptance.actors.client import DemoClient, Loader
from acceptance.actors.frameworks import chosen, half_way
from acceptance.actors.office import adopt_rules, conclude
from acceptance.actors.replay import Replay, Speed, market, opening
from acceptance.actors.ruled import HalfTime, RuledBuyer
from acceptance.actors.screen import Screen
from acceptance.actors.seeding import Seeding, bootstrap
from acceptance.actors.webhook_suppliers import WebhookSuppliers
from acceptance.checks import reconciliation, reconciliation_rules
from acceptance.checks.announced import Reader
from acceptance.checks.expectations import expected_events
from acceptance.checks.statements import Questions, Statements
from acceptance.dataset.accounts import DemoAccount
from acceptance.ledger.journal import Journal
from acceptance.ledger.settling import settle
from acceptance.report import DemoReport
from acceptance.seed import telling_failures
from acceptance.streams import Stream, scms, volume
from deploy.devstack import stack
from deploy.devstack.deployment import Places
from deploy.devstack.provisioning import Engines
from deploy.devstack.service_plan import addresses
from marktbund.testing.engines.processes import PRIVATE

_INTERRUPTED = 130


async def replay(
    stream: Stream, places: Places, journal: Journal, screen: Screen, loader: Loader | None = None
) -> Speed:
    """Fill the running deployment and send all orders through it; see DemoClient for `loader`."""
    made, plan = stream.orders, stream.plan
    async with (
        DemoClient(addresses(stream.deployment, places), loader=loader) as client,
        asyncio.TaskGroup() as later,
    ):
        seeding = Seeding(client, screen.progress, at=opening(made))
        seeded = await seeding.run(plan, partial(bootstrap, stream.deployment, places))
        supply = await market(client, plan, seeded)
        endpoints = WebhookSuppliers(later)
        bars = screen.begin(len(made), sum(len(order.vendors) for order in made))
        async with endpoints.listening():
            replaying = Replay(client, plan, journal, stream.manners, bars)
            await replaying.connect(endpoints, seeded.suppliers)
            await adopt_rules(client, plan, stream.rules, supply, opening(made))
            screen.progress("every member has its rules, suppliers' systems are called")
            screen.progress(f"{len(made):,} orders of {len(plan.members)} members go out, by date")
            with bars:
                buyer = _buyer(stream, client, supply, journal, replaying)
                speed = await replaying.run(buyer, made)
        screen.progress(f"{client.requests:,} requests, {client.repeats} of them sent again")
    return speed


def _buyer(
    stream: Stream, client: DemoClient, supply: Market, journal: Journal, replaying: Replay
) -> RuledBuyer:
    accounts = {
        member.name: {
            role: DemoAccount(sub, supply.members[member.name])
            for role, sub in member.accounts.items()
        }
        for member in stream.plan.members
    }
    since = half_way(stream.orders)
    frameworks = chosen(stream.orders, supply.offers, since)
    half_time = HalfTime(since, partial(conclude, client, frameworks, supply, since))
    return RuledBuyer(
        client, supply, journal, stream.manners, replaying.placed, accounts, half_time
    )


async def ask(stream: Stream, journal: Journal, engines: Engines, screen: Screen) -> Statements:
    """Wait until the services have heard everything, then ask them for their figures."""
    places, deployment = Places(), stream.deployment
    events = sum(expected_events(journal, stream.plan).values())
    lines = sum(len(order.lines) for order in journal.ordered)
    async with (
        DemoClient(addresses(deployment, places)) as client,
        Reader(engines.kafka.admin, deployment.prefix) as reader,
    ):
        questions = Questions(client, deployment, places)
        screen.progress("waiting until every service has heard everything and all is signed")
        if not await questions.settled(reader, lines=lines, events=events):
            screen.progress("some news are missing, and for two minutes none has come")
        announced = await reader.read()
        screen.progress(f"{announced.total:,} events announced, {announced.repeated} of them twice")
        return await questions.all(journal.ordered, announced, reader)


def run(stream: Stream, screen: Screen) -> bool:
    """The whole replay on an empty deployment; True when nothing is off."""
    places, deployment = Places(), stream.deployment
    screen.progress(f"{stream.control.lines:,} purchase lines read. {stream.note}")
    stack.reset(deployment, places, screen.progress)
    folder = places.state / deployment.name
    (folder / "report.md").unlink(missing_ok=True)
    try:
        engines = stack.start(deployment, places, screen.progress)
        with Journal(folder / "journal.jsonl") as journal:
            speed = asyncio.run(replay(stream, places, journal, screen))
        statements = asyncio.run(ask(stream, journal, engines, screen))
    finally:
        stack.stop(deployment, places, screen.progress)
    settled = settle(journal)
    checks = [
        *stream.data,
        *reconciliation.sent(stream.control, journal),
        *reconciliation_rules.routes(stream.rules, journal, statements),
        *reconciliation_rules.ceilings(journal, settled, statements),
        *reconciliation_rules.evidence(statements),
        *reconciliation.delivered(journal),
        *reconciliation.answered(stream.control, journal, settled, statements),
        *reconciliation.planned(settled, statements),
        *reconciliation.recorded(journal, stream.plan, statements),
        *reconciliation.caught_up(statements),
    ]
    report = DemoReport(stream, checks, journal, statements, speed)
    report.write(folder / "report.md")
    report.show(screen.console)
    screen.progress(f"the report is in {folder / 'report.md'}")
    return report.ok


def _stream() -> Stream:
    parser = argparse.ArgumentParser(prog="python -m acceptance")
    parser.add_argument("stream", choices=["scms", "volume"], nargs="?", default="scms")
    parser.add_argument("--months", type=int, help="volume: the first so many of its 13 months")
    asked = parser.parse_args()
    return scms() if asked.stream == "scms" else volume(asked.months)


def main() -> int:
    """Run the demo; returns the exit code."""
    os.umask(PRIVATE)
    console = Console()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with telling_failures(console):
            return 0 if run(_stream(), Screen(console)) else 1
    except KeyboardInterrupt:
        console.print("interrupted; the demo's services are stopped, nothing else was touched")
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
