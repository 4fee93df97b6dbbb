"""Idempotency at a door: what belongs to a request, and a key settled by whom it belongs to."""

from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.auth import Actor, member_role
from marktbund.composition import Service
from marktbund.errors import Conflict
from marktbund.http import Uow
from marktbund.idempotency import Idempotent
from marktbund.idempotency import router as keys
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, doors_of

router = APIRouter()
KEY = "key-4711"


class NoteAnswer(BaseModel):
    note: str
    number: int


@router.post("/notes/{name}")
@router.put("/notes/{name}")
async def note(
    name: str,
    _: Annotated[Actor, Depends(member_role("requester"))],
    once: Idempotent,
    uow: Uow,
    status: int = 201,
):
    async def work() -> NoteAnswer:
        if name == "closed":
            raise Conflict("note_closed", "Geschlossen")
        query = "SELECT nextval('pg_temp.notes')"
        return NoteAnswer(
            note=name, number=(await uow.connection.exec_driver_sql(query)).scalar_one()
        )

    return await once(work, status=status)


@pytest.fixture
async def doors(connection: AsyncConnection, platform: ServiceDatabase) -> Doors:
    await connection.exec_driver_sql("CREATE TEMP SEQUENCE notes")
    service = Service(name="members", title="Notizen", routers=[router, keys])
    return doors_of(service, connection, platform.app_url)


class Writer:
    """A requester, by default under one key."""

    def __init__(self, doors: Doors, headers: dict[str, str]) -> None:
        self._client = doors.client
        self._headers = headers

    async def write(
        self, path: str = "/notes/a", method: str = "POST", key: str = KEY, body: bytes = b"1"
    ) -> httpx.Response:
        sent = self._headers | {"Idempotency-Key": key}
        return await self._client.request(method, path, content=body, headers=sent)

    async def settle(self, key: str = KEY) -> httpx.Response:
        return await self._client.post(f"/keys/{key}/settlement", headers=self._headers)


@pytest.fixture
async def writer(doors: Doors) -> Writer:
    town = new_id()
    return Writer(doors, await doors.account(("requester", town)) | {"Member": str(town)})


@pytest.fixture
async def colleague(doors: Doors) -> Writer:
    town = new_id()
    return Writer(doors, await doors.account(("requester", town)) | {"Member": str(town)})


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_the_first_answer_comes_again_with_its_status(writer: Writer):
    first = await writer.write("/notes/a?status=202")
    again = await writer.write("/notes/a?status=202")
    assert (first.status_code, first.json()) == (202, {"note": "a", "number": 1})
    assert (again.status_code, again.json()) == (202, {"note": "a", "number": 1})


@pytest.mark.parametrize(
    ("path", "method", "body"),
    [("/notes/b", "POST", b"1"), ("/notes/a", "PUT", b"1"), ("/notes/a", "POST", b"2")],
    ids=["another path", "another method", "another body"],
)
async def test_another_request_under_the_key_is_refused(writer: Writer, path, method, body):
    await writer.write()
    refused = await writer.write(path, method, body=body)
    assert code(refused) == (422, "idempotency_key_reused")
    assert (refused.json()["field"], refused.json()["way_out"]) == (
        "Idempotency-Key",
        "Verwenden Sie für eine neue Anfrage einen neuen Schlüssel.",
    )


async def test_what_is_asked_in_the_query_is_no_part_of_the_request(writer: Writer):
    first = await writer.write("/notes/a")
    assert (await writer.write("/notes/a?status=200")).json() == first.json()


async def test_another_key_is_another_request(writer: Writer):
    answers = [(await writer.write(key=f"key-000{n}")).json()["number"] for n in range(3)]
    assert answers == [1, 2, 3]


async def test_keys_of_two_accounts_never_meet(writer: Writer, colleague: Writer):
    first, second = await writer.write(), await colleague.write("/notes/b")
    assert (first.json()["number"], second.json()["number"]) == (1, 2)
    assert (await writer.write()).json() == first.json()
    assert (await colleague.write("/notes/b")).json() == second.json()


async def test_a_refusal_is_not_kept(writer: Writer):
    for _ in range(2):
        assert code(await writer.write("/notes/closed")) == (409, "note_closed")
    assert (await writer.write("/notes/open")).status_code == 201


async def test_a_key_that_was_answered_is_settled_by_its_answer(writer: Writer):
    first = await writer.write()
    for _ in range(2):
        settled = await writer.settle()
        assert (settled.status_code, settled.json()) == (
            200,
            {"carried_out": True, "answer": first.json()},
        )


async def test_after_a_key_was_settled_nothing_comes_of_it(writer: Writer):
    for _ in range(2):
        assert (await writer.settle()).json() == {"carried_out": False, "answer": None}
    assert code(await writer.write()) == (422, "idempotency_key_reused")
    assert (await writer.write(key="key-0815")).json()["number"] == 1


async def test_a_key_whose_request_was_refused_may_be_settled_or_used(writer: Writer):
    await writer.write("/notes/closed")
    assert (await writer.write("/notes/a")).status_code == 201
    assert (await writer.settle()).json()["carried_out"] is True


async def test_whoever_settles_settles_their_own_key_only(writer: Writer, colleague: Writer):
    first = await writer.write()
    assert (await colleague.settle()).json() == {"carried_out": False, "answer": None}
    assert (await writer.settle()).json() == {"carried_out": True, "answer": first.json()}
    assert code(await colleague.write()) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["short", "x" * 201])
async def test_a_key_that_cannot_be_one_is_not_settled(writer: Writer, key: str):
    refused = await writer.settle(key)
    assert (*code(refused), refused.json()["field"]) == (422, "invalid_input", "key")


async def test_without_a_token_no_key_is_settled(doors: Doors):
    answer = await doors.client.post(f"/keys/{KEY}/settlement")
    assert code(answer) == (401, "token_missing")
