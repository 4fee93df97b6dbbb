"""For whoever runs the platform: is it ready, what waits, what was parked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.pages.rendering import page
from portal.pages.views import operation
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, with_role

router = APIRouter()

Operator = Annotated[Visit, Depends(with_role("operator"))]


@router.get("/betrieb")
async def operations(request: Request, visit: Operator, services: Ask) -> Response:
    shown = await operation.overview(services, visit.plain_caller)
    return page(request, "operations.html", visit, services=shown)
