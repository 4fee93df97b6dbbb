"""Free-text orders: what stands in no catalogue, on an uploaded quote; and documents fetched."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from marktbund.contracts.routes import RouteDecision
from portal.clients import orders
from portal.clients.bodies import OrderBody
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.handlers import sending_off
from portal.handlers.sending_off import Sender
from portal.pages.checkout import placed, sender_of
from portal.pages.forms import details, free_text
from portal.pages.posted import Posted
from portal.pages.rendering import page_of, protected
from portal.pages.views import free_text as views
from portal.pages.views import hints
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, owner_of, with_role
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
    typed = _typed(form, positions)
    sender = await sender_of(request, visit, services)
    if order_id := await sending_off.became(sender, form.key):
        return placed(request, order_id)
    sha256, problems = await _quote(form, visit, services)
    typed["document_sha256"] = form.more["document_sha256"] = sha256
    if form.text("mehr") and not problems:
        typed["positions"] = typed["added"] = str(min(positions + 1, free_text.MOST))
        return await _form(request, visit, typed, [])
    read, more = free_text.read(typed, positions, sha256), details.read(typed)
    problems += [fault for form in (read, more) if isinstance(form, list) for fault in form]
    if problems or isinstance(read, list) or isinstance(more, list):
        # One sentence about the document is enough.
        known = {problem.field: problem for problem in reversed(problems)}
        return await _form(request, visit, typed, list(known.values())[::-1])
    body = read.beside(more)
    try:
        if form.text("pruefen"):
            decision = await orders.check_route(services, visit.caller, body)
            return await _form(request, visit, typed, [], decision=decision)
        body = read.beside(details.NOTHING).beside(more) if typed.get("draft_id") else body
        return await _send(request, visit, sender, typed, body)
    except Refused as refused:
        field = _field(refused.field, free_text.filled(typed, positions))
        problem = Problem(field, refused.sentence)
        return await _form(request, visit, typed, [problem])


async def _send(
    request: Request, visit: Visit, sender: Sender, typed: dict[str, str], body: OrderBody
) -> Response:
    door, offer = hints.door_of(typed.get("draft_id", "")), details.to_offer(typed)
    going = SentOrder(typed.get("key", ""), "free_text", door, body.as_json(), (), offer)
    earlier = await sending_off.settle_earlier(sender, "free_text", going)
    if earlier and earlier.order_id:
        if earlier.key == going.key:
            return placed(request, earlier.order_id, before=True)
        return await _form(request, visit, typed, [], arrived=earlier.order_id)
    if earlier and earlier.key == going.key:
        fresh = str(uuid4())
        typed["key"] = fresh
        going = replace(going, key=fresh)
    sent = await sending_off.send(sender, going)
    return placed(request, sent.order_id, before=sent.before)


@router.get("/anlagen/{sha256}")
async def fetch_document(
    request: Request, sha256: Sha256, visit: Reader, services: Ask
) -> Response:
    document = await orders.attachment(services, visit.caller, sha256)
    kind = document.media_type
    name = f"angebot-{sha256[:12]}.{_ENDS.get(kind, 'bin')}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **protected(request)}
    return Response(document.content, media_type=kind, headers=headers)


async def _quote(form: Posted, visit: Visit, services: Services) -> tuple[str, list[Problem]]:
    """The quote's SHA-256: of the file sent now, else of one sent before; and what was wrong."""
    file = form.form.get("document")
    if not isinstance(file, UploadFile) or not file.size:
        before = form.text("document_sha256", 64)
        return (before if _SHA256.match(before) else ""), []
    try:
        kept = await orders.attach(services, visit.caller, _chunks(file))
    except Refused as refused:
        return "", [Problem("document", refused.sentence)]
    return kept.sha256, []


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk


async def _form(
    request: Request,
    visit: Visit,
    typed: dict[str, str],
    problems: list[Problem],
    *,
    decision: RouteDecision | None = None,
    arrived: UUID | None = None,
) -> Response:
    async with request.app.state.database.reading() as connection:
        shown = await views.form(connection, owner_of(visit), typed)
    facts = {"errors": problems, "decision": decision, "arrived": arrived}
    return page_of(request, "free_text.html", visit, 422 if problems else 200, shown, **facts)


def _typed(form: Posted, positions: int) -> free_text.Typed:
    fields = (*free_text.fields(positions), *details.FIELDS)
    typed = {name: " ".join(form.text(name, 1000).split()) for name in fields}
    return typed | {
        "positions": str(positions),
        "draft_id": form.text("draft_id", 40),
        "key": form.key,
    }


def _positions(form: Posted) -> int:
    count = form.text("positions", 3)
    return min(max(int(count), 1), free_text.MOST) if count.isascii() and count.isdecimal() else 1


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
