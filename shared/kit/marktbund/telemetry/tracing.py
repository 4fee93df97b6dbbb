"""Traces across the outbox: a `traceparent` goes with the origin of every event.

Without a configured exporter nothing is recorded and nothing is made; a `traceparent` that comes
in is passed on all the same, so that a trace begun outside reaches the last record.
"""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT = "traceparent"
_W3C = TraceContextTextMapPropagator()
# Every request and record passes here, ten times faster than extracting (decision 0040).
_FORM = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")


@dataclass(slots=True)
class _Recorder:
    """Where this process's spans go; None: nowhere."""

    tracer: trace.Tracer | None = None


_recorder = _Recorder()


@contextmanager
def recording(processor: SpanProcessor, *, service: str, share: float) -> Iterator[None]:
    """Record spans while the block lasts; what is still waiting is sent at its end.

    share: of the traces that begin here, 0 to 1. A trace begun outside keeps its own decision.
    """
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(share)),
        resource=Resource.create({"service.name": service}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(processor)
    before, _recorder.tracer = _recorder.tracer, provider.get_tracer("marktbund")
    try:
        yield
    finally:
        _recorder.tracer = before
        provider.shutdown()


def well_formed(traceparent: str | None) -> str | None:
    """The W3C `traceparent` (version 00) as it came, or None: a bad one begins a new trace."""
    return traceparent if traceparent and _FORM.fullmatch(traceparent) else None


def trace_id(traceparent: str) -> str:
    """The trace a well-formed `traceparent` belongs to, 32 hex digits."""
    return traceparent[3:35]


def serving(method: str, parent: str | None) -> tuple[Span | None, str | None]:
    """A span for a request, the first of its trace where there is no parent; and what goes on."""
    if _recorder.tracer is None:
        return None, parent
    context = _context_of(parent) if parent else None
    span = _recorder.tracer.start_span(method, context, SpanKind.SERVER)
    return span, _written(span)


def served(span: Span | None, method: str, route: str, status: int) -> None:
    """End a request's span, named by the route's template."""
    if span is None:
        return
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {"http.request.method": method, "http.route": route, "http.response.status_code": status}
    )
    if status >= 500:
        span.set_status(Status(StatusCode.ERROR))
    span.end()


class Steps:
    """Spans that begin and end together: records sent, taken in or sealed in one go.

    Only traces that are sampled get a span. When the block raises, all fail with the class of
    the exception: its words may hold what no trace may.
    """

    def __init__(self, kind: SpanKind) -> None:
        self._kind = kind
        self._began = time.time_ns()
        self._spans: list[Span | None] = []

    def begin(self, name: str, parent: str | None, about: Mapping[str, str | int]) -> str | None:
        """A span under `parent`, and the `traceparent` for what it causes; else `parent` again."""
        if _recorder.tracer is None or parent is None or not _sampled(parent):
            self._spans.append(None)
            return parent
        span = _recorder.tracer.start_span(
            name, _context_of(parent), self._kind, dict(about), start_time=self._began
        )
        self._spans.append(span)
        return _written(span)

    def fail(self, first: int, reason: str) -> None:
        """Mark the steps from this one on as failed; reason: a class name."""
        for span in self._spans[first:]:
            if span is not None:
                span.set_status(Status(StatusCode.ERROR, reason))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.fail(0, kind.__name__)
        for span in self._spans:
            if span is not None:
                span.end()


def _sampled(traceparent: str) -> bool:
    return bool(int(traceparent[-2:], 16) & 1)


def _context_of(traceparent: str) -> Context:
    return _W3C.extract({TRACEPARENT: traceparent}, Context())


def _written(span: Span) -> str:
    carrier: dict[str, str] = {}
    _W3C.inject(carrier, trace.set_span_in_context(span, Context()))
    return carrier[TRACEPARENT]
