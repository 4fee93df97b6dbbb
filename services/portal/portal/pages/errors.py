"""Every way to fail ends as a page that says what to do; machines get problem+json as ever."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from marktbund.errors import DomainError
from marktbund.http import retry_header
from portal.clients.services import Refused, Unavailable
from portal.pages import kept
from portal.pages.posted import Posted
from portal.pages.rendering import page, redirect
from portal.pages.visitors import NoAccess, OtherSession, SignInNeeded, known_visit

_log = structlog.get_logger(__name__)

Handling = Callable[[Request, Exception], Awaitable[Response]]


def add_handlers(app: FastAPI) -> None:
    """Pages for errors; under `/api/` the platform's own answers stay."""
    own: dict[type[Exception], Handling] = {
        SignInNeeded: _sign_in,
        NoAccess: _no_access,
        OtherSession: _other_session,
        Refused: _refused,
        Unavailable: _unavailable,
    }
    for kind, handle in own.items():
        app.add_exception_handler(kind, handle)
    for_people: dict[type[Exception], Handling] = {
        DomainError: _domain_error,
        RequestValidationError: _not_found,
        HTTPException: _http_error,
        DBAPIError: _unavailable,
        PoolTimeoutError: _unavailable,
        OSError: _unavailable,
        Exception: _fault,
    }
    for kind, handle in for_people.items():
        app.add_exception_handler(kind, _for_people(app.exception_handlers[kind], handle))


def _for_people(machines: Any, people: Handling) -> Handling:
    async def handle(request: Request, error: Exception) -> Response:
        if request.url.path.startswith("/api/"):
            answer: Response = await machines(request, error)
            return answer
        if isinstance(error, DomainError):
            request.state.problem = error.code
        return await people(request, error)

    return handle


def _message(request: Request, status: int, title: str, detail: str, way_out: str = "") -> Response:
    sentences = {"title": title, "detail": detail, "way_out": way_out}
    return page(request, "message.html", known_visit(request), status, **sentences)


async def _again(request: Request, status: int, title: str, detail: str, way_out: str) -> Response:
    """The form as it was sent, to be sent once more; a message where no form came."""
    posted: Posted | None = getattr(request.state, "posted", None)
    posted = posted or await kept.read_again(request)
    if posted is None:
        return _message(request, status, title, detail, way_out)
    visit = known_visit(request)
    facts = {
        "title": title,
        "detail": detail,
        "way_out": way_out,
        "fields": posted.again(),
        "action": request.url.path,
        "csrf_told": visit.session.csrf if visit else posted.csrf,
        "label": "Noch einmal senden",
    }
    return page(request, "again.html", visit, status, **facts)


async def _sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInNeeded)  # noqa: S101 - registered for this class only
    answer = redirect(request, f"/anmeldung?{urlencode({'ziel': error.target})}")
    if request.method == "POST" and await kept.keep(request, answer):
        answer.headers["Location"] = f"/anmeldung?{urlencode({'ziel': kept.WAITING})}"
    if request.headers.get("hx-request"):
        # A script would follow to the issuer, whose pages answer no script of ours.
        answer.status_code = 200
        answer.headers["HX-Redirect"] = answer.headers["Location"]
    return answer


async def _other_session(request: Request, _: Exception) -> Response:
    return await _again(
        request,
        409,
        "Sie haben sich inzwischen neu angemeldet",
        "Es wurde noch nichts abgeschickt; Ihre Eingaben sind noch da.",
        "Mit einem Klick geht alles so ab, wie Sie es ausgefüllt hatten.",
    )


async def _no_access(request: Request, _: Exception) -> Response:
    return _message(
        request,
        403,
        "Kein Zugang",
        "Dieses Konto ist hier nicht bekannt oder nicht mehr aktiv.",
        "Wenden Sie sich an Ihre Geschäftsstelle.",
    )


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - as above
    if error.status == 401:
        return await _sign_in(request, SignInNeeded("/"))
    answer = _message(request, error.status, error.title, error.detail, error.way_out)
    if isinstance(seconds := error.document.get("retry_after"), int):
        answer.headers["Retry-After"] = str(seconds)
    return answer


async def _unavailable(request: Request, error: Exception) -> Response:
    kind = type(error).__name__
    _log.warning("page_unavailable", what=str(error) if isinstance(error, Unavailable) else kind)
    if _unknown(request, error):
        return await _not_known(request, 503)
    return await _again(
        request,
        503,
        "Gerade nicht möglich",
        "Ein Teil der Plattform antwortet im Augenblick nicht.",
        "Bitte versuchen Sie es gleich noch einmal.",
    )


def _unknown(request: Request, error: Exception) -> bool:
    return error.unknown if isinstance(error, Unavailable) else request.method == "POST"


async def _not_known(request: Request, status: int) -> Response:
    return await _again(
        request,
        status,
        "Noch nicht bekannt, ob das angekommen ist",
        "Die Antwort blieb aus. Es kann sein, dass Ihre Eingabe schon ausgeführt ist.",
        "Senden Sie dasselbe noch einmal, so gilt es trotzdem nur einmal: Ist es angekommen, "
        "sehen Sie das Ergebnis; sonst wird es jetzt ausgeführt.",
    )


async def _domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101 - as above
    answer = _message(request, error.status, error.title, error.detail, error.way_out)
    answer.headers.update(retry_header(error))
    return answer


async def _not_found(request: Request, _: Exception) -> Response:
    return _message(request, 404, "Diese Seite gibt es nicht", "Die Adresse ist nicht richtig.")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if error.status_code == 404:
        return await _not_found(request, error)
    return _message(request, error.status_code, "Das hat nicht geklappt", "")


async def _fault(request: Request, error: Exception) -> Response:
    _log.error("page_failed", error=type(error).__name__, exc_info=error)
    if request.method == "POST":
        return await _not_known(request, 500)
    return _message(
        request,
        500,
        "Unerwarteter Fehler",
        "Es wurde nichts geändert.",
        "Bitte versuchen Sie es in einigen Minuten erneut.",
    )
