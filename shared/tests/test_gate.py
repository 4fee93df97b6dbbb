"""The gate of a process: what passes while it is shut, what is refused, and in which words."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from marktbund.ahead import Closed, Gate, counted
from marktbund.ahead.owned import everything
from marktbund.contracts.members import MEMBER_EVENTS, UNIT_EVENTS
from marktbund.jsons import loads
from marktbund.kafka_access import KafkaAccess
from marktbund.unit_of_work import Database, create_engine

from .test_health import NOWHERE

OWNED = everything(
    [
        counted(MEMBER_EVENTS, "member", "member_id"),
        counted(UNIT_EVENTS, "unit", "unit_id"),
    ],
    [],
)
NO_KAFKA = KafkaAccess("127.0.0.1:1", "x", "x", "SASL_PLAINTEXT")


def gate_of(owned: Any = OWNED) -> Gate:
    """A gate whose database and Kafka do not answer: it opens by itself only without topics."""
    return Gate(
        Database(create_engine(NOWHERE, application="test"), "members"), NO_KAFKA, "", owned
    )


@pytest.fixture
def gate() -> Gate:
    return gate_of()


def test_who_announces_nothing_is_open_from_the_start():
    gate = gate_of({})
    assert gate.is_open
    assert (gate.trouble(), gate.ahead) == ({}, {})


def test_before_the_first_look_it_is_shut_and_says_so(gate: Gate):
    assert not gate.is_open
    assert gate.trouble() == {"topics": "not looked at yet"}
    assert gate.ahead == {MEMBER_EVENTS.name: 0, UNIT_EVENTS.name: 0}
    refusal = gate.refusal()
    assert (refusal.status, refusal.code) == (503, "topics_not_looked_at")
    assert refusal.way_out == "Bitte gleich noch einmal versuchen."


def test_only_the_topics_that_are_ahead_are_named(gate: Gate):
    gate._looked = True
    gate.ahead = {MEMBER_EVENTS.name: 0, UNIT_EVENTS.name: 3}
    assert gate.trouble() == {"topics": f"ahead of the database, keys: {UNIT_EVENTS.name}: 3"}
    refusal = gate.refusal()
    assert refusal.code == "topics_ahead"
    assert MEMBER_EVENTS.name not in refusal.detail
    assert f"{UNIT_EVENTS.name} (3)" in refusal.detail
    assert refusal.extra == {"topics": [{"topic": UNIT_EVENTS.name, "keys": 3}]}


async def test_whoever_waits_goes_on_once_it_is_open(gate: Gate):
    waiting = asyncio.create_task(gate.opened())
    await asyncio.sleep(0)
    assert not waiting.done()
    gate.open()
    await waiting
    await gate.opened()
    assert gate.trouble() == {}


async def passed(gate: Gate, scope: Scope) -> tuple[bool, list[Message]]:
    """Whether a request reached the application, and what was sent instead."""
    reached: list[Scope] = []
    sent: list[Message] = []

    async def app(inner: Scope, _: Receive, __: Send) -> None:
        reached.append(inner)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    await Closed(app, gate=gate)(scope, receive, send)
    return bool(reached), sent


@pytest.mark.parametrize(
    ("method", "path", "passes"),
    [
        ("GET", "/api/members/v1/members", False),
        ("POST", "/api/members/v1/members", False),
        ("GET", "/api/members/v1/operations/dead-letters", True),
        ("HEAD", "/api/members/v1/operations/status", True),
        ("POST", "/api/members/v1/operations/dead-letters/1/replay", False),
        ("DELETE", "/api/members/v1/operations/status", False),
        ("GET", "/api/members/v1/operations", False),
        ("GET", "/health/ready", True),
        ("POST", "/anmelden", True),
    ],
)
async def test_while_it_is_shut_people_look_and_nobody_changes(
    gate: Gate, method: str, path: str, passes: bool
):
    scope = {"type": "http", "method": method, "path": path, "headers": []}
    reached, sent = await passed(gate, scope)
    assert (reached, bool(sent)) == (passes, not passes)
    if sent:
        headers = dict(sent[0]["headers"])
        assert (sent[0]["status"], headers[b"retry-after"]) == (503, b"2")
        assert loads(sent[1]["body"])["code"] == "topics_not_looked_at"
    gate.open()
    assert (await passed(gate, scope))[0]


async def test_what_is_no_request_passes(gate: Gate):
    assert await passed(gate, {"type": "lifespan"}) == (True, [])
