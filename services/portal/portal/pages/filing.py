"""The file of an order: everything that happened, the seal, the chain behind it, the export."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from marktbund.errors import NotFound
from portal.pages.rendering import page_of, protected
from portal.pages.views import files
from portal.pages.views import orders as views
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, known_parties, with_role

router = APIRouter()

Place = Annotated[str, Query(max_length=64)]
Overseer = Annotated[Visit, Depends(with_role("award_office", "auditor"))]


@router.get("/akten")
async def list_files(
    request: Request, visit: Overseer, services: Ask, nach: Place = ""
) -> Response:
    if visit.member_id is None:
        everybody = await known_parties(request)
        shown = await files.chains(services, visit.plain_caller, everybody, nach)
        return page_of(request, "chains.html", visit, 200, shown)
    orders = await views.page_of_orders(services, visit.caller, _order_id(nach))
    return page_of(request, "files.html", visit, 200, orders)


def _order_id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound("page_unknown", "Diese Seite gibt es nicht") from None


@router.get("/akten/{order_id}")
async def show_file(request: Request, order_id: UUID, visit: Overseer, services: Ask) -> Response:
    shown = await files.file_page(services, visit.caller, order_id)
    return page_of(request, "file.html", visit, 200, shown)


@router.get("/akten/{order_id}/export")
async def export_file(request: Request, order_id: UUID, visit: Overseer, services: Ask) -> Response:
    content = await files.export(services, visit.caller, order_id)
    disposition = f'attachment; filename="akte-{order_id}.json"'
    headers = {**protected(request), "Content-Disposition": disposition}
    return Response(content, media_type="application/json", headers=headers)
