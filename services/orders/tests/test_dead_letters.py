"""`python -m orders.main dead-letters`: a member's state is parked, mended and taken over."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiokafka import ConsumerRecord
from sqlalchemy import text

from marktbund import clock
from marktbund.consuming.dead_letters import Parked, park
from marktbund.contracts.members import MemberState
from marktbund.envelope import Origin, write_headers
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import engine_of
from marktbund.unit_of_work import Database

OPERATOR = str(new_id())


@dataclass
class Bench:
    """The command line over a committed database, and the record parked in it."""

    database: Database
    app_url: str
    state: MemberState

    async def run(self, *arguments: str) -> tuple[int, list[Any], str]:
        """Exit code, JSON lines, and what was written to stderr."""
        settings = {"DATABASE_URL": self.app_url, "KAFKA": "x", "ISSUER_URL": "x", "HTTP_PORT": "1"}
        settings |= {"KAFKA_USER": "x", "KAFKA_PASSWORD": "x"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "orders.main", "dead-letters", *arguments),
            env=os.environ | {f"MARKTBUND_{name}": value for name, value in settings.items()},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        return process.returncode, [json.loads(line) for line in out.splitlines()], err.decode()

    async def statuses(self) -> list[str]:
        async with self.database.reading() as connection:
            rows = await connection.execute(
                text("SELECT status FROM member WHERE member_id = :id"),
                {"id": self.state.member_id},
            )
        return list(rows.scalars())


@pytest.fixture
async def bench(orders_database: ServiceDatabase) -> AsyncIterator[Bench]:
    engine = engine_of(orders_database)
    state = _state(new_id())
    topic, key = MemberState.topic.name, state.key.encode()
    headers = write_headers(state, new_id(), "members", clock.now(), Origin("test"))
    packed = tuple((name, value.encode()) for name, value in headers.items())
    record = ConsumerRecord(topic, 3, 17, 0, 0, key, b"{", None, 0, 0, packed)
    async with engine.begin() as connection:
        await park(connection, "orders.v1", [Parked(record, "bad_json", "line 1")])
    yield Bench(Database(engine, "orders"), orders_database.app_url, state)
    await engine.dispose()


def _state(member_id: UUID) -> MemberState:
    return MemberState(
        version=1,
        member_id=member_id,
        name="Gemeinde Probe",
        legal_form="municipality",
        official_key="09000000",
        status="active",
    )


async def test_a_parked_state_is_mended_and_replayed_by_hand(bench: Bench, tmp_path: Path):
    _, keys, _ = await bench.run("keys")
    [(letter, parked)] = [(k["first_id"], k["parked"]) for k in keys if k["key"] == bench.state.key]
    code, [failed], _ = await bench.run("replay", letter, "--by", OPERATOR)
    assert (parked, code, failed["outcome"], failed["code"]) == (1, 1, "failed", "bad_json")
    value = tmp_path / "value.json"
    value.write_text(bench.state.model_dump_json())
    why = ("--by", OPERATOR, "--reason", "as members says")
    assert (await bench.run("repair", letter, *why, "--value", str(value)))[:2] == (0, [])
    assert await bench.statuses() == []
    code, [done], _ = await bench.run("replay", letter, "--key", "--by", OPERATOR)
    assert (code, done["outcome"]) == (0, "applied")
    assert await bench.statuses() == ["active"]
    code, [shown], _ = await bench.run("show", letter)
    assert (code, shown["value"]["text"], shown["status"]) == (0, "{", "applied")
    steps = [(step["step"], step["done_by"]) for step in shown["steps"]]
    assert steps == [("failed", OPERATOR), ("repaired", OPERATOR), ("applied", OPERATOR)]


async def test_discarding_needs_a_name_and_happens_once(bench: Bench):
    code, [listed], _ = await bench.run("list", "--key", bench.state.key)
    assert (code, listed["code"], listed["record_offset"]) == (0, "bad_json", 17)
    assert (await bench.run("discard", listed["id"], "--reason", "why"))[0] == 2
    why = ("--by", OPERATOR, "--reason", "a record of nobody")
    assert (await bench.run("discard", listed["id"], *why))[:2] == (0, [])
    code, answers, words = await bench.run("discard", listed["id"], *why)
    assert (code, answers) == (1, [])
    assert "letter_settled: Dieser Satz ist schon erledigt" in words
    _, [kept], _ = await bench.run("list", "--key", bench.state.key, "--status", "discarded")
    assert kept["id"] == listed["id"]


async def test_a_database_that_is_away_is_said_in_one_line(bench: Bench):
    away = replace(bench, app_url="postgresql+asyncpg://x:x@127.0.0.1:1/x")
    code, answers, words = await away.run("list")
    assert (code, answers) == (1, [])
    assert words.startswith("try_again: ")
