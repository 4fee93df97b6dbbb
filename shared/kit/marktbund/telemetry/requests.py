"""Every request: counted and timed by its route's template, traced, its log lines joined."""

import time
from typing import TypedDict

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marktbund import security_log
from marktbund.http import client_request_id, request_id
from marktbund.logs import joined
from marktbund.telemetry import tracing
from marktbund.telemetry.metrics import HTTP_REQUESTS, HTTP_SECONDS

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_UNSEEN = ("/health/", "/metrics")
_log = structlog.get_logger(__name__)


class Observed:
    """ASGI middleware, the outermost; probes and scrapes pass unseen, but for refused ones."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and note what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        method = request.method if request.method in _METHODS else "other"
        answered = _Answered(send)
        if scope["path"].startswith(_UNSEEN):
            await self._app(scope, receive, answered)
            _secure(request, answered, method, "probe")
            return
        span, carried = tracing.serving(
            method, tracing.well_formed(request.headers.get(tracing.TRACEPARENT))
        )
        request.state.traceparent = carried
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(**joined(request_id(request), carried)):
            try:
                await self._app(scope, receive, answered)
            finally:
                seconds = time.perf_counter() - began
                route = getattr(scope.get("route"), "path", "unmatched")
                _count(method, route, answered.status, seconds)
                tracing.served(span, method, route, answered.status)
                _secure(request, answered, method, route)
                if method != "GET" or answered.status >= 500:
                    _log.info(
                        "request_answered",
                        method=method,
                        route=route,
                        status=answered.status,
                        milliseconds=round(seconds * 1000, 1),
                        **_beside(client_request_id(request)),
                    )


class _Answered:
    """What was sent: status, and whether it is for downloading."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 500
        self.download = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.download = any(
                name.lower() == b"content-disposition" and value.startswith(b"attachment")
                for name, value in message["headers"]
            )
        await self._send(message)


def _count(method: str, route: str, status: int, seconds: float) -> None:
    HTTP_REQUESTS.labels(method, route, status).inc()
    HTTP_SECONDS.labels(method, route).observe(seconds)


def _secure(request: Request, answered: _Answered, method: str, route: str) -> None:
    security_log.note(
        request,
        answered.status,
        download=answered.download,
        method=method,
        route=route,
        **_beside(client_request_id(request)),
    )


class _Beside(TypedDict, total=False):
    client_request_id: str


def _beside(sent: str | None) -> _Beside:
    return {} if sent is None else {"client_request_id": sent}
