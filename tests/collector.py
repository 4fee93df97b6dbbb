"""A trace collector for tests: takes OTLP over HTTP and keeps the spans."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, slots=True)
class Seen:
    """One span as it arrived; ids in hex."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    text: str


@dataclass
class Collector:
    """Where spans are sent to, and all that came."""

    url: str = ""
    spans: list[Seen] = field(default_factory=list)

    def of(self, trace_id: str) -> dict[str, Seen]:
        """The spans of one trace by their id."""
        return {span.span_id: span for span in list(self.spans) if span.trace_id == trace_id}

    def line(self, span: Seen) -> list[str]:
        """Service and name of a span and of all above it, the first at last."""
        known = self.of(span.trace_id)
        walked = [f"{span.service}: {span.name}"]
        while (above := known.get(span.parent_id)) is not None:
            walked.append(f"{above.service}: {above.name}")
            span = above
        return walked

    def take(self, body: bytes) -> None:
        """Keep what one request of an exporter holds."""
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            attributes = resource.resource.attributes
            about = {pair.key: pair.value.string_value for pair in attributes}
            self.spans += [
                Seen(
                    about["service.name"],
                    span.name,
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    f"{about} {span}",
                )
                for scope in resource.scope_spans
                for span in scope.spans
            ]


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free port of loopback while the block lasts."""
    collector = Collector()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    collector.url = f"http://127.0.0.1:{server.server_port}/v1/traces"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
