"""A form filled in when the session ended: kept for its person, sent again after signing in.

WCAG 2.2.1. Only a form of a page of ours is kept, known by its proof; it is shown to nobody but the
person whose page it was, and sent by their own click, with their new proof.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from marktbund import clock
from marktbund.http import origin
from portal.pages.posted import Posted
from portal.pages.rendering import page, page_of, redirect
from portal.pages.views.visits import Visit
from portal.pages.visitors import Visitor, cookie, cookie_name, from_here
from portal.store import kept_forms, sessions
from portal.store.kept_forms import KeptForm
from portal.words.form_names import NOT_KEPT, name_of

router = APIRouter()

WAITING = "/eingaben"
_COOKIE = "marktbund-eingaben"
_LONGEST = 200_000
_SECRET_BYTES = 32


async def read_again(request: Request) -> Posted | None:
    """The form of a request nobody has read yet, when it comes from a page of this site."""
    if request.method != "POST" or not from_here(request):
        return None
    form = await request.form(max_files=5, max_fields=3000)
    posted = Posted(form)
    too_long = sum(len(name) + len(value) for name, value in posted.again()) > _LONGEST
    return None if too_long else posted


async def keep(request: Request, answer: Response) -> bool:
    """Keep the form of a request whose session is over; the answer carries its key."""
    posted = await read_again(request)
    if posted is None or request.url.path in NOT_KEPT:
        return False
    database = request.app.state.database
    async with database.reading() as connection:
        owner = await kept_forms.owner_of(connection, posted.csrf, clock.now())
    if owner is None:
        return False
    key = secrets.token_urlsafe(_SECRET_BYTES)
    form = KeptForm(owner, request.url.path, tuple(posted.again()))
    async with database.begin(await origin(request)) as uow:
        await kept_forms.keep(uow, key, form)
    lasts = int(kept_forms.LASTS.total_seconds())
    answer.set_cookie(cookie_name(request, _COOKIE), key, max_age=lasts, **cookie(request))
    return True


@router.get(WAITING)
async def show_kept(request: Request, visit: Visitor) -> Response:
    key = request.cookies.get(cookie_name(request, _COOKIE), "")
    database = request.app.state.database
    async with database.reading() as connection:
        form = await kept_forms.find(connection, key, clock.now()) if key else None
    if form is None:
        return redirect(request, "/")
    if form.owner.sub != visit.session.sub:
        return page(request, "message.html", visit, 403, **_NOT_YOURS)
    if form.owner.member_id != visit.member_id and form.owner.member_id in visit.members:
        async with database.begin(await origin(request)) as uow:
            await sessions.choose_member(uow, visit.session.key, form.owner.member_id)
            await kept_forms.acts_for(uow, visit.session.csrf, form.owner.member_id)
        return redirect(request, WAITING)
    return page_of(request, "again.html", visit, 200, again(form, visit))


_NOT_YOURS = {
    "title": "Diese Eingaben gehören zu einem anderen Konto",
    "detail": "In diesem Browser hatte jemand anderes ein Formular ausgefüllt.",
    "way_out": "Absenden kann sie nur jenes Konto. Nach einer Stunde verfallen sie.",
}


@dataclass(frozen=True, slots=True)
class SentAgain:
    """A form as it was sent, to be sent once more. csrf_told: the proof it carries."""

    title: str
    detail: str
    way_out: str
    fields: Sequence[tuple[str, str]]
    action: str
    csrf_told: str
    label: str


def again(form: KeptForm, visit: Visit) -> SentAgain:
    """What the page says of a form that waits."""
    files = " Eine Datei müssen Sie neu auswählen." if form.path == "/freitext" else ""
    return SentAgain(
        title="Ihre Eingaben sind noch da",
        detail=f"{name_of(form.path)}: Ihre Sitzung war abgelaufen, abgeschickt ist nichts.",
        way_out=f"Mit einem Klick geht alles so ab, wie Sie es ausgefüllt hatten.{files}",
        fields=form.fields,
        action=form.path,
        csrf_told=visit.session.csrf,
        label="Jetzt absenden",
    )
