"""Signing in and out. The issuer asks for the password; this portal never sees it."""

from collections.abc import Awaitable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from marktbund import clock
from marktbund.errors import Malformed
from marktbund.http import Uow, origin
from marktbund.quotas import address_of, quotas_of
from portal.clients.identity import BACK, LEFT, Identity, NotIdentified
from portal.clients.services import Unavailable
from portal.domain.paths import HOME
from portal.handlers import signing_in
from portal.handlers.signing_in import Identified
from portal.pages.rendering import page, redirect
from portal.pages.visitors import Form, Visitor, cookie, cookie_name, open_session
from portal.store import logout_messages, sessions, sign_ins
from portal.store.sign_ins import LASTS

router = APIRouter()

Text = Annotated[str, Query(max_length=4000)]
_SIGN_IN = "marktbund-anmeldung"
_IN_ANOTHER_TAB = "authentication_expired"
"""What Keycloak says when its page was left open while the browser signed in elsewhere."""
ADMISSION = "/anmeldung/zulassung"


@router.get("/anmeldung")
async def sign_in(request: Request, uow: Uow, ziel: Text = "/") -> Response:
    quotas_of(request).take("sign_ins", address_of(request))
    held = request.cookies.get(cookie_name(request, _SIGN_IN), "")
    key, going = await signing_in.begin_sign_in(ziel, held, uow)
    way = _identity(request).way_in(going.state, going.nonce, going.verifier)
    answer = redirect(request, way)
    lasts = int(LASTS.total_seconds())
    answer.set_cookie(cookie_name(request, _SIGN_IN), key, max_age=lasts, **cookie(request))
    return answer


@router.get(ADMISSION)
async def admit(request: Request) -> Response:
    # The gateway asks before it passes a password or a code to the issuer, which counts by account.
    quotas_of(request).take("sign_in_steps", address_of(request))
    return Response(status_code=204)


@router.get(BACK)
async def come_back(
    request: Request, code: Text = "", state: Text = "", error_description: Text = ""
) -> Response:
    quotas_of(request).take("pages", address_of(request))
    key = request.cookies.get(cookie_name(request, _SIGN_IN), "")
    database = request.app.state.database
    async with database.begin(await origin(request)) as uow:
        known = await sign_ins.take(uow, key, state) if key and state else None
    if known is None or not code:
        target = known.target if known else HOME
        begin_anew = known is not None and error_description == _IN_ANOTHER_TAB
        return await _without_code(request, target, begin_anew=begin_anew)
    try:
        claims, tokens = await _identity(request).redeem(
            code, known.verifier, known.nonce, clock.now()
        )
    except NotIdentified:
        return _failed(request, known.target)
    except Unavailable:
        return _away(request, known.target)
    who = Identified(
        sub=claims.sub,
        sign_in=claims.sid,
        name=(claims.name or claims.preferred_username or "Konto")[:200],
        tokens=tokens,
    )
    async with database.begin(await origin(request)) as uow:
        before = request.cookies.get(cookie_name(request), "")
        if before:
            await sessions.remove(uow, before)
        session = await signing_in.open_session(who, uow)
    answer = redirect(request, known.target)
    answer.set_cookie(cookie_name(request), session.key, **cookie(request))
    return answer


@router.post("/abmeldung")
async def sign_out(request: Request, visit: Visitor, _: Form) -> Response:
    database = request.app.state.database
    async with database.begin(await origin(request)) as uow:
        await sessions.remove(uow, visit.session.key)
    return await _left(request, _identity(request).end(visit.session.tokens.refresh))


@router.post("/abmeldung/ueberall")
async def sign_out_everywhere(request: Request, visit: Visitor, _: Form) -> Response:
    database = request.app.state.database
    async with database.begin(await origin(request)) as uow:
        await sessions.remove_of(uow, sub=visit.session.sub)
    return await _left(request, _identity(request).end_everywhere(visit.session.tokens.access))


@router.get(LEFT)
async def left(request: Request) -> Response:
    quotas_of(request).take("pages", address_of(request))
    return page(request, "left.html")


@router.post("/anmeldung/abmeldenachricht")
async def logged_out_at_the_issuer(request: Request) -> Response:
    form = await request.form(max_files=0, max_fields=5)
    token = str(form.get("logout_token", ""))
    try:
        message = await _identity(request).logged_out(token, clock.now())
    except NotIdentified as error:
        raise _not_a_message() from error
    async with request.app.state.database.begin(await origin(request)) as uow:
        if not await logout_messages.take(uow, message.jti):
            raise _not_a_message()
        await sessions.remove_of(uow, sub=message.sub, sign_in=message.sign_in)
    return Response(status_code=200, headers={"Cache-Control": "no-store"})


def _not_a_message() -> Malformed:
    return Malformed("logout_token_invalid", "Abmeldenachricht ungültig")


async def _without_code(request: Request, target: str, *, begin_anew: bool) -> Response:
    """Come back with nothing to redeem: to their page whoever is signed in by now."""
    if await open_session(request) is not None:
        return redirect(request, target)
    if begin_anew:
        return redirect(request, _way_in(target))
    return _failed(request, target)


def _way_in(target: str) -> str:
    return f"/anmeldung?{urlencode({'ziel': target})}"


def _failed(request: Request, target: str) -> Response:
    sentences = {
        "title": "Die Anmeldung hat nicht geklappt",
        "detail": "Sie ist abgelaufen oder wurde in einem anderen Fenster begonnen.",
        "way_out": "Bitte melden Sie sich noch einmal an.",
    }
    return _sign_in_page(request, 400, target, sentences)


def _away(request: Request, target: str) -> Response:
    sentences = {
        "title": "Die Anmeldung ist gerade nicht möglich",
        "detail": "Die Anmeldestelle antwortet im Augenblick nicht.",
        "way_out": "Bitte versuchen Sie es gleich noch einmal.",
    }
    return _sign_in_page(request, 503, target, sentences)


def _sign_in_page(
    request: Request, status: int, target: str, sentences: dict[str, str]
) -> Response:
    onward = {"href": _way_in(target), "text": "Noch einmal anmelden"}
    return page(request, "message.html", None, status, onward=onward, **sentences)


async def _left(request: Request, ending: Awaitable[None]) -> Response:
    try:
        await ending
    except (NotIdentified, Unavailable):
        # The portal's sessions are gone; the issuer's own page can still end the rest.
        answer = redirect(request, _identity(request).way_out())
    else:
        answer = redirect(request, LEFT)
    answer.delete_cookie(cookie_name(request), **cookie(request))
    return answer


def _identity(request: Request) -> Identity:
    identity: Identity = request.app.state.identity
    return identity
