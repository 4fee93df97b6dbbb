"""One trace from a request over the outbox and Kafka to what its event causes; no words in it."""

from collections.abc import AsyncIterator, Iterator, Sequence

import httpx
import pytest
from fastapi import APIRouter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from marktbund.composition import Service, build
from marktbund.contracts.members import MemberStatusChanged
from marktbund.envelope import Received
from marktbund.http import Uow
from marktbund.ids import new_id
from marktbund.telemetry import tracing
from marktbund.telemetry.tracing import Steps, well_formed
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.unit_of_work import Database, UnitOfWork

from .conftest import Watched, hearing, relaying
from .test_health import SETTINGS

TRACE = "0af7651916cd43dd8448eb211c80319c"
CLICK = f"00-{TRACE}-b7ad6b7169203331-01"
UNSAMPLED = CLICK[:-2] + "00"
router = APIRouter()


@router.post("/members/{name}/change")
async def change(name: str, uow: Uow) -> None:
    if name == "broken":
        raise ValueError(name)
    uow.announce(MemberStatusChanged(version=1, member_id=new_id(), status="active"))


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    settings = SETTINGS.model_copy(update={"role": "api"})
    app = build(Service(name="members", title="Mitglieder", routers=[router]), settings)
    app.state.database = database
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    base = "http://test/api/members/v1"
    async with httpx.AsyncClient(transport=transport, base_url=base) as made:
        yield made


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    with tracing.recording(SimpleSpanProcessor(exporter), service="test", share=0):
        yield exporter


class Answering(Watched):
    """Announces one event of its own for each it hears, up to a third."""

    async def apply(self, records: Sequence[Received], uow: UnitOfWork) -> None:
        await super().apply(records, uow)
        for record in records:
            if record.aggregate_version < 3:
                event = record.event.model_copy(update={"version": record.aggregate_version + 1})
                uow.announce(event, origin=record.origin)


def parents(finished: Sequence[ReadableSpan]) -> list[tuple[str, SpanKind, str]]:
    """Name, kind and parent's name of each span, along the trace."""
    names = {span.context.span_id: span.name for span in finished}
    ordered = sorted(finished, key=lambda span: span.start_time)
    return [(s.name, s.kind, names.get(s.parent.span_id, "outside")) for s in ordered if s.parent]


async def test_a_trace_runs_from_the_request_to_what_its_event_causes(
    client: httpx.AsyncClient,
    database: Database,
    kafka: KafkaBroker,
    prefix: str,
    spans: InMemorySpanExporter,
):
    watched = Answering()
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        answer = await client.post("/members/secret-name/change", headers={"traceparent": CLICK})
        assert answer.status_code == 200, answer.text
        await watched.until(3)
    of_trace = [
        span for span in spans.get_finished_spans() if span.context.trace_id == int(TRACE, 16)
    ]
    request = "POST /members/{name}/change"
    send, process = "send members.member.events.v1", "process members.member.events.v1"
    assert parents(of_trace)[:6] == [
        (request, SpanKind.SERVER, "outside"),
        (send, SpanKind.PRODUCER, request),
        (process, SpanKind.CONSUMER, send),
        (send, SpanKind.PRODUCER, process),
        (process, SpanKind.CONSUMER, send),
        (send, SpanKind.PRODUCER, process),
    ]
    assert {record.origin.traceparent[3:35] for record in watched.seen} == {TRACE}
    recorded = str([(span.name, span.attributes, span.status.description) for span in of_trace])
    assert "secret" not in recorded


async def test_what_is_not_sampled_makes_no_span_and_goes_on(
    client: httpx.AsyncClient,
    database: Database,
    kafka: KafkaBroker,
    prefix: str,
    spans: InMemorySpanExporter,
):
    watched = Watched()
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        await client.post("/members/x/change", headers={"traceparent": UNSAMPLED})
        await client.post("/members/x/change")  # begins here, and the share is 0
        await watched.until(2)
    carried = [record.origin.traceparent for record in watched.seen]
    assert sum(traceparent.startswith(f"00-{TRACE}-") for traceparent in carried) == 1
    assert [int(traceparent[-2:], 16) & 1 for traceparent in carried] == [0, 0]
    assert spans.get_finished_spans() == ()


async def test_without_an_exporter_a_trace_from_outside_passes_through(
    client: httpx.AsyncClient, database: Database
):
    await client.post("/members/x/change", headers={"traceparent": CLICK})
    await client.post("/members/x/change")
    async with database.reading() as connection:
        rows = await connection.exec_driver_sql("SELECT headers FROM outbox ORDER BY seq")
        assert [row.headers.get("traceparent") for row in rows] == [CLICK, None]


async def test_a_failed_request_fails_its_span_without_words(
    client: httpx.AsyncClient, spans: InMemorySpanExporter
):
    answer = await client.post("/members/broken/change", headers={"traceparent": CLICK})
    assert answer.status_code == 500
    (span,) = spans.get_finished_spans()
    assert (span.attributes["http.response.status_code"], span.status.is_ok) == (500, False)
    assert span.events == ()
    assert "broken" not in str(span.to_json())


def test_steps_fail_with_the_class_of_what_was_raised(spans: InMemorySpanExporter):
    def fail() -> None:
        with Steps(SpanKind.INTERNAL) as steps:
            steps.begin("seal", CLICK, {})
            raise ValueError("secret")

    with pytest.raises(ValueError, match="secret"):
        fail()
    (span,) = spans.get_finished_spans()
    assert (span.status.description, span.events) == ("ValueError", ())


@pytest.mark.parametrize(
    "traceparent",
    [
        None,
        "",
        "Erika Mustermann",
        CLICK.upper(),
        CLICK + "-00",
        CLICK.replace(TRACE, "0" * 32),
        CLICK.replace("b7ad6b7169203331", "0" * 16),
        "01" + CLICK[2:],
    ],
)
def test_what_is_no_traceparent_is_dropped(traceparent: str | None):
    assert well_formed(traceparent) is None
    assert well_formed(CLICK) == CLICK


@pytest.mark.parametrize("flags", ["00", "01", "02", "03", "ff"])
def test_a_span_of_a_trace_keeps_its_trace_and_flags(spans: InMemorySpanExporter, flags: str):
    """W3C Trace Context 1, section 3.2.2.5: bit 0 says sampled, the others are kept for later."""
    parent = CLICK[:-2] + flags
    with Steps(SpanKind.INTERNAL) as steps:
        caused = steps.begin("seal", parent, {})
    assert (caused[:36], well_formed(caused)) == (CLICK[:36], caused)
    if int(flags, 16) & 1:
        (span,) = spans.get_finished_spans()
        assert f"{span.parent.span_id:016x}" == CLICK[36:52]
        assert f"{span.context.span_id:016x}" == caused[36:52]
    else:
        assert (caused, spans.get_finished_spans()) == (parent, ())


@pytest.mark.parametrize("around", [" {}", "{} ", "{}\n", "\t{}"])
def test_white_space_is_no_part_of_a_traceparent(around: str):
    assert well_formed(around.format(CLICK)) is None
