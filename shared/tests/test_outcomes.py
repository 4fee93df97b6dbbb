"""What a request that failed says of what became of it: nothing changed, or nobody knows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.composition import Service, build
from marktbund.envelope import Origin
from marktbund.http import Reading, Uow
from marktbund.testing.databases import PinnedDatabase
from marktbund.unit_of_work import UnitOfWork

from .test_health import SETTINGS

LOST = DBAPIError("COMMIT", None, ConnectionResetError(), connection_invalidated=True)
BUG = ZeroDivisionError()
router = APIRouter()


class Faulty(PinnedDatabase):
    """Its commit is sent, and instead of an answer comes an error; or the work before it fails."""

    at_work: Exception | None = None
    at_commit: Exception | None = None

    @asynccontextmanager
    async def begin(self, origin: Origin, tenant: UUID | None = None) -> AsyncIterator[UnitOfWork]:
        async with super().begin(origin, tenant) as unit:
            yield unit
        if self.at_commit is not None:
            raise self.at_commit


@router.post("/work")
async def work(request: Request, uow: Uow) -> str:
    await uow.connection.exec_driver_sql("SELECT 1")
    if request.app.state.database.at_work is not None:
        raise request.app.state.database.at_work
    return "done"


@router.get("/work")
async def look(_: Reading) -> str:
    raise LOST


@pytest.fixture
def app(connection: AsyncConnection) -> FastAPI:
    settings = SETTINGS.model_copy(update={"role": "api"})
    app = build(Service(name="members", title="Mitglieder", routers=[router]), settings)
    app.state.database = Faulty(connection, "members")
    app.state.gate.open()
    return app


async def ask(app: FastAPI, method: str = "POST") -> tuple[int, str, str]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    base = "http://localhost/api/members/v1"
    async with httpx.AsyncClient(transport=transport, base_url=base) as client:
        answer = await client.request(method, "/work")
    body = answer.json()
    return answer.status_code, body["code"], f"{body['title']}. {body['detail']}"


@pytest.mark.parametrize(("error", "status"), [(LOST, 503), (BUG, 500)], ids=["lost", "bug"])
async def test_an_error_at_the_commit_leaves_open_what_became_of_it(
    app: FastAPI, error: Exception, status: int
):
    app.state.database.at_commit = error
    answered, code, words = await ask(app)
    assert (answered, code) == (status, "outcome_unknown")
    assert "Es kann sein, dass Ihre Anfrage schon ausgeführt ist" in words
    assert "nichts geändert" not in words


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(LOST, 503, "try_again"), (BUG, 500, "internal_error")],
    ids=["lost", "bug"],
)
async def test_an_error_before_the_commit_changed_nothing(
    app: FastAPI, error: Exception, status: int, code: str
):
    app.state.database.at_work = error
    answered, refused, words = await ask(app)
    assert (answered, refused) == (status, code)
    assert words.endswith("Es wurde nichts geändert.")


async def test_a_question_changes_nothing(app: FastAPI):
    answered, refused, words = await ask(app, "GET")
    assert (answered, refused) == (503, "try_again")
    assert words.endswith("Es wurde nichts geändert.")
