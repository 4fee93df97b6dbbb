"""A job that fails says where, and one of its items that fails holds no other up."""

import asyncio
import io
from datetime import timedelta

import pytest
import structlog

from marktbund.ahead import Gate
from marktbund.consuming import Hearing
from marktbund.isolating import Isolated, ItemsFailed
from marktbund.jsons import loads
from marktbund.unit_of_work import Database
from marktbund.workers import Job, Work, Workers

from .test_health import SETTINGS


async def test_a_job_that_fails_is_logged_with_its_place(database: Database, written: io.StringIO):
    structlog.configure(cache_logger_on_first_use=False)
    failed = asyncio.Event()

    async def broken(_: Database) -> None:
        failed.set()
        raise KeyError("Mustermann")

    gate = Gate(database, SETTINGS.kafka_access, "", {})
    gate.open()
    job = Job("broken", timedelta(hours=1), broken)
    workers = Workers(Work(Hearing({}), (), (job,)), SETTINGS, database, gate)
    async with asyncio.timeout(20), workers.running():
        await failed.wait()
        while "job_failed" not in written.getvalue():
            await asyncio.sleep(0.01)
    lines = [loads(line) for line in written.getvalue().splitlines()]
    [line] = [line for line in lines if line["event"] == "job_failed"]
    assert (line["job"], line["error"]) == ("broken", "KeyError")
    assert f"{__file__}:" in line["exception"][0]
    assert " broken" in line["exception"][0]
    assert "Mustermann" not in written.getvalue()


async def test_items_are_tried_each_by_itself(written: io.StringIO):
    structlog.configure(cache_logger_on_first_use=False)
    run, done = Isolated[str]("agreements"), []
    for name in ("a", "b", "c"):
        async with run.item(name):
            if name == "b":
                raise KeyError(name)
            done.append(name)
    assert (done, run.failed) == (["a", "c"], {"b"})
    with pytest.raises(ItemsFailed, match="1 items failed"):
        run.settle()
    [line] = [loads(line) for line in written.getvalue().splitlines()]
    assert (line["event"], line["item"], line["error"]) == ("job_item_failed", "b", "KeyError")
    assert __file__ in line["exception"][0]


async def test_what_a_pause_mends_ends_the_run():
    run = Isolated[str]("agreements")
    with pytest.raises(ConnectionError):
        async with run.item("a"):
            raise ConnectionError
    assert run.failed == set()
    run.settle()
