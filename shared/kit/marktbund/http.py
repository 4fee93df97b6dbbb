"""The HTTP door: problem+json in German (RFC 9457), request id, size limit, units of work."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Send

from marktbund import clock
from marktbund.envelope import Origin
from marktbund.errors import DomainError, Malformed, TooMany
from marktbund.failures import is_transient
from marktbund.german import explain
from marktbund.ids import new_id
from marktbund.jsons import Json
from marktbund.logs import joined
from marktbund.unit_of_work import Database, UnitOfWork

PROBLEM_JSON = "application/problem+json"
_log = structlog.get_logger(__name__)
_INDEX = re.compile(r"\.(\d+)")


def problem(error: DomainError) -> JSONResponse:
    """An error as problem+json: stable `code`, German `title`, the `field`, the way out."""
    known: dict[str, Json] = {
        "type": f"urn:marktbund:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
    }
    optional = {"detail": error.detail, "field": error.field, "way_out": error.way_out}
    known |= {name: value for name, value in optional.items() if value}
    body = {**error.extra, **known}
    return JSONResponse(body, error.status, retry_header(error), media_type=PROBLEM_JSON)


def retry_header(error: DomainError) -> Mapping[str, str]:
    """`Retry-After` in seconds, where an error says when to come again."""
    return {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}


async def refuse(request: Request, error: DomainError, send: Send) -> None:
    """Answer a refusal from a middleware as the app answers one from its doors."""
    handler = request.app.exception_handlers.get(DomainError, _on_domain_error)
    answer: Response = await handler(request, error)
    await answer(request.scope, request.receive, send)


def _field(location: tuple[int | str, ...]) -> str:
    return _INDEX.sub(r"[\1]", ".".join(str(part) for part in location[1:]))


async def _on_domain_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)  # noqa: S101 - registered for this class only
    request.state.problem = error.code
    return problem(error)


async def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return problem(
            Malformed(
                "malformed_json",
                "Die Anfrage ist kein gültiges JSON",
                f"Fehler an Zeichen {first['loc'][-1]}.",
            )
        )
    refused = DomainError(
        "invalid_input",
        "Eine Angabe ist ungültig",
        explain(first["type"], first.get("ctx", {})),
        field=_field(first["loc"]) or str(first["loc"][0]),
    )
    refused.status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(refused)


async def _on_http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    titles = {404: "Nicht gefunden", 405: "Methode nicht erlaubt"}
    refused = DomainError(f"http_{error.status_code}", titles.get(error.status_code, "Fehler"))
    refused.status = error.status_code
    return problem(refused)


async def _on_unavailable(request: Request, error: Exception) -> JSONResponse:
    """A lost connection, a deadlock, a lock waited for too long: the same request works later."""
    if not is_transient(error):
        return await _on_fault(request, error)
    _log.warning("request_deferred", route=_route(request), error=type(error).__name__)
    way_out = "Bitte gleich noch einmal versuchen."
    answer = _failed(request, 503, "try_again", "Gerade nicht möglich", way_out)
    answer.headers["Retry-After"] = "1"
    return answer


async def _on_fault(request: Request, error: Exception) -> JSONResponse:
    # Starlette calls this outside every middleware: what joins the line is said here.
    _log.error(
        "request_failed",
        route=_route(request),
        error=type(error).__name__,
        exc_info=error,
        **joined(request_id(request), getattr(request.state, "traceparent", None)),
    )
    way_out = "Bitte versuchen Sie es in einigen Minuten erneut."
    return _failed(request, 500, "internal_error", "Unerwarteter Fehler", way_out)


def _failed(request: Request, status: int, code: str, title: str, way_out: str) -> JSONResponse:
    detail = "Es wurde nichts geändert."
    unit: UnitOfWork | None = getattr(request.state, "unit", None)
    # A commit that was begun may be done although its answer stayed out.
    if unit is not None and unit.committing:
        code, title = "outcome_unknown", "Noch nicht bekannt, ob das ausgeführt ist"
        detail = "Die Antwort blieb aus. Es kann sein, dass Ihre Anfrage schon ausgeführt ist."
        way_out = (
            "Mit demselben Idempotency-Key noch einmal gesendet gilt sie trotzdem nur einmal; "
            "ohne einen sehen Sie bitte zuerst nach."
        )
    failed = DomainError(code, title, detail, way_out=way_out)
    failed.status = status
    return problem(failed)


def add_problem_handlers(app: FastAPI) -> None:
    """Every way to fail ends as problem+json."""
    app.add_exception_handler(DomainError, _on_domain_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_error)
    for unavailable in (DBAPIError, PoolTimeoutError, OSError):
        app.add_exception_handler(unavailable, _on_unavailable)
    app.add_exception_handler(Exception, _on_fault)


async def origin(request: Request) -> Origin:
    """Where this request's effects come from: its id, and in a demo the driven business time.

    Async although it awaits nothing: FastAPI gives a plain function to a thread, and the two
    switches between threads cost a tenth of an order's CPU (docs/performance.md).
    """
    demo: bool = request.app.state.driven_clock
    if not demo and "business-time" in request.headers:
        raise Malformed(
            "business_time_refused",
            "Business-Time ist nur in einer Demo erlaubt",
            field="Business-Time",
        )
    moment = driven_time(request)
    traceparent = getattr(request.state, "traceparent", None)
    return Origin(request_id(request), moment, demo, traceparent)


def driven_time(request: Request) -> datetime | None:
    """The business time that a demo's request says it is; None outside demos and without one.

    Raises Malformed (`business_time_invalid`).
    """
    driven = request.headers.get("business-time")
    if driven is None or not request.app.state.driven_clock:
        return None
    try:
        return clock.to_utc(datetime.fromisoformat(driven))
    except ValueError:
        raise Malformed(
            "business_time_invalid",
            "Business-Time ist keine gültige Zeit mit Zeitzone",
            field="Business-Time",
        ) from None


async def business_today(request: Request) -> date:
    """The day it is in business, in Europe/Berlin: what mandates and agreements are judged by."""
    return clock.business_date(driven_time(request) or clock.now())


Today = Annotated[date, Depends(business_today)]
"""The business day, in a door's signature."""


