"""A door that asks for account, key and facts at once: who hears what first, and what is kept."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.admission import Admission, AdmittedRoute, admitted
from marktbund.auth import Actor
from marktbund.composition import Service
from marktbund.errors import Conflict
from marktbund.ids import new_id
from marktbund.quotas import Quotas
from marktbund.statements import Clause
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, doors_of

router = APIRouter(route_class=AdmittedRoute)
KEY = "key-4711"


class TakeNumber(BaseModel):
    quantity: Annotated[int, Field(ge=1)]
    refuse: bool = False


class NumberAnswer(BaseModel):
    person_id: UUID
    member_id: UUID
    acting_member_id: UUID
    facts: int
    quantity: int


@router.post("/numbers", status_code=201)
async def take_number(
    command: TakeNumber,
    admission: Annotated[Admission, Depends(admitted("requester"), scope="function")],
):
    async def work(actor: Actor, known: Row) -> None:
        if command.refuse:
            raise Conflict("numbers_closed", "Heute gibt es keine Nummern", field="quantity")
        admission.answer(
            NumberAnswer(
                person_id=actor.person_id,
                member_id=actor.member_id,
                acting_member_id=actor.acting_member_id,
                facts=known.facts,
                quantity=command.quantity,
            )
        )

    facts = "(SELECT count(*) FROM idempotency WHERE actor <> :asked)"
    return await admission(lambda member: [Clause("facts", facts, {"asked": str(member)})], work)


@router.post("/silent", status_code=201)
async def say_nothing(
    admission: Annotated[Admission, Depends(admitted("requester"), scope="function")],
):
    async def work(_: Actor, __: Row) -> None:
        pass

    return await admission(lambda _: [], work)


@pytest.fixture
def doors(connection: AsyncConnection, platform: ServiceDatabase) -> Iterator[Doors]:
    service = Service(name="members", title="Nummern", routers=[router])
    made = doors_of(service, connection, platform.app_url)
    yield made
    made.app.state.quotas = Quotas(times=1_000)


class Desk:
    """A requester of a town at the door."""

    def __init__(self, doors: Doors, town: UUID, headers: dict[str, str]) -> None:
        self.doors = doors
        self.town = town
        self.headers = headers

    async def take(self, body: object, key: str = KEY, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = self.headers | {"Member": str(self.town), "Idempotency-Key": key} | named
        return await self.doors.client.post("/numbers", json=body, headers=sent)

    async def kept(self) -> int:
        rows = await self.doors.database.connection.exec_driver_sql("SELECT key FROM idempotency")
        return len(rows.all())


@pytest.fixture
async def desk(doors: Doors) -> Desk:
    town = new_id()
    return Desk(doors, town, await doors.account(("requester", town)))


async def stranger(desk: Desk) -> Desk:
    return Desk(desk.doors, desk.town, await desk.doors.account(("requester", new_id())))


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_work_is_done_for_the_member_and_answered_once(desk: Desk):
    first = await desk.take({"quantity": 3})
    again = await desk.take({"quantity": 3})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["member_id"] == first.json()["acting_member_id"] == str(desk.town)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert await desk.kept() == 1


async def test_another_body_under_the_key_is_refused_and_keeps_the_first(desk: Desk):
    first = await desk.take({"quantity": 3})
    assert code(await desk.take({"quantity": 4})) == (422, "idempotency_key_reused")
    assert (await desk.take({"quantity": 3})).json() == first.json()


async def test_two_accounts_of_a_town_may_use_the_same_key(desk: Desk):
    colleague = await desk.doors.account(("requester", desk.town))
    first = await desk.take({"quantity": 1})
    second = await Desk(desk.doors, desk.town, colleague).take({"quantity": 9})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["person_id"] != second.json()["person_id"]
    assert (second.json()["quantity"], await desk.kept()) == (9, 2)


@pytest.mark.parametrize("changed", ["member", "behalf"])
async def test_the_member_belongs_to_what_is_asked(desk: Desk, changed: str):
    other = new_id()
    both = await desk.doors.account(("requester", desk.town), ("requester", other))
    of_both = Desk(desk.doors, desk.town, both)
    await of_both.take({"quantity": 1})
    headers = {"Member": str(other)} if changed == "member" else {"On_Behalf_Of": str(desk.town)}
    assert code(await of_both.take({"quantity": 1}, **headers)) == (422, "idempotency_key_reused")


async def test_a_refusal_of_the_work_keeps_nothing_and_the_key_stays_free(desk: Desk):
    refused = await desk.take({"quantity": 1, "refuse": True})
    assert (*code(refused), refused.json()["field"]) == (409, "numbers_closed", "quantity")
    assert await desk.kept() == 0
    assert (await desk.take({"quantity": 1})).status_code == 201


async def test_work_without_an_answer_is_a_fault_of_ours(desk: Desk):
    sent = desk.headers | {"Member": str(desk.town), "Idempotency-Key": KEY}
    answer = await desk.doors.client.post("/silent", headers=sent)
    assert code(answer) == (500, "internal_error")


BAD_BODIES: list[object] = [{}, {"quantity": 0}, {"quantity": "viele"}, [], None]


@pytest.mark.parametrize("body", BAD_BODIES, ids=repr)
async def test_a_stranger_hears_that_before_what_is_wrong_with_the_request(desk: Desk, body):
    outsider = await stranger(desk)
    assert code(await outsider.take(body)) == (403, "not_authorised")
    assert code(await desk.take(body)) == (422, "invalid_input")


async def test_a_stranger_hears_nothing_of_a_key_that_is_taken(desk: Desk):
    outsider = await stranger(desk)
    await desk.take({"quantity": 3})
    assert code(await outsider.take({"quantity": 3})) == (403, "not_authorised")


async def test_nobody_hears_it_without_an_account_or_a_token(desk: Desk):
    sent = {"Member": str(desk.town), "Idempotency-Key": KEY}
    nobody = await desk.doors.client.post("/numbers", json={}, headers=sent)
    assert code(nobody) == (401, "token_missing")
    unknown = desk.doors.token(f"sub-{new_id()}") | sent
    answer = await desk.doors.client.post("/numbers", json={}, headers=unknown)
    assert code(answer) == (403, "not_authorised")
    assert answer.json()["title"] == "Kein Zugang"


@pytest.mark.parametrize("key", ["", "short", "x" * 201, " " * 8 + "a"])
async def test_a_key_must_be_a_line_of_eight_to_two_hundred(desk: Desk, key: str):
    answer = await desk.take({"quantity": 1}, key=key)
    assert (*code(answer), answer.json()["field"]) == (422, "invalid_input", "idempotency-key")
    assert await desk.kept() == 0


async def test_without_a_key_nothing_is_done(desk: Desk):
    sent = desk.headers | {"Member": str(desk.town)}
    answer = await desk.doors.client.post("/numbers", json={"quantity": 1}, headers=sent)
    assert (*code(answer), answer.json()["field"]) == (422, "invalid_input", "idempotency-key")
    assert await desk.kept() == 0


@pytest.mark.parametrize("member", ["", "Musterstadt"])
async def test_a_member_that_is_none_is_named_before_the_body_is_looked_at(desk: Desk, member: str):
    for body in ({"quantity": 1}, {}):
        answer = await desk.take(body, Member=member)
        assert answer.status_code in {400, 422}
        assert answer.json()["field"].lower() == "member"


async def test_no_mandate_is_heard_before_a_bad_body(desk: Desk):
    for body in ({"quantity": 1}, {"quantity": 0}):
        answer = await desk.take(body, On_Behalf_Of=str(new_id()))
        assert (*code(answer), answer.json()["field"]) == (403, "no_mandate", "On-Behalf-Of")
    assert await desk.kept() == 0


@pytest.mark.parametrize(
    "body", [{"quantity": 1}, {"quantity": 0}, {"quantity": 1, "refuse": True}]
)
async def test_a_request_counts_once_whatever_becomes_of_it(desk: Desk, body):
    desk.doors.app.state.quotas = Quotas({"writes": 2})
    statuses = [(await desk.take(body, key=f"key-{number}")).status_code for number in range(3)]
    assert statuses[2] == 429
    assert 429 not in statuses[:2]


async def test_a_stranger_is_counted_too(desk: Desk):
    desk.doors.app.state.quotas = Quotas({"writes": 1})
    outsider = await stranger(desk)
    assert code(await outsider.take({})) == (403, "not_authorised")
    assert code(await outsider.take({})) == (429, "too_many_requests")
    assert (await desk.take({"quantity": 1})).status_code == 201
