"""Free-text orders: what stands in no catalogue, on an uploaded quote; and documents fetched."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from marktbund.jsons import dumps
from portal.clients.services import Refused, Services
from portal.handlers import sending_off
from portal.handlers.sending_off import Sender
from portal.pages.checkout import placed, sender_of
from portal.pages.forms import details, free_text
from portal.pages.forms.problems import Problem
from portal.pages.posted import Posted
from portal.pages.rendering import page, protected
from portal.pages.views import free_text as views
from portal.pages.views import hints
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, owner_of, with_role
from portal.store import sent_orders
from portal.store.sent_orders import SentOrder

router = APIRouter()

Requester = Annotated[Visit, Depends(with_role("requester"))]
Reader = Annotated[Visit, Depends(with_role("requester", "approver", "award_office", "auditor"))]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
_CHUNK = 64 * 1024
_SHA256 = re.compile("^[0-9a-f]{64}$")
_LINE = re.compile(r"lines\[([0-9]{1,3})\]")
_ENDS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@router.get("/freitext")
async def show_free_text(
    request: Request, visit: Requester, services: Ask, entwurf: UUID | None = None
) -> Response:
    """entwurf: the draft to go on from; its lines and details stand in the form."""
    typed = await views.of_draft(services, visit.caller, entwurf) if entwurf else {}
    return await _form(request, visit, typed, [])


@router.post("/freitext")
async def order_free_text(
    request: Request, visit: Requester, form: Form, services: Ask
) -> Response:
    positions = _positions(form)
    said = _typed(form, positions)
    sender = await sender_of(request, visit, services)
    if order_id := await sending_off.became(sender, form.key):
        return placed(request, order_id)
    sha256, problems = await _quote(form, visit, services)
    said["document_sha256"] = form.more["document_sha256"] = sha256
    if form.text("mehr") and not problems:
        said["positions"] = said["added"] = str(min(positions + 1, free_text.MOST))
        return await _form(request, visit, said, [])
    read, more = free_text.read(said, positions, sha256), details.read(said)
    problems += [each for found in (read, more) if isinstance(found, list) for each in found]
    if problems or isinstance(read, list) or isinstance(more, list):
        # One sentence about the document is enough.
        known = {each.field: each for each in reversed(problems)}
        return await _form(request, visit, said, list(known.values())[::-1])
    body = read | more
    try:
        if form.text("pruefen"):
            decision = await views.checked(services, visit.caller, body)
            return await _form(request, visit, said, [], {"decision": decision})
        body = details.NOTHING | body if said["draft_id"] else body
        return await _send(request, visit, sender, said, body)
    except Refused as refused:
        place = _field(refused.field, free_text.filled(said, positions))
        problem = Problem(place, refused.sentence)
        return await _form(request, visit, said, [problem])


async def _send(
    request: Request, visit: Visit, sender: Sender, said: dict[str, str], body: dict[str, object]
) -> Response:
    door, offer = hints.door_of(said["draft_id"]), details.to_offer(said)
    going = SentOrder(said["key"], "free_text", door, dumps(body), (), offer)
    earlier = await sending_off.settle_earlier(sender, "free_text", going)
    if earlier and earlier.order_id:
        if earlier.key == going.key:
            return placed(request, earlier.order_id, before=True)
        return await _form(request, visit, said, [], {"arrived": earlier.order_id})
    if earlier and earlier.key == going.key:
        said["key"] = str(uuid4())
    sent = await sending_off.send(sender, replace(going, key=said["key"]))
    return placed(request, sent.order_id, before=sent.before)


@router.get("/anlagen/{sha256}")
async def fetch_document(
    request: Request, sha256: Sha256, visit: Reader, services: Ask
) -> Response:
    found = await services.fetch(visit.caller, "orders", f"/attachments/{sha256}")
    kind = found.headers.get("content-type", "application/octet-stream")
    name = f"angebot-{sha256[:12]}.{_ENDS.get(kind, 'bin')}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **protected(request)}
    return Response(found.content, media_type=kind, headers=headers)


async def _quote(form: Posted, visit: Visit, services: Services) -> tuple[str, list[Problem]]:
    """The quote's SHA-256: of the file sent now, else of one sent before; and what was wrong."""
    file = form.form.get("document")
    if not isinstance(file, UploadFile) or not file.size:
        before = form.text("document_sha256", 64)
        return (before if _SHA256.match(before) else ""), []
    try:
        kept = await services.upload(visit.caller, "orders", "/attachments", _chunks(file))
    except Refused as refused:
        return "", [Problem("document", refused.sentence)]
    return str(kept["sha256"]), []


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk


async def _form(
    request: Request,
    visit: Visit,
    typed: dict[str, str],
    problems: list[Problem],
    more: Mapping[str, object] = MappingProxyType({}),
) -> Response:
    async with request.app.state.database.reading() as connection:
        shown = await views.form(connection, owner_of(visit), typed)
        shown["unsettled"] = await sent_orders.unsettled(connection, owner_of(visit), "free_text")
    errors = [{"field": each.field, "text": each.text} for each in problems]
    facts = {"errors": errors, "decision": None, "arrived": None, **shown, **more}
    return page(request, "free_text.html", visit, 422 if errors else 200, **facts)


def _typed(form: Posted, positions: int) -> dict[str, str]:
    fields = (*free_text.fields(positions), *details.FIELDS)
    said = {name: " ".join(form.text(name, 1000).split()) for name in fields}
    return said | {
        "positions": str(positions),
        "draft_id": form.text("draft_id", 40),
        "key": form.key,
    }


def _positions(form: Posted) -> int:
    told = form.text("positions", 3)
    return min(max(int(told), 1), free_text.MOST) if told.isascii() and told.isdecimal() else 1


def _field(field: str, filled: list[int]) -> str:
    """The form's field for one of orders' body; filled: the positions that became its lines."""
    last = field.rsplit(".", 1)[-1]
    if field in details.FIELD_OF:
        return details.FIELD_OF[field]
    if last == "document_sha256":
        return "document"
    if last in {*free_text.QUOTE, "reference"}:
        return last
    line = _LINE.match(field)
    index = filled[int(line[1])] if line and int(line[1]) < len(filled) else 0
    last = "wanted_on" if last == "requested_delivery_date" else last
    return free_text.named(last if last in free_text.POSITION else "description", index)
