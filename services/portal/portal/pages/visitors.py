"""Who knocks: the session behind the cookie, in a door's signature; forms that prove it is them."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Literal, TypedDict

from fastapi import Depends, Request

from marktbund import clock
from marktbund.errors import Forbidden
from marktbund.http import driven_time, origin
from marktbund.quotas import address_of, quotas_of
from portal.clients.services import Services
from portal.domain.paths import safe_target
from portal.domain.sessions import Session
from portal.pages.posted import Posted
from portal.pages.renewing import renewed
from portal.pages.views.parties import Parties, parties
from portal.pages.views.visits import Visit, visit_of
from portal.store import kept_forms, sessions
from portal.store.carts import Owner

_TOUCHED_AGAIN = timedelta(minutes=1)


class SignInNeeded(Exception):
    """Nobody is signed in here; `target` is where they wanted to go."""

    def __init__(self, target: str) -> None:
        self.target = target
        super().__init__(target)


class NoAccess(Exception):
    """Signed in at the issuer, but no account here, or not any more."""


class OtherSession(Exception):
    """A form of this person, from a page of a session before this one."""


def from_here(request: Request) -> bool:
    """Whether a form comes from a page of this site, as far as the browser says."""
    claimed = request.headers.get("origin")
    return claimed is None or claimed == request.app.state.site


def cookie_name(request: Request, name: str = "marktbund") -> str:
    """With TLS the prefix that browsers tie to this host, to the whole path and to TLS."""
    return f"__Host-{name}" if _secure(request) else name


class CookieTerms(TypedDict):
    """How a cookie is set, in Starlette's words."""

    httponly: bool
    secure: bool
    samesite: Literal["lax"]
    path: str


def cookie(request: Request) -> CookieTerms:
    """How cookies are set here."""
    return {"httponly": True, "secure": _secure(request), "samesite": "lax", "path": "/"}


def _secure(request: Request) -> bool:
    return bool(request.app.state.site.startswith("https://"))


async def open_session(request: Request) -> Session | None:
    """The browser's session if it is still good, its tokens renewed where needed."""
    key = request.cookies.get(cookie_name(request), "")
    if not key:
        return None
    database = request.app.state.database
    async with database.reading() as connection:
        session = await sessions.find(connection, key)
    now = clock.now()
    if session is None or session.over(now):
        return None
    if session.stale(now):
        return await renewed(request, session)
    if now - session.seen_at > _TOUCHED_AGAIN:
        async with database.begin(await origin(request)) as uow:
            await sessions.touch(uow, key, now)
    return session


async def _maybe(request: Request) -> Visit | None:
    session = await open_session(request)
    if session is None:
        quotas_of(request).take("pages", address_of(request))
        return None
    database = request.app.state.database
    async with database.reading() as connection:
        traceparent = getattr(request.state, "traceparent", None)
        visit = await visit_of(connection, session, traceparent, driven_time(request))
    if visit is None:
        async with database.begin(await origin(request)) as uow:
            await sessions.remove_of(uow, sub=session.sub)
        raise NoAccess
    request.state.visit = visit
    request.state.account = str(visit.person_id or session.sub)
    return visit


Guest = Annotated[Visit | None, Depends(_maybe)]
"""Whoever looks, signed in or not, in a door's signature."""


def known_visit(request: Request) -> Visit | None:
    """Whose page failed, as far as that was known by then."""
    visit: Visit | None = getattr(request.state, "visit", None)
    return visit


async def _visit(request: Request, guest: Guest) -> Visit:
    if guest is None:
        query = f"?{request.url.query}" if request.url.query else ""
        wanted = request.url.path + query if request.method == "GET" else "/"
        raise SignInNeeded(safe_target(wanted))
    return guest


Visitor = Annotated[Visit, Depends(_visit)]
"""Somebody signed in, in a door's signature."""


def with_role(*roles: str) -> Callable[..., Awaitable[Visit]]:
    """A dependency that opens for people with one of these roles."""

    async def visitor(visit: Visitor) -> Visit:
        if not visit.roles & set(roles):
            raise _not_theirs()
        return visit

    return visitor


def of_cooperative(*roles: str) -> Callable[..., Awaitable[Visit]]:
    """A dependency that opens for people with one of these roles for the cooperative."""

    async def visitor(visit: Visitor) -> Visit:
        if not visit.cooperative & set(roles):
            raise _not_theirs()
        return visit

    return visitor


def _not_theirs() -> Forbidden:
    return Forbidden(
        "not_authorised",
        "Keine Berechtigung",
        "Diese Seite gehört nicht zu Ihren Aufgaben.",
        way_out="Wenden Sie sich an Ihre Geschäftsstelle.",
    )


async def _posted(request: Request, visit: Visitor) -> AsyncIterator[Posted]:
    # Closed with the request: files sent along lie in the system's temporary folder.
    async with request.form(max_files=5, max_fields=3000) as form:
        posted = Posted(form)
        await _prove(request, visit, posted)
        posted.require_plain()
        request.state.posted = posted
        yield posted


async def _prove(request: Request, visit: Visit, posted: Posted) -> None:
    # As bytes: compare_digest raises TypeError for text beyond ASCII.
    sent, proof = posted.csrf.encode("utf-8", "replace"), visit.session.csrf.encode()
    if from_here(request) and not secrets.compare_digest(sent, proof):
        async with request.app.state.database.reading() as connection:
            owner = await kept_forms.owner_of(connection, posted.csrf, clock.now())
        if owner is not None and owner.sub == visit.session.sub:
            raise OtherSession
    if not from_here(request) or not secrets.compare_digest(sent, proof):
        raise Forbidden(
            "form_expired",
            "Dieses Formular gilt nicht mehr",
            "Es wurde nichts geändert.",
            way_out="Bitte laden Sie die Seite neu und senden Sie das Formular noch einmal.",
        )


Form = Annotated[Posted, Depends(_posted)]
"""A form that was checked to come from this person's own page, in a door's signature."""


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Ask = Annotated[Services, Depends(_services)]
"""The other services, in a door's signature."""


def owner_of(visit: Visit) -> Owner:
    """Whose cart and last details a requester's page is about."""
    owner = visit.cart
    assert owner is not None  # noqa: S101 - a requester has a member
    return owner


async def known_parties(request: Request) -> Parties:
    """Names of members and suppliers, as far as the portal has heard them."""
    async with request.app.state.database.reading() as connection:
        return await parties(connection)
