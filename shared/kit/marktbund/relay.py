"""The postman: sends outbox rows and changed states to Kafka, in order, then deletes or marks.

Order per key: one holder (lease), rows by seq, an idempotent producer, and nothing sent
past a failure: the rows confirmed before it are deleted, the producer is dropped, and the next
pass starts at the first unsent row. A crash between send and delete repeats records; consumers
know them by event id.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.structs import RecordMetadata
from opentelemetry.trace import SpanKind
from sqlalchemy import Row, text
from sqlalchemy.exc import SQLAlchemyError

from marktbund import clock, published
from marktbund.envelope import Origin, write_headers
from marktbund.feeds import BATCH_BYTES, StateFeed
from marktbund.ids import new_id
from marktbund.kafka_access import KafkaAccess
from marktbund.leases import FENCE, Lease
from marktbund.telemetry import tracing
from marktbund.telemetry.metrics import RELAY_FAILURES, RELAY_SENT
from marktbund.unit_of_work import Database

BATCH = 1000
IDLE_SECONDS = 0.5
_REQUEST_SECONDS = 30.0
_RETRY_SECONDS = 1.0

_NEXT = text("""
    WITH next AS (
        SELECT seq, topic, aggregateid, payload, headers, octet_length(payload) AS bytes
          FROM outbox ORDER BY seq LIMIT :batch
    ), summed AS (
        SELECT *, sum(bytes) OVER (ORDER BY seq) - bytes AS before FROM next
    )
    SELECT seq, topic, aggregateid, payload, headers FROM summed WHERE before < :bytes ORDER BY seq
""")
_DELETE = text(f"""
    WITH gone AS (DELETE FROM outbox WHERE seq = ANY(:seqs) AND {FENCE} RETURNING 1)
    {published.KEEP} WHERE EXISTS (SELECT 1 FROM gone) {published.FORWARD}
