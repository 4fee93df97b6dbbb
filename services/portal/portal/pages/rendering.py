"""A page: template, what every page shows, and the headers that protect it."""

from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from marktbund.contracts import words
from portal.domain import quantities
from portal.pages import statics
from portal.pages.menus import current, menu
from portal.pages.views.visits import Visit
from portal.words import codes, cpv, figures, routes


class View(Protocol):
    """What a page shows: a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "cpv_name": cpv.name,
    "cpv_named": cpv.named,
    "money": figures.money,
    "price": figures.price,
    "quantity": figures.quantity,
    "typed_number": figures.typed,
    "called": figures.called,
    "number": figures.number,
    "day": figures.day,
    "month": figures.month,
    "moment": figures.moment,
}
_templates.globals |= {
    "words": {
        name: table
        for room in (words, codes)
        for name, table in vars(room).items()
        if name.isupper()
    },
    "routes": routes,
    "counted": figures.counted,
    "word": codes.word,
    "bounds": quantities.bounds,
    "quantities": quantities,
    "version": statics.version(),
}


def page(
    request: Request, template: str, visit: Visit | None = None, status: int = 200, **facts: Any
) -> HTMLResponse:
    """The page as HTML, protected by headers; `facts` are the template's own."""
    shown = {
        "visit": visit,
        "menu": menu(visit),
        "current": current(visit, request.url.path),
        "errors": [],
        "feedback": request.app.state.feedback,
        "demo": request.app.state.driven_clock,
        "account": f"{request.app.state.settings.issuer_url}/account/",
        **facts,
    }
    text = _templates.get_template(template).render(shown)
    return HTMLResponse(text, status, headers=protected(request))


def page_of(
    request: Request,
    template: str,
    visit: Visit,
    status: int,
    shown: View,
    **facts: Any,
) -> HTMLResponse:
    """The page of what is shown: each of its fields stands in the template under its own name.
    facts: what a door adds.
    """
    view = {field.name: getattr(shown, field.name) for field in fields(shown)}
    return page(request, template, visit, status, **view, **facts)


def redirect(request: Request, target: str) -> RedirectResponse:
    """Go on by GET. `target`: a path of ours, or the issuer's own address."""
    return RedirectResponse(target, 303, headers=protected(request))


def protected(request: Request) -> Mapping[str, str]:
    """No script but ours, no frame, no form to elsewhere but the issuer, nothing kept."""
    issuer = urlsplit(request.app.state.settings.issuer_url)
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {issuer.scheme}://{issuer.netloc}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
