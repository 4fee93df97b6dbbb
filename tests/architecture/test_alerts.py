"""Alarms and the guide name metrics that a process really tells, and runbooks that exist."""

import re
from collections.abc import Callable

import httpx
import pytest
import yaml
from fastapi import FastAPI

from marktbund.composition import Service
from marktbund.telemetry import scraping
from marktbund.telemetry.scraping import AtWork
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import engine_of
from marktbund.unit_of_work import Database
from tests.architecture.tree import ROOT, SERVICES, rows, service

ALERTS = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
GUIDE = (ROOT / "docs" / "guides" / "watch.md").read_text(encoding="utf-8")
RUNBOOKS = "\n".join(file.read_text() for file in (ROOT / "docs" / "runbooks").glob("*.md"))
NAME = re.compile(r"\bmarktbund_\w+")
WANTED = {"outbox_oldest_seconds", "consumer_lag_seconds", "dead_letters", "task_alive"}
WANTED |= {"consumer_commit_errors_total"}


def unknown(text: str, metrics: set[str]) -> set[str]:
    """Names of metrics in a text that no process tells."""
    return set(NAME.findall(text)) - metrics


@pytest.fixture(scope="session")
def measured(
    databases: Callable[[str], ServiceDatabase],
) -> dict[str, tuple[Service, ServiceDatabase]]:
    """Services with gauges of their own, and orders for what all have."""
    made = {folder: service(folder) for folder in SERVICES}
    names = [name for name in made if made[name].gauges is not None or name == "orders"]
    return {name: (made[name], databases(name)) for name in names}


@pytest.fixture
async def metrics(measured: dict[str, tuple[Service, ServiceDatabase]]) -> set[str]:
    """Every metric of all workers, as Prometheus names it."""
    names: set[str] = set()
    for name, (made, database) in measured.items():
        names |= await metrics_of(name, made, database)
    return names


async def metrics_of(name: str, made: Service, database: ServiceDatabase) -> set[str]:
    async def at_work() -> AtWork:
        return AtWork(poll_age=0.0)

    app = FastAPI()
    engine = engine_of(database)
    app.state.database = Database(engine, name)
    app.include_router(scraping.router(at_work, "", made.gauges))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as http:
        answer = await http.get("/metrics")
    await engine.dispose()
    return set(re.findall(r"^# TYPE (\S+)", answer.text, re.MULTILINE))


async def test_alarms_are_about_metrics_that_exist(metrics: set[str]):
    for rule in RULES:
        assert unknown(rule["expr"], metrics) == set(), rule["alert"]
    assert {f"marktbund_{name}" for name in WANTED} <= set(
        NAME.findall(str([rule["expr"] for rule in RULES]))
    )
    assert unknown("max(marktbund_outbox_age) > 60", metrics) == {"marktbund_outbox_age"}


async def test_the_guide_lists_every_metric_and_no_other(metrics: set[str]):
    listed = {row[0] for row in rows(GUIDE)}
    assert listed == {name for name in metrics if name.startswith("marktbund_")}


async def test_runbooks_name_metrics_that_exist(metrics: set[str]):
    assert unknown(RUNBOOKS, metrics) == set()
    assert len(set(NAME.findall(RUNBOOKS))) > 5


def test_every_alarm_names_a_runbook_and_every_service_is_watched():
    for rule in RULES:
        assert (ROOT / rule["annotations"]["runbook"]).is_file(), rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
    watched = next(rule["expr"] for rule in RULES if rule["alert"] == "ProcessDown")
    assert re.findall(r'"(.+)"', watched) == ["|".join(sorted(SERVICES))]