""")
_ABOUT = {"messaging.system": "kafka", "messaging.operation.type": "send"}
_log = structlog.get_logger(__name__)


class Relay:
    """Runs in role `worker`; any number may run, one of them holds the lease."""

    patience = 2 * _REQUEST_SECONDS
    """Seconds for one batch; a producer that takes longer waits for what never comes."""

    def __init__(
        self,
        database: Database,
        kafka: KafkaAccess,
        *,
        prefix: str,
        demo: bool,
        feeds: Sequence[StateFeed],
    ) -> None:
        self._database = database
        self._kafka = kafka
        self._prefix = prefix
        self._demo = demo
        self._feeds = feeds
        self._lease = Lease(database.engine, "relay")
        self._producer: AIOKafkaProducer | None = None
        any_feed = " OR ".join(
            f"EXISTS (SELECT 1 FROM {f.table.name} WHERE published_version < version)"
            for f in feeds
        )
        self._probe = text(
            f"SELECT EXISTS (SELECT 1 FROM outbox), {any_feed or 'false'}",
        )

    async def run(self) -> None:
        """Relay until cancelled; every failure is logged and tried again."""
        try:
            while True:
                await self._round()
        finally:
            await self._drop_producer()
            with suppress(SQLAlchemyError, OSError):
                await self._lease.release()

    async def _round(self) -> None:
        seen = self._database.commits
        try:
            busy = await self.work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next pass may work
            RELAY_FAILURES.inc()
            _log.warning("relay_failed", error=type(error).__name__, exc_info=error)
            await self._drop_producer()
            await asyncio.sleep(_RETRY_SECONDS)
            return
        if not busy:
            await self._database.wait_for_commit(seen, IDLE_SECONDS)

    async def work(self) -> bool:
        """One pass; True when there may be more. Raises what PostgreSQL or Kafka raise."""
        if not await self._lease.keep():
            return False
        async with self._database.engine.connect() as connection:
            # One statement, one round trip: most passes find nothing and should cost that much.
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            letters, states = (await connection.execute(self._probe)).one()
        if letters:
            await self._send_letters()
        if states:
            for feed in self._feeds:
                await self._send_states(feed)
        return bool(letters or states)

    async def _send_letters(self) -> None:
        async with self._database.reading() as connection:
            bounds = {"batch": BATCH, "bytes": BATCH_BYTES}
            rows = (await connection.execute(_NEXT, bounds)).all()
        records = [(row.topic, row.aggregateid, row.payload, row.headers) for row in rows]
        sent, failure = await self._send(records)
        if sent:
            async with self._database.engine.begin() as connection:
                await connection.execute(
                    _DELETE,
                    {
                        "seqs": [row.seq for row in rows[: len(sent)]],
                        "task": self._lease.task,
                        "owner": self._lease.owner,
                        **published.columns(published.reached(sent, self._prefix)),
                    },
                )
        if failure is not None:
            raise failure

    async def _send_states(self, feed: StateFeed) -> None:
        async with self._database.reading() as connection:
            rows = (await connection.execute(feed.unpublished(BATCH))).all()
        sent, failure = await self._send([self._state_record(feed, row) for row in rows])
        if sent:
            async with self._database.engine.begin() as connection:
                await feed.mark(connection, rows[: len(sent)])
                await published.note(connection, published.reached(sent, self._prefix))
        if failure is not None:
            raise failure

    def _state_record(
        self, feed: StateFeed, row: Row[Any]
    ) -> tuple[str, str, bytes, Mapping[str, str]]:
        state = feed.to_state(row)
        origin = Origin(correlation_id=str(uuid4()), demo=self._demo)
        headers = write_headers(state, new_id(), self._database.source, clock.now(), origin)
        return feed.topic.name, state.key, state.model_dump_json().encode(), headers

    async def _send(
        self, records: Sequence[tuple[str, str, bytes, Mapping[str, str]]]
    ) -> tuple[list[RecordMetadata], BaseException | None]:
        """Send in order; what is confirmed from the front, and what stopped the rest."""
        with tracing.Steps(SpanKind.PRODUCER) as steps:
            async with asyncio.timeout(self.patience):
                sent, failure = await self._send_traced(records, steps)
            if failure is not None:
                steps.fail(len(sent), type(failure).__name__)
        for topic, count in Counter(record[0] for record in records[: len(sent)]).items():
            RELAY_SENT.labels(topic).inc(count)
        return sent, failure

    async def _send_traced(
        self, records: Sequence[tuple[str, str, bytes, Mapping[str, str]]], steps: tracing.Steps
    ) -> tuple[list[RecordMetadata], BaseException | None]:
        producer = await self._started_producer()
        futures = []
        failure: BaseException | None = None
        for topic, key, value, headers in records:
            if not self._lease.valid:
                break
            carried = steps.begin(f"send {topic}", headers.get(tracing.TRACEPARENT), _ABOUT)
            sent_headers = headers if carried is None else {**headers, tracing.TRACEPARENT: carried}
            try:
                futures.append(
                    await producer.send(
                        self._prefix + topic,
                        key=key.encode(),
                        value=value,
                        headers=[(name, text.encode()) for name, text in sent_headers.items()],
                    )
                )
            except (KafkaError, OSError) as error:
                failure = error
                break
        outcomes = await asyncio.gather(*futures, return_exceptions=True)
        confirmed: list[RecordMetadata] = []
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                return confirmed, outcome
            confirmed.append(outcome)
        return confirmed, failure

    async def _started_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                **self._kafka.aiokafka(),
                client_id=f"{self._prefix}{self._database.source}-relay",
                acks="all",
                enable_idempotence=True,
                linger_ms=5,
                max_batch_size=262_144,
                max_request_size=1_048_576,
                compression_type="lz4",
                request_timeout_ms=int(_REQUEST_SECONDS * 1000),
            )
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            # Stopping raises whatever ended one of its tasks, of any type.
            with suppress(Exception):
                await asyncio.wait_for(producer.stop(), 10)
