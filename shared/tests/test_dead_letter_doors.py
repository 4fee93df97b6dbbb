"""The operator's doors to dead letters, on members with a handler to replay into."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from marktbund import clock
from marktbund.consuming import Hearing
from marktbund.consuming.dead_letters import Parked, park
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.envelope import Origin, write_headers
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, doors_of, rolled_back
from members.main import SERVICE

from .desk import spoilt
from .operating import PATH, Handled, Operator
from .test_delivery import event


@pytest.fixture
def handled() -> Handled:
    return Handled()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async for made in rolled_back(engine):
        yield made


@pytest.fixture
async def doors(connection: AsyncConnection, platform: ServiceDatabase, handled: Handled) -> Doors:
    hearing = Hearing({MEMBER_EVENTS: handled})
    return doors_of(replace(SERVICE, hearing=hearing), connection, platform.app_url)


@pytest.fixture
async def key(connection: AsyncConnection) -> UUID:
    """A key of which version 1 came spoilt, and 2 waits behind it."""
    made = new_id()
    good = event(made, 2).model_dump_json().encode()
    records = [
        replace(record, topic=MEMBER_EVENTS.name, partition=3, offset=offset)
        for offset, record in enumerate([spoilt(made, 1), spoilt(made, 2, good)], start=7)
    ]
    await connection.execute(
        text("""INSERT INTO consumer_offset
                (consumer, topic, partition, next_offset, parked, cluster_id, topic_id)
                VALUES ('members.v1', :topic, 3, 9, 2, 'c', 't')"""),
        {"topic": MEMBER_EVENTS.name},
    )
    codes = ("bad_json", "key_quarantined")
    parked = [Parked(r, code, "why") for r, code in zip(records, codes, strict=True)]
    await park(connection, "members.v1", parked)
    return made


@pytest.fixture
async def operator(doors: Doors) -> Operator:
    return Operator(doors, await doors.account(("operator", None), sub="who-does-it"))


async def test_letters_are_listed_without_content_and_shown_with_it(operator: Operator, key: UUID):
    status, listed = await operator.ask("GET", PATH, params={"key": str(key)})
    first, second = listed
    assert (status, first["code"], first["waits_behind"]) == (200, "bad_json", None)
    assert second["waits_behind"] == first["id"]
    assert "value" not in first
    assert await operator.ids(key, code="key_quarantined") == [second["id"]]
    assert await operator.ids(key, topic="other") == []
    assert await operator.ids(key, status="discarded") == []
    assert await operator.ids(key, after=first["id"], limit="1") == [second["id"]]
    status, shown = await operator.ask("GET", f"{PATH}/{first['id']}")
    assert (status, shown["value"]) == (200, {"base64": "ew==", "text": "{"})
    kind = {"base64": "YXBwbGljYXRpb24vanNvbg==", "text": "application/json"}
    assert {"name": "content-type", "value": kind} in shown["headers"]
    assert (shown["raw_key"]["text"], shown["steps"]) == (str(key), [])


async def test_the_key_that_stands_still_is_shown_and_counted(operator: Operator, key: UUID):
    [first, _] = await operator.ids(key)
    _, keys = await operator.ask("GET", f"{PATH}/keys", params={"limit": 500})
    [mine] = [standing_key for standing_key in keys if standing_key["key"] == str(key)]
    assert (mine["first_id"], mine["parked"], mine["code"]) == (first, 2, "bad_json")
    assert await operator.ask("GET", f"{PATH}/keys", params={"after": first}) == (200, [])
    _, status = await operator.ask("GET", "/operations/status")
    [standing] = [s for s in status["dead_letters"] if s["topic"] == MEMBER_EVENTS.name]
    assert (standing["parked"], standing["quarantined_keys"]) == (2, 1)
    assert standing["oldest_seconds"] >= 0


async def test_repair_and_replay_through_the_doors(
    operator: Operator, key: UUID, handled: Handled, connection: AsyncConnection
):
    [first, second] = await operator.ids(key)
    good = event(key, 1).model_dump_json()
    repair = {"reason": "cut off", "value": good}
    assert await operator.ask("PUT", f"{PATH}/{first}/repair", json=repair) == (204, None)
    handled.refuse = 2
    status, done = await operator.ask("POST", f"{PATH}/{second}/replay-key")
    assert [(d["id"], d["outcome"]) for d in done] == [(first, "applied"), (second, "failed")]
    assert (status, done[1]["cause"]) == (200, "ValueError: not this one")
    handled.refuse = 0
    status, replayed = await operator.ask("POST", f"{PATH}/{second}/replay")
    assert (status, replayed["outcome"], handled.versions) == (200, "applied", [1, 2])
    _, shown = await operator.ask("GET", f"{PATH}/{second}")
    assert [step["step"] for step in shown["steps"]] == ["failed", "applied"]
    person = await connection.scalar(
        text("SELECT person_id FROM principal WHERE sub = 'who-does-it'")
    )
    assert {step["done_by"] for step in shown["steps"]} == {str(person)}
    _, status = await operator.ask("GET", "/operations/status")
    [mine] = [
        partition for partition in status["progress"] if partition["topic"] == MEMBER_EVENTS.name
    ]
    assert (mine["applied"], mine["parked"], mine["discarded"]) == (2, 0, 0)


async def test_repaired_headers_are_those_that_are_replayed(operator: Operator, key: UUID):
    [first, _] = await operator.ids(key)
    good = event(key, 1)
    origin = Origin(correlation_id="mended by hand")
    headers = write_headers(good, new_id(), "members", clock.now(), origin)
    repair = {"reason": "cut off", "value": good.model_dump_json(), "headers": headers}
    assert await operator.ask("PUT", f"{PATH}/{first}/repair", json=repair) == (204, None)
    _, shown = await operator.ask("GET", f"{PATH}/{first}")
    [step] = shown["steps"]
    assert {row["name"]: row["value"]["text"] for row in step["headers"]} == headers
    status, done = await operator.ask("POST", f"{PATH}/{first}/replay")
    assert (status, done["outcome"]) == (200, "applied")


async def test_a_key_is_replayed_as_far_as_was_asked(
    operator: Operator, key: UUID, handled: Handled
):
    [first, second] = await operator.ids(key)
    repair = {"reason": "cut off", "value": event(key, 1).model_dump_json()}
    await operator.ask("PUT", f"{PATH}/{first}/repair", json=repair)
    path = f"{PATH}/{second}/replay-key"
    status, done = await operator.ask("POST", path, params={"limit": 1})
    assert (status, [row["id"] for row in done]) == (200, [first])
    assert (handled.versions, await operator.ids(key)) == ([1], [second])
    refused, problem = await operator.ask("POST", path, params={"limit": 0})
    assert (refused, problem["code"]) == (422, "invalid_input")
    assert await operator.ids(key) == [second]


async def test_a_discarded_letter_stays_to_be_seen(operator: Operator, key: UUID):
    [first, second] = await operator.ids(key)
    discard = {"reason": "nobody knows it"}
    assert await operator.ask("POST", f"{PATH}/{first}/discard", json=discard) == (204, None)
    assert await operator.ids(key) == [second]
    assert await operator.ids(key, status="all") == [first, second]
    _, shown = await operator.ask("GET", f"{PATH}/{first}")
    assert (shown["status"], shown["steps"][0]["detail"]) == ("discarded", "nobody knows it")


@pytest.mark.parametrize(
    ("verb", "body", "refusal"),
    [
        ("replay", None, (409, "letter_waits")),
        ("repair", {"reason": "why"}, (422, "repair_empty")),
        ("repair", {"reason": "why", "value": "{}"}, (422, "still_unreadable")),
        ("repair", {"reason": "why", "headers": {"ce_type": "x"}}, (422, "still_unreadable")),
        ("discard", {"reason": ""}, (422, "invalid_input")),
        ("discard", {}, (422, "invalid_input")),
    ],
)
async def test_a_refusal_says_why_and_changes_nothing(
    operator: Operator, key: UUID, verb: str, body: Any, refusal: tuple[int, str]
):
    [first, second] = await operator.ids(key)
    how = {} if body is None else {"json": body}
    method = "PUT" if verb == "repair" else "POST"
    status, problem = await operator.ask(method, f"{PATH}/{second}/{verb}", **how)
    assert (status, problem["code"]) == refusal
    assert await operator.ids(key) == [first, second]
    _, shown = await operator.ask("GET", f"{PATH}/{second}")
    assert (shown["steps"], shown["attempts"]) == ([], 0)


DOORS = [
    ("GET", ""),
    ("GET", "/keys"),
    ("GET", f"/{UUID(int=1)}"),
    ("PUT", f"/{UUID(int=1)}/repair"),
    ("POST", f"/{UUID(int=1)}/replay"),
    ("POST", f"/{UUID(int=1)}/replay-key"),
    ("POST", f"/{UUID(int=1)}/discard"),
]


@pytest.mark.parametrize(("method", "path"), DOORS)
async def test_only_an_operator_gets_in(doors: Doors, method: str, path: str):
    office = await doors.account(("office", None))
    body = {"json": {"reason": "why", "value": "x"}} if path.endswith("repair") else {}
    body = {"json": {"reason": "why"}} if path.endswith("discard") else body
    answer = await doors.client.request(method, PATH + path, headers=office, **body)
    assert answer.status_code == 403
    assert (await doors.client.request(method, PATH + path, **body)).status_code == 401


@pytest.mark.parametrize(("method", "path"), [d for d in DOORS if "/0" in d[1]])
async def test_an_unknown_letter_is_not_found(operator: Operator, method: str, path: str):
    body = {"json": {"reason": "why", "value": "x"}} if path.endswith("repair") else {}
    body = {"json": {"reason": "why"}} if path.endswith("discard") else body
    status, problem = await operator.ask(method, PATH + path, **body)
    assert (status, problem["code"]) == (404, "letter_unknown")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM dead_letter",
        "UPDATE dead_letter SET value = ''",
        "DELETE FROM dead_letter_step",
        "UPDATE dead_letter_step SET detail = ''",
    ],
)
async def test_the_service_itself_cannot_alter_what_was_parked_or_done(
    connection: AsyncConnection, statement: str
):
    with pytest.raises(Exception, match="permission denied"):
        await connection.execute(text(statement))
