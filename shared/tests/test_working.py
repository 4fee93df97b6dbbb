"""What works behind the doors of a process: which parts start, when, and what fails."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import structlog

from marktbund.consuming import Hearing
from marktbund.isolating import Isolated, ItemsFailed
from marktbund.unit_of_work import Database, create_engine
from marktbund.workers import Job, Work, Workers

from .test_health import NOWHERE, SETTINGS

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def quiet(written: io.StringIO) -> None:
    """What fails for want of a database is logged as in a service: drawing it takes seconds."""
    structlog.configure(cache_logger_on_first_use=False)


class Gate:
    """Opens when a test says so."""

    def __init__(self, *, is_open: bool = True) -> None:
        self._event = asyncio.Event()
        if is_open:
            self.open()

    @property
    def ahead(self) -> Mapping[str, int]:
        return {"members.member.events.v1": 3}

    def open(self) -> None:
        self._event.set()

    async def opened(self) -> None:
        await self._event.wait()


class Counting:
    """A job's work, counted."""

    def __init__(self) -> None:
        self.runs = 0
        self.closed = 0
        self._ran = asyncio.Event()

    async def run(self, _: Database) -> None:
        self.runs += 1
        self._ran.set()

    async def close(self) -> None:
        self.closed += 1

    async def ran(self, times: int) -> None:
        async with asyncio.timeout(10):
            while self.runs < times:
                self._ran.clear()
                await self._ran.wait()


@pytest.fixture
async def nowhere() -> AsyncIterator[Database]:
    """A database that does not answer: what these parts do, they do without one."""
    engine = create_engine(NOWHERE, application="test")
    yield Database(engine, "members")
    await engine.dispose()


def workers(database: Database, *jobs: Job, gate: Gate | None = None, role: str = "worker"):
    settings = SETTINGS.model_copy(update={"role": role})
    return Workers(Work(Hearing({}), (), jobs), settings, database, gate or Gate(), end=print)


@asynccontextmanager
async def at_work(made: Workers) -> AsyncIterator[Workers]:
    async with asyncio.timeout(20), made.running():
        yield made


async def test_relay_partitions_and_every_job_are_parts_of_a_process(nowhere: Database):
    job = Job("sealing", HOUR, Counting().run)
    async with at_work(workers(nowhere, job)) as working:
        parts = (await working.at_work()).tasks
        assert parts == dict.fromkeys(("relay", "partitions", "sealing", "expiring"), True)
        assert working.trouble() == {}


async def test_nothing_begins_before_the_gate_opens(nowhere: Database):
    counting, gate = Counting(), Gate(is_open=False)
    async with at_work(workers(nowhere, Job("sealing", HOUR, counting.run), gate=gate)):
        for _ in range(5):
            await asyncio.sleep(0)
        assert counting.runs == 0
        gate.open()
        await counting.ran(1)


async def test_a_job_by_the_calendar_rests_where_requests_drive_the_clock(nowhere: Database):
    by_calendar = Counting()
    job = Job("reminding", HOUR, by_calendar.run, by_calendar=True)
    async with at_work(workers(nowhere, job)) as working:
        assert "reminding" not in (await working.at_work()).tasks
    production = SETTINGS.model_copy(update={"deployment": "production"})
    made = Workers(Work(Hearing({}), (), (job,)), production, nowhere, Gate(), end=print)
    async with at_work(made):
        await by_calendar.ran(1)


async def test_a_job_that_waits_for_commits_runs_after_each(nowhere: Database):
    counting = Counting()
    job = Job("sealing", HOUR, counting.run, after_commits=True)
    async with at_work(workers(nowhere, job)):
        await counting.ran(1)
        for times in (2, 3):
            nowhere.note_commit()
            await counting.ran(times)
        assert counting.runs == 3


async def test_a_commit_while_the_job_runs_is_not_missed(nowhere: Database):
    runs: list[int] = []
    second = asyncio.Event()

    async def run(database: Database) -> None:
        runs.append(database.commits)
        if len(runs) == 1:
            database.note_commit()
        else:
            second.set()

    async with at_work(workers(nowhere, Job("sealing", HOUR, run, after_commits=True))):
        async with asyncio.timeout(10):
            await second.wait()
    assert runs == [0, 1]


async def test_what_a_job_holds_is_let_go_when_the_process_ends(nowhere: Database):
    counting = Counting()
    async with at_work(workers(nowhere, Job("sealing", HOUR, counting.run, close=counting.close))):
        await counting.ran(1)
        assert counting.closed == 0
    assert counting.closed == 1


async def test_a_part_that_ended_is_in_trouble_by_its_name(nowhere: Database):
    counting = Counting()
    async with at_work(workers(nowhere, Job("sealing", HOUR, counting.run))) as working:
        await counting.ran(1)
        (task,) = [task for task in working._tasks if task.get_name() == "sealing"]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert working.trouble() == {"sealing": "task is dead"}
        assert (await working.at_work()).tasks["sealing"] is False


async def test_a_process_of_doors_alone_has_no_parts_that_could_fail(nowhere: Database):
    assert workers(nowhere, role="api").trouble() == {}


async def test_a_scrape_hears_what_is_ahead(nowhere: Database):
    parts = await workers(nowhere).at_work()
    assert dict(parts.ahead) == {"members.member.events.v1": 3}
    assert (parts.tasks, parts.lag, parts.poll_age) == ({}, {}, None)


async def test_items_go_on_behind_the_ones_that_fail():
    run, done = Isolated[int]("sealing"), []
    for number in range(6):
        async with run.item(number):
            if number % 2:
                raise KeyError(number)
            done.append(number)
    assert (done, run.failed) == ([0, 2, 4], {1, 3, 5})
    with pytest.raises(ItemsFailed) as failed:
        run.settle()
    assert failed.value.count == 3


async def test_an_item_that_fails_twice_is_one():
    run = Isolated[str]("sealing")
    for _ in range(2):
        async with run.item("a"):
            raise KeyError
    with pytest.raises(ItemsFailed, match="1 items failed"):
        run.settle()


@pytest.mark.parametrize("error", [ConnectionResetError, TimeoutError, OSError])
async def test_a_database_that_is_away_ends_the_run_and_fails_no_item(error: type[Exception]):
    run = Isolated[str]("sealing")
    with pytest.raises(error):
        async with run.item("a"):
            raise error
    assert run.failed == set()
    run.settle()


async def test_who_ends_the_process_ends_the_run():
    run = Isolated[str]("sealing")
    with pytest.raises(asyncio.CancelledError):
        async with run.item("a"):
            raise asyncio.CancelledError
    assert run.failed == set()
