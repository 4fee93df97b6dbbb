"""Where spans go: without an address nobody records, with one they leave for it and no longer."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from marktbund.telemetry import tracing
from marktbund.telemetry.exporting import traces

from .test_health import SETTINGS

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass
class Collector:
    """An OTLP collector on loopback and what it was sent."""

    url: str
    sent: list[ExportTraceServiceRequest] = field(default_factory=list)


@pytest.fixture
def collector() -> Iterator[Collector]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            open_.sent.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    open_ = Collector(f"http://127.0.0.1:{server.server_port}/v1/traces")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield open_
    server.shutdown()
    thread.join()
    server.server_close()


def serve(parent: str | None = PARENT) -> str | None:
    """A request of one span; what goes on to what it causes."""
    span, goes_on = tracing.serving("GET", parent)
    tracing.served(span, "GET", "/orders/{order_id}", 200)
    return goes_on


def test_without_an_address_nothing_is_recorded_and_a_trace_passes_through():
    with traces("orders", SETTINGS.model_copy(update={"traces_url": ""})):
        assert serve() == PARENT
        assert serve(None) is None


def test_what_waits_is_sent_before_the_process_ends(collector: Collector):
    settings = SETTINGS.model_copy(update={"traces_url": collector.url, "traces_share": 1.0})
    with traces("orders", settings):
        assert serve() != PARENT
    (exported,) = (part for request in collector.sent for part in request.resource_spans)
    names = {item.key: item.value.string_value for item in exported.resource.attributes}
    (span,) = exported.scope_spans[0].spans
    assert names["service.name"] == "orders"
    assert (span.name, span.trace_id.hex()) == ("GET /orders/{order_id}", PARENT[3:35])
    assert span.parent_span_id.hex() == "b7ad6b7169203331"
    assert serve() == PARENT  # the block is over: nobody records any more


def test_a_trace_of_nobodys_interest_is_not_sent(collector: Collector):
    """Of traces that begin here a share of 0 is sent, of those begun outside what they say."""
    settings = SETTINGS.model_copy(update={"traces_url": collector.url, "traces_share": 0.0})
    with traces("orders", settings):
        serve(None)
        serve(PARENT[:-2] + "00")
    assert collector.sent == []
