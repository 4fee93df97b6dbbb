"""Pages of an approver: what waits, one order with all facts, one click that decides."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from portal.clients import orders
from portal.clients.bodies import VerdictBody
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.pages.rendering import page_of, redirect
from portal.pages.views import deciding as views
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, with_role

router = APIRouter()

Approver = Annotated[Visit, Depends(with_role("approver"))]


@router.get("/freigaben")
async def list_approvals(
    request: Request, visit: Approver, services: Ask, nach: UUID | None = None
) -> Response:
    shown = await views.approvals(services, visit.caller, nach)
    return page_of(request, "approvals.html", visit, 200, shown)


@router.get("/freigaben/{order_id}")
async def show_approval(
    request: Request,
    order_id: UUID,
    visit: Approver,
    services: Ask,
    entschieden: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    return await _case(request, visit, services, order_id, [], "", decided=bool(entschieden))


@router.post("/freigaben/{order_id}/entscheidung")
async def decide(
    request: Request, order_id: UUID, visit: Approver, form: Form, services: Ask
) -> Response:
    comment = form.line("comment")
    body = VerdictBody(
        verdict=form.text("verdict", 20),
        content_sha256=form.text("content_sha256", 64),
        comment=comment,
    )
    if body.verdict != "approve" and not comment:
        text = "Bitte begründen Sie die Entscheidung; die Besteller lesen das."
        errors = [Problem("comment", text)]
        return await _case(request, visit, services, order_id, errors, comment, decided=False)
    try:
        await orders.decide(services, visit.caller, order_id, body, form.key)
    except Refused as refused:
        errors = [refused.error((), "decide")]
        return await _case(request, visit, services, order_id, errors, comment, decided=False)
    return redirect(request, f"/freigaben/{order_id}?entschieden=1")


async def _case(
    request: Request,
    visit: Visit,
    services: Services,
    order_id: UUID,
    errors: list[Problem],
    comment: str,
    *,
    decided: bool,
) -> Response:
    shown = await views.case(services, visit, order_id)
    key = views.key_of(visit, shown.order)
    facts = {"errors": errors, "comment": comment, "key": key, "decided": decided}
    return page_of(request, "approval.html", visit, 422 if errors else 200, shown, **facts)
