"""The file of an order: everything that happened, the seal, the chain behind it, the export."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.api.pages import page, protected
from portal.api.visitors import Ask, with_role
from portal.views import files
from portal.views import orders as views
from portal.views.visits import Visit

router = APIRouter()

Overseer = Annotated[Visit, Depends(with_role("award_office", "auditor"))]


@router.get("/akten")
async def list_files(
    request: Request, visit: Overseer, services: Ask, nach: UUID | None = None
) -> Response:
    if visit.member_id is None:
        shown = await files.chains(services, visit.plain_caller)
        return page(request, "chains.html", visit, **shown)
    shown = await views.page_of_orders(services, visit.caller, nach)
    return page(request, "files.html", visit, **shown)


@router.get("/akten/{order_id}")
async def show_file(request: Request, order_id: UUID, visit: Overseer, services: Ask) -> Response:
    shown = await files.one(services, visit.caller, order_id)
    return page(request, "file.html", visit, **shown)


@router.get("/akten/{order_id}/export")
async def export_file(request: Request, order_id: UUID, visit: Overseer, services: Ask) -> Response:
    content = await files.export(services, visit.caller, order_id)
    disposition = f'attachment; filename="akte-{order_id}.json"'
    headers = {**protected(request), "Content-Disposition": disposition}
    return Response(content, media_type="application/json", headers=headers)
