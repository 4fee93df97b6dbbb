"""A database that forgot what it announced: found out, numbered past, opened by a decision."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import text

from marktbund.ahead import Closed, Gate, counted
from marktbund.composition import Service, build
from marktbund.contracts.members import MEMBER_EVENTS, MemberStatusChanged
from marktbund.errors import Conflict
from marktbund.ids import new_id

from .forgetting import OWNED, Owner, engine, forgetful, keep, owner, restoring
from .test_delivery import produce, read_all
from .test_health import SETTINGS

__all__ = ["engine", "forgetful", "owner", "restoring"]
BY = new_id()


async def test_what_was_sent_is_noted_and_nothing_is_ahead(owner: Owner):
    key = new_id()
    await owner.change((key, 1), (key, 2))
    await owner.sent()
    assert await owner.value("SELECT sum(next_offset) FROM published") == 2
    survey = await owner.look()
    assert survey.ahead == {}
    assert all(first == end for first, end in survey.stretches.values())


async def test_a_record_sent_and_not_noted_closes_no_door(owner: Owner):
    key = new_id()
    saved = await owner.saved()
    await owner.change((key, 1))
    waiting = await owner.value("SELECT count(*) FROM outbox")
    await owner.sent()
    await owner.forget([table for table in saved if table[0] == "published"])
    assert (await owner.look()).ahead == {}
    assert waiting == await owner.value("SELECT sum(next_offset) FROM published") == 1


async def test_what_others_produced_a_second_time_closes_no_door(owner: Owner):
    key = new_id()
    await owner.change((key, 1), (key, 2))
    await owner.sent()
    topic = owner.prefix + MEMBER_EVENTS.name
    records = await read_all(owner.kafka, topic, 2)
    await produce(owner.kafka, topic, [*records, replace(records[0], value=b"{")])
    assert (await owner.look()).ahead == {}
    assert await owner.value("SELECT sum(next_offset) FROM published") == 5


async def test_a_forgotten_version_is_found_by_its_key(owner: Owner):
    key, other, late = new_id(), new_id(), new_id()
    await owner.change((key, 1), (other, 1))
    await owner.sent()
    saved = await owner.saved()
    await owner.change((key, 2), (key, 3), (late, 1))
    await owner.sent()
    await owner.forget(saved)
    survey = await owner.look()
    kind = MemberStatusChanged.type_name()
    assert survey.ahead[MEMBER_EVENTS].types == {
        str(key): {2: kind, 3: kind},
        str(late): {1: kind},
    }
    assert survey.keys == {MEMBER_EVENTS.name: 2}


async def test_a_gate_stays_shut_until_somebody_decides(owner: Owner):
    key = new_id()
    saved = await owner.saved()
    await owner.change((key, 1))
    await owner.sent()
    await owner.forget(saved)
    gate = Gate(owner.database, owner.kafka.admin, owner.prefix, OWNED)
    assert gate.refusal().code == "topics_not_looked_at"
    await gate._look()
    assert not gate.is_open
    assert gate.trouble() == {"topics": f"ahead of the database, keys: {MEMBER_EVENTS.name}: 1"}
    refusal = gate.refusal()
    assert (refusal.code, refusal.status) == ("topics_ahead", 503)
    assert refusal.extra == {"topics": [{"topic": MEMBER_EVENTS.name, "keys": 1}]}
    with pytest.raises(Conflict, match="facts_would_be_lost"):
        await owner.reconciler({}).reconcile(BY, "")
    await gate._look()
    assert not gate.is_open
    done = await owner.reconciler({}).reconcile(BY, "the backup is all there is")
    assert done is not None
    assert done.given_up == {MEMBER_EVENTS.name: [str(key)]}
    await gate.watch()
    assert gate.is_open
    assert gate.ahead == {MEMBER_EVENTS.name: 0}


async def test_versions_given_up_are_never_given_out_again(owner: Owner):
    key = new_id()
    await owner.change((key, 1))
    await owner.sent()
    saved = await owner.saved()
    await owner.change((key, 2), (key, 3))
    await owner.sent()
    await owner.forget(saved)
    await owner.reconciler({}).reconcile(BY, "lost")
    await owner.change((key, 2), (key, 3))
    await owner.sent()
    assert await owner.in_log(5) == [(str(key), version) for version in range(1, 6)]
    assert await owner.value("SELECT max(version) FROM version_floor") == 5
    assert (await owner.look()).ahead == {}


async def test_own_facts_come_back_from_the_log(owner: Owner):
    key, late = new_id(), new_id()
    await owner.change((key, 1))
    await owner.sent()
    saved = await owner.saved()
    await owner.change((key, 2), (late, 1), (late, 2))
    await owner.sent()
    await owner.forget(saved)
    done = await owner.reconciler({MemberStatusChanged: keep}).reconcile(BY, "")
    assert done is not None
    assert (done.taken_over, done.given_up) == (3, {})
    assert await owner.value(f"SELECT version FROM member WHERE member_id = '{late}'") == 2
    assert await owner.value("SELECT count(*) FROM version_floor") == 0
    await owner.change((key, 3))
    await owner.sent()
    assert (str(key), 3) in await owner.in_log(5)
    assert await owner.reconciler({}).reconcile(BY, "") is None


async def test_a_log_made_anew_is_followed_from_its_beginning(owner: Owner):
    await owner.change((new_id(), 1))
    await owner.sent()
    async with owner.restoring.begin() as connection:
        await connection.execute(text("UPDATE published SET next_offset = 1000"))
    assert (await owner.look()).ahead == {}
    assert await owner.value("SELECT max(next_offset) FROM published") == 1


async def test_doors_are_closed_while_topics_are_ahead(owner: Owner):
    saved = await owner.saved()
    await owner.change((new_id(), 1))
    await owner.sent()
    await owner.forget(saved)
    gate = Gate(owner.database, owner.kafka.admin, owner.prefix, OWNED)
    await gate._look()
    app = FastAPI()
    for path in ("/api/members/v1/members", "/api/members/v1/operations/status", "/metrics"):
        app.add_api_route(path, lambda: "open", methods=["GET", "POST"])
    app.add_middleware(Closed, gate=gate)
    async with asking(app) as ask:
        refused = await ask("GET", "/api/members/v1/members")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
        assert refused.headers["content-type"] == "application/problem+json"
        body = refused.json()
        ahead = [{"topic": MEMBER_EVENTS.name, "keys": 1}]
        assert (body["code"], body["topics"]) == ("topics_ahead", ahead)
        assert "restore.md" in body["way_out"]
        assert (await ask("POST", "/api/members/v1/operations/status")).status_code == 503
        assert (await ask("GET", "/api/members/v1/operations/status")).json() == "open"
        assert (await ask("GET", "/metrics")).json() == "open"
        gate.open()
        assert (await ask("GET", "/api/members/v1/members")).json() == "open"


async def test_a_service_opens_its_doors_only_after_looking():
    door = APIRouter()
    door.get("/members")(lambda: "open")
    counts = (counted(MEMBER_EVENTS, "member", "member_id"),)
    settings = SETTINGS.model_copy(update={"role": "api"})
    app = build(Service("members", "Mitglieder", [door], owns=counts), settings)
    async with asking(app) as ask:
        refused = await ask("GET", "/api/members/v1/members")
        assert (refused.status_code, refused.json()["code"]) == (503, "topics_not_looked_at")
        assert (await ask("GET", "/health/ready")).json()["trouble"]["topics"] == (
            "not looked at yet"
        )
        app.state.gate.open()
        assert (await ask("GET", "/api/members/v1/members")).json() == "open"


@asynccontextmanager
async def asking(app: FastAPI) -> AsyncIterator[Callable[[str, str], Awaitable[httpx.Response]]]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client.request
