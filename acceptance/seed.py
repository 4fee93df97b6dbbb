"""Loads the small demo: `python -m acceptance.seed`, the end of `make up`.

In: a running deployment. Out: ten municipalities with accounts, all suppliers, the whole generated
catalogue, a year of orders. What is there already is left alone, so a second run only looks.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from rich.console import Console
from rich.markup import escape

from acceptance.actors.client import DemoClient, ProblemError, UnreachableError
from acceptance.actors.commands import CommandError
from acceptance.actors.filling import fill
from acceptance.actors.people import add_people, loader_of
from acceptance.actors.screen import Screen
from acceptance.actors.seeding import BootstrapError, Seeded, Seeding, bootstrap
from acceptance.dataset.municipalities import demo_members
from acceptance.dataset.plans import Plan, municipal_plan
from deploy.devstack.deployment import DEPLOYMENTS, Deployment, Places
from deploy.devstack.front import DEMO_PASSWORD
from deploy.devstack.provisioning import ProvisioningError
from deploy.devstack.service_plan import addresses
from marktbund.testing.engines.errors import EngineError
from marktbund.testing.engines.processes import PRIVATE

_EXPECTED = (
    ProblemError,
    UnreachableError,
    BootstrapError,
    CommandError,
    EngineError,
    ProvisioningError,
)


def seed_small(deployment: Deployment, places: Places, screen: Screen) -> Seeded:
    """Fill a running deployment with the small demo; a second time changes nothing.

    Raises an ExceptionGroup of ProblemError and UnreachableError, and BootstrapError.
    """
    screen.progress("making the catalogue")
    return asyncio.run(_seed(municipal_plan(), deployment, places, screen))


async def _seed(plan: Plan, deployment: Deployment, places: Places, screen: Screen) -> Seeded:
    loader = None
    if deployment.keycloak is not None:
        made = await asyncio.to_thread(add_people, plan, deployment, places)
        screen.progress(
            f"{made} people can sign in from now on" if made else "all people can sign in"
        )
        loader = loader_of(deployment, places)
    async with DemoClient(addresses(deployment, places), loader=loader) as client:
        seeding = Seeding(client, screen.progress)
        seeded = await seeding.run(plan, partial(bootstrap, deployment, places))
        file = places.of(deployment) / "past-year.jsonl"
        bought = await fill(client, plan, seeded, file, screen)
    return replace(seeded, changes=seeded.changes + bought)


@contextmanager
def telling_failures(console: Console) -> Iterator[None]:
    """Say in one line each why filling or replaying failed, and end with exit code 1."""
    expected: list[Exception] = []
    try:
        yield
    except* _EXPECTED as failures:
        expected = list(_leaves(failures))
    if expected:
        for failure in expected:
            console.print(f"[red]failed:[/red] {escape(str(failure))}", highlight=False)
        sys.exit(1)


def _leaves(failures: ExceptionGroup[Exception]) -> Iterator[Exception]:
    for failure in failures.exceptions:
        if isinstance(failure, ExceptionGroup):
            yield from _leaves(failure)
        else:
            yield failure


def main(arguments: list[str]) -> int:
    """Fill the deployment; returns the exit code."""
    os.umask(PRIVATE)
    parser = argparse.ArgumentParser(prog="python -m acceptance.seed", description=__doc__)
    names = {deployment.name: deployment for deployment in DEPLOYMENTS}
    parser.add_argument("--deployment", choices=sorted(names), default="main")
    deployment = names[parser.parse_args(arguments).deployment]
    console = Console()
    screen = Screen(console)
    progress = screen.progress
    with telling_failures(console):
        seeded = seed_small(deployment, Places(), screen)
        made = f"{seeded.changes} changes" if seeded.changes else "everything was there already"
        progress(f"the demo is loaded: {made}")
        progress("accounts: demo-office, demo-procurement, demo-auditor, demo-operator;")
        town = demo_members(1)[0]
        progress(
            f"of each town demo-<role>-<AGS>, as {town.account('requester')} of {town.legal_name}"
        )
        if deployment.keycloak is not None:
            progress(
                f"password of all: {DEMO_PASSWORD}; a supplier: {municipal_plan().suppliers[0].sub}"
            )
            progress(f"open {addresses(deployment, Places())['caddy']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
