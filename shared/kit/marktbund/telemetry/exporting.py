"""Where a process's spans go: OTLP over HTTP when an address is set, else nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from marktbund.settings import ServiceSettings
from marktbund.telemetry import tracing

_SECONDS = 5.0


@contextmanager
def traces(service: str, settings: ServiceSettings) -> Iterator[None]:
    """Export spans in the background while the block lasts; nothing at all without an address."""
    if not settings.traces_url:
        yield
        return
    # Imported here: the exporter's HTTP client and protobuf are memory nobody else needs.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    exporter = OTLPSpanExporter(endpoint=settings.traces_url, timeout=_SECONDS)
    with tracing.recording(
        BatchSpanProcessor(exporter), service=service, share=settings.traces_share
    ):
        yield
