"""`/metrics` for Prometheus: what the process counted, and what the database knows right now.

Queries run on a scrape only, three of them, bounded in rows and in time: nobody who looks, no cost.
The door asks for no account. It is for loopback or a cluster's inner network; the gateway must
not pass it on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Row, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import QueuePool

from marktbund.contracts import MESSAGES
from marktbund.telemetry.metrics import REGISTRY
from marktbund.unit_of_work import Database

MOST_ROWS = 100_000
"""Where counting stops: an alarm needs no more."""
_SECONDS = 3.0

_STANDING = text(f"""
    SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT {MOST_ROWS}) AS o) AS waiting,
           (SELECT extract(epoch FROM clock_timestamp() - created_at)
              FROM outbox ORDER BY seq LIMIT 1) AS oldest_seconds,
           (SELECT count(*) FROM (SELECT 1 FROM version_gap LIMIT {MOST_ROWS}) AS g) AS gaps
""")
_DEAD_LETTERS = text(f"""
    SELECT topic, count(*) AS parked
      FROM (SELECT topic FROM dead_letter WHERE status = 'parked' LIMIT {MOST_ROWS}) AS d
     GROUP BY topic ORDER BY topic
""")
_SKIPPED = text("""
    SELECT topic, type, sum(records) AS records FROM skipped_type
     WHERE repaired_at IS NULL AND type = ANY(:known) GROUP BY topic, type ORDER BY topic, type
""")


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a consumer is behind a topic's end, over the partitions it holds.

    seconds: the age of the oldest record in hand, or since when records were seen waiting.
    """

    records: int
    seconds: float


@dataclass(frozen=True, slots=True)
class AtWork:
    """What a process knows of its own parts; no consumer: neither lag nor poll age.

    ahead: own topic -> keys of which the log knew more than the database, last time it was asked.
    """

    tasks: Mapping[str, bool] = field(default_factory=dict)
    lag: Mapping[str, Lag] = field(default_factory=dict)
    poll_age: float | None = None
    ahead: Mapping[str, int] = field(default_factory=dict)


Gauges = Callable[[AsyncConnection], Awaitable[list[Metric]]]
"""A service's own questions to its database on a scrape."""


class _Once(Collector):
    """The families of one scrape."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def router(
    at_work: Callable[[], Awaitable[AtWork]], prefix: str, gauges: Gauges | None = None
) -> APIRouter:
    """`/metrics`; prefix: the deployment's, taken off the topics of dead letters. gauges: the
    service's own, bounded like ours.
    """
    doors = APIRouter(include_in_schema=False)

    @doors.get("/metrics")
    async def metrics(request: Request) -> Response:
        now = CollectorRegistry()
        now.register(_Once(_parts(await at_work())))
        now.register(_Once(await _stored(request.app.state.database, prefix, gauges)))
        body = generate_latest(REGISTRY) + generate_latest(now)
        return Response(body, media_type=CONTENT_TYPE_LATEST)

    return doors


def _parts(at_work: AtWork) -> Iterator[Metric]:
    alive = GaugeMetricFamily("marktbund_task_alive", "1: the part works", labels=["task"])
    for task, works in sorted(at_work.tasks.items()):
        alive.add_metric([task], float(works))
    yield alive
    ahead = GaugeMetricFamily(
        "marktbund_topics_ahead", "Keys the log knows more of than the database", labels=["topic"]
    )
    for topic, keys in sorted(at_work.ahead.items()):
        ahead.add_metric([topic], keys)
    yield ahead
    records = GaugeMetricFamily(
        "marktbund_consumer_lag_records", "Records not applied yet", labels=["topic"]
    )
    seconds = GaugeMetricFamily(
        "marktbund_consumer_lag_seconds", "Age of the oldest record in hand", labels=["topic"]
    )
    for topic, lag in sorted(at_work.lag.items()):
        records.add_metric([topic], lag.records)
        seconds.add_metric([topic], lag.seconds)
    yield records
    yield seconds
    if at_work.poll_age is not None:
        yield _gauge("consumer_poll_age_seconds", "Since the last poll ended", at_work.poll_age)


async def _stored(database: Database, prefix: str, gauges: Gauges | None) -> list[Metric]:
    pool = database.engine.pool
    metrics: list[Metric] = []
    if isinstance(pool, QueuePool):
        metrics.append(_gauge("database_pool_in_use", "Connections lent out", pool.checkedout()))
    try:
        async with asyncio.timeout(_SECONDS), database.reading() as connection:
            standing = (await connection.execute(_STANDING)).one()
            letters = (await connection.execute(_DEAD_LETTERS)).all()
            skipped = (await connection.execute(_SKIPPED, {"known": sorted(MESSAGES)})).all()
            own = await gauges(connection) if gauges is not None else []
    except (SQLAlchemyError, OSError, TimeoutError):
        return [*metrics, _gauge("database_up", "1: it answered this scrape", 0)]
    dead = GaugeMetricFamily("marktbund_dead_letters", "Records parked", labels=["topic"])
    for row in letters:
        dead.add_metric([row.topic.removeprefix(prefix)], row.parked)
    return [
        *metrics,
        _gauge("database_up", "1: it answered this scrape", 1),
        _gauge("outbox_waiting", f"Rows not sent, up to {MOST_ROWS}", standing.waiting),
        _gauge(
            "outbox_oldest_seconds",
            "Age of the first row not sent; 0: none waits",
            float(standing.oldest_seconds or 0),
        ),
        _gauge("version_gaps", "Jumps seen in aggregates' versions", standing.gaps),
        dead,
        _passed_by(skipped),
        *own,
    ]


def _passed_by(rows: Sequence[Row[str, str, int]]) -> Metric:
    skipped = GaugeMetricFamily(
        "marktbund_skipped_records",
        "Records that an earlier release passed by and this one knows",
        labels=["topic", "type"],
    )
    for row in rows:
        skipped.add_metric([row.topic, row.type], row.records)
    return skipped


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"marktbund_{name}", says, value=value)
