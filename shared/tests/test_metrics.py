"""`/metrics`: counted while it happens, asked from the database on a scrape, bounded."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from marktbund.composition import Service, build
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.ids import new_id
from marktbund.telemetry import scraping
from marktbund.telemetry.metrics import OFFSETS_MOVED
from marktbund.telemetry.scraping import AtWork, Lag
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.unit_of_work import Database, create_engine

from .conftest import Watched, hearing, relaying
from .test_delivery import ORIGIN, announce, event
from .test_health import NOWHERE, SETTINGS

Sample = tuple[str, tuple[tuple[str, str], ...]]
TOPIC = MEMBER_EVENTS.name


@pytest.fixture
def scrape(database: Database, prefix: str) -> Callable:
    """Every sample of a scrape by name and labels."""
    app = build(Service(name="members", title="Mitglieder", routers=[]), SETTINGS)
    app.state.database = database
    at_work = AtWork(
        {"relay": True, "consumer": False}, {TOPIC: Lag(records=4, seconds=2.5)}, 61.0, {TOPIC: 3}
    )

    async def asked() -> AtWork:
        return at_work

    other = scraping.router(asked, prefix)
    app.router.routes[:] = [*other.routes, *app.router.routes]

    async def read() -> dict[Sample, float]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.get("/metrics")
        assert answer.status_code == 200
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    read.app = app
    return read


def of(name: str, **labels: str) -> Sample:
    return f"marktbund_{name}", tuple(sorted(labels.items()))


async def test_what_waits_in_the_database_is_told(scrape, database: Database, prefix: str):
    async with database.begin(ORIGIN) as uow:
        uow.announce(*(event(new_id(), 1) for _ in range(3)))
    async with database.engine.begin() as connection:
        await connection.execute(
            text("UPDATE outbox SET created_at = now() - interval '90 seconds'")
        )
        await connection.execute(
            text("""INSERT INTO dead_letter
                    (id, consumer, topic, partition, record_offset, headers, code, cause)
                    VALUES (:id, 'c', :topic, 0, 0, '[]', 'x', 'y')"""),
            {"id": new_id(), "topic": prefix + TOPIC},
        )
        gaps = await connection.scalar(text("SELECT count(*) FROM version_gap"))
    samples = await scrape()
    assert samples[of("outbox_waiting")] == 3
    assert 90 <= samples[of("outbox_oldest_seconds")] < 100
    assert samples[of("dead_letters", topic=TOPIC)] == 1
    assert samples[of("version_gaps")] == gaps
    assert samples[of("database_up")] == 1
    assert samples[of("database_pool_in_use")] == 0
    async with database.engine.begin() as connection:
        await connection.execute(text("DELETE FROM outbox"))
        await connection.execute(
            text("UPDATE dead_letter SET status = 'discarded' WHERE topic = :topic"),
            {"topic": prefix + TOPIC},
        )
    samples = await scrape()
    assert samples.get(of("dead_letters", topic=TOPIC), 0) == 0
    assert (samples[of("outbox_waiting")], samples[of("outbox_oldest_seconds")]) == (0, 0)


async def test_a_type_passed_by_is_an_alarm_once_this_release_knows_it(
    scrape, database: Database, prefix: str
):
    known = event(new_id(), 1).type_name()
    keep = text("""
        INSERT INTO skipped_type (consumer, topic, type, partition, first_offset, records)
        VALUES (:consumer, :topic, :type, 0, 7, 2)
    """)
    async with database.engine.begin() as connection:
        for kind in (known, "marktbund.members.MemberMerged.v1"):
            await connection.execute(keep, {"consumer": prefix, "topic": TOPIC, "type": kind})
    samples = await scrape()
    assert samples[of("skipped_records", topic=TOPIC, type=known)] == 2
    assert (
        of("skipped_records", topic=TOPIC, type="marktbund.members.MemberMerged.v1") not in samples
    )
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE skipped_type SET repaired_at = now()"))
    assert of("skipped_records", topic=TOPIC, type=known) not in await scrape()


async def test_what_the_process_knows_of_its_parts_is_told(scrape):
    samples = await scrape()
    assert (
        samples[of("task_alive", task="relay")],
        samples[of("task_alive", task="consumer")],
    ) == (
        1,
        0,
    )
    assert samples[of("consumer_lag_records", topic=TOPIC)] == 4
    assert samples[of("consumer_lag_seconds", topic=TOPIC)] == 2.5
    assert samples[of("consumer_poll_age_seconds")] == 61
    assert samples[of("topics_ahead", topic=TOPIC)] == 3


async def test_without_a_database_the_rest_is_told(scrape):
    engine = create_engine(NOWHERE, application="test")
    scrape.app.state.database = Database(engine, "members")
    samples = await scrape()
    assert samples[of("database_up")] == 0
    assert of("outbox_waiting") not in samples
    assert samples[of("task_alive", task="relay")] == 1
    await engine.dispose()


async def test_requests_are_counted_by_template(scrape):
    transport = httpx.ASGITransport(scrape.app)
    before = await scrape()
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        await client.get("/api/members/v1/persons/erika")
        await client.request("ERIKA", "/api/members/v1/persons/erika")
        await client.get("/health/live")
    samples = await scrape()

    def more(method: str) -> float:
        sample = of("http_requests_total", method=method, route="unmatched", status="404")
        return samples[sample] - before.get(sample, 0)

    assert (more("GET"), more("other")) == (1, 1)
    assert not [sample for sample in samples if "erika" in str(sample).lower()]
    assert not [sample for sample in samples if "health" in str(sample)]


async def test_sending_and_consuming_are_counted(
    scrape, database: Database, kafka: KafkaBroker, prefix: str
):
    before = await scrape()
    watched = Watched(fail_on=lambda r: ValueError("no") if r.key == str(bad) else None)
    bad = new_id()
    async with (
        relaying(database, kafka, prefix),
        hearing(database, kafka, prefix, watched) as consumer,
    ):
        await announce(database, [new_id() for _ in range(4)], 1)
        await watched.until(4)
        await announce(database, [bad], 2)
        async with asyncio.timeout(20):
            while (samples := await scrape()).get(parked := _records("parked"), 0) - before.get(
                parked, 0
            ) < 2:
                await asyncio.sleep(0.05)
        assert sum(lag.records for lag in (await consumer.lag()).values()) == 0
    applied, sent = _records("applied"), of("relay_sent_total", topic=TOPIC)
    assert samples[applied] - before.get(applied, 0) == 4
    assert samples[sent] - before.get(sent, 0) == 6
    failed = of("consumer_batch_failures_total", kind="permanent")
    assert samples[failed] > before.get(failed, 0)
    assert samples[of("consumer_batch_seconds_count")] > before[of("consumer_batch_seconds_count")]


def _records(outcome: str) -> Sample:
    return of("consumer_records_total", topic=TOPIC, outcome=outcome)


async def test_lag_is_told_while_a_batch_is_in_hand(
    database: Database, kafka: KafkaBroker, prefix: str
):
    go_on = asyncio.Event()

    class Slow(Watched):
        async def apply(self, records, uow) -> None:
            await go_on.wait()
            await super().apply(records, uow)

    watched = Slow()
    async with (
        relaying(database, kafka, prefix),
        hearing(database, kafka, prefix, watched) as consumer,
    ):
        await announce(database, [new_id() for _ in range(7)], 1)
        async with asyncio.timeout(20):
            while (lag := await consumer.lag()).get(TOPIC, Lag(0, 0)).records < 7:
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        first, second = lag[TOPIC], (await consumer.lag())[TOPIC]
        assert (first.records, second.records) == (7, 7)
        assert 1 <= second.seconds < 15
        go_on.set()
        await watched.until(7)
        async with asyncio.timeout(10):
            while (await consumer.lag())[TOPIC] != Lag(0, 0.0):
                await asyncio.sleep(0.05)


async def test_offsets_that_moved_are_counted(database: Database, kafka: KafkaBroker, prefix: str):
    before = OFFSETS_MOVED._value.get()
    watched = Watched()
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        key = new_id()
        await announce(database, [key], 1)
        await watched.until(1)
        async with database.engine.begin() as connection:
            await connection.execute(text("UPDATE consumer_offset SET next_offset = 0"))
        async with database.begin(ORIGIN) as uow:
            uow.announce(event(key, 2))
        await watched.until(2)
    assert OFFSETS_MOVED._value.get() > before
