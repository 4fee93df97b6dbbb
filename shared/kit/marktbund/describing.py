"""A service's OpenAPI document: for whoever signed in, and it says how to."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from marktbund.auth import Subject
from marktbund.quotas import count_request

_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "Access token of the platform's realm, audience `marktbund`.",
}


def describe(app: FastAPI, service: str) -> None:
    """Let the app's document declare the token every door asks for, and serve it to accounts."""
    plain = app.openapi

    def document() -> dict[str, Any]:
        made = plain()
        made.setdefault("components", {})["securitySchemes"] = {"account": _SCHEME}
        made["security"] = [{"account": []}]
        return made

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way
    doors = APIRouter(include_in_schema=False)

    @doors.get("/openapi.json")
    async def openapi(request: Request, sub: Subject) -> JSONResponse:
        # Suppliers' accounts, too, which only one service knows: whoever has a token may read.
        count_request(request, sub)
        return JSONResponse(app.openapi())

    app.include_router(doors, prefix=f"/api/{service}/v1")