def request_id(request: Request) -> str:
    """The id of this request, ours: one from outside would join what strangers choose to join."""
    known: str | None = getattr(request.state, "request_id", None)
    if known is None:
        known = str(new_id())
        request.state.request_id = known
    return known


def client_request_id(request: Request) -> str | None:
    """The client's own id of this request (X-Request-Id, a UUID), kept beside ours."""
    try:
        return str(UUID(request.headers.get("x-request-id", "")))
    except ValueError:
        return None


def _route(request: Request) -> str:
    # The template: a path may hold what nobody should read in a log.
    return getattr(request.scope.get("route"), "path", "unmatched")


def tenant_of(request: Request) -> UUID | None:
    """The member a request says it is about; None where it names none that can be."""
    named = request.headers.get("on-behalf-of") or request.headers.get("member")
    try:
        return UUID(named or "")
    except ValueError:
        return None


async def unit_of_work(
    request: Request, where_from: Annotated[Origin, Depends(origin)]
) -> AsyncIterator[UnitOfWork]:
    """The request's transaction: committed before the answer is sent."""
    database: Database = request.app.state.database
    async with database.begin(where_from, tenant_of(request)) as unit:
        request.state.unit = unit
        yield unit


Uow = Annotated[UnitOfWork, Depends(unit_of_work, scope="function")]
"""A unit of work in a door's signature. Scope `function`: a plain yield dependency would commit
after the response has started."""


async def _reading(request: Request) -> AsyncIterator[AsyncConnection]:
    database: Database = request.app.state.database
    async with database.reading() as connection:
        yield connection


Reading = Annotated[AsyncConnection, Depends(_reading, scope="function")]
"""A connection for a question, in a door's signature."""
