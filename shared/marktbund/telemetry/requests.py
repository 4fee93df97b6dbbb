"""Every request: counted and timed by its route's template, traced, its log lines joined."""

import time

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marktbund.http import client_request_id, request_id
from marktbund.logs import joined
from marktbund.telemetry import tracing
from marktbund.telemetry.metrics import HTTP_REQUESTS, HTTP_SECONDS

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_UNSEEN = ("/health/", "/metrics")
_log = structlog.get_logger(__name__)


class Observed:
    """ASGI middleware, the outermost; probes and scrapes pass unseen."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_UNSEEN):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        method = request.method if request.method in _METHODS else "other"
        span, carried = tracing.serving(
            method, tracing.well_formed(request.headers.get(tracing.TRACEPARENT))
        )
        request.state.traceparent = carried
        began = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with structlog.contextvars.bound_contextvars(**joined(request_id(request), carried)):
            try:
                await self._app(scope, receive, noted)
            finally:
                seconds = time.perf_counter() - began
                route = getattr(scope.get("route"), "path", "unmatched")
                HTTP_REQUESTS.labels(method, route, status).inc()
                HTTP_SECONDS.labels(method, route).observe(seconds)
                tracing.served(span, method, route, status)
                if method != "GET" or status >= 500:
                    _log.info(
                        "request_answered",
                        method=method,
                        route=route,
                        status=status,
                        milliseconds=round(seconds * 1000, 1),
                        **_beside(client_request_id(request)),
                    )


def _beside(sent: str | None) -> dict[str, str]:
    return {} if sent is None else {"client_request_id": sent}
