"""Pages that are open to everybody: accessibility, and who to tell about barriers."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.pages.rendering import page
from portal.pages.visitors import Guest

router = APIRouter()


@router.get("/barrierefreiheit")
async def accessibility(request: Request, guest: Guest) -> Response:
    return page(request, "accessibility.html", guest)


@router.get("/hilfe")
async def help_page(request: Request, guest: Guest) -> Response:
    return page(request, "help.html", guest)
