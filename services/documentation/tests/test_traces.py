"""A trace ends where its event is sealed; the record knows nothing of it."""

from dataclasses import replace
from typing import Any

from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from marktbund.ids import new_id
from marktbund.telemetry import tracing

SPAN = "b7ad6b7169203331"
CLICK = f"00-0af7651916cd43dd8448eb211c80319c-{SPAN}-01"


async def test_sealing_ends_the_traces_of_what_was_sealed(ledger: Any, build: Any):
    exporter = InMemorySpanExporter()
    first, second = build.orders(new_id(), 2)
    traced = replace(first, origin=replace(first.origin, traceparent=CLICK))
    with tracing.recording(SimpleSpanProcessor(exporter), service="documentation", share=1):
        await ledger.ingest([traced, second])
        assert exporter.get_finished_spans() == ()
        await ledger.sealer(ledger.database)
    (span,) = exporter.get_finished_spans()
    assert (span.name, f"{span.parent.span_id:016x}", dict(span.attributes)) == ("seal", SPAN, {})
    assert f"{span.context.trace_id:032x}" in CLICK


async def test_a_trace_is_no_part_of_the_record(ledger: Any, build: Any):
    town = new_id()
    (event,) = build.orders(town, 1)
    await ledger.ingest([replace(event, origin=replace(event.origin, traceparent=CLICK))])
    await ledger.settle()
    assert await ledger.findings(town) == []
    stored = [*await ledger.ask("SELECT * FROM record"), *await ledger.ask("SELECT * FROM payload")]
    assert "0af7651916cd43dd8448eb211c80319c" not in str(stored)
