"""Refusals and downloads leave a line that says who, and nothing personal beside an address."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import pytest
import structlog
from fastapi import APIRouter, Depends, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock
from marktbund.auth import AnyAccount, Official, cooperative_role
from marktbund.composition import Service
from marktbund.ids import new_id
from marktbund.jsons import loads
from marktbund.quotas import Quotas
from marktbund.security_log import KEPT_DAYS, DailyFiles
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, doors_of

router = APIRouter()


@router.get("/files/{name}")
async def fetched(name: str, _: AnyAccount) -> Response:
    return Response(name, headers={"Content-Disposition": 'attachment; filename="x.csv"'})


@router.get("/office/{name}")
async def office(name: str, _: Annotated[Official, Depends(cooperative_role("office"))]) -> str:
    return name


@pytest.fixture
async def doors(
    connection: AsyncConnection, platform: ServiceDatabase, written: io.StringIO
) -> AsyncIterator[Doors]:
    structlog.configure(cache_logger_on_first_use=False)  # or later tests would write here
    service = Service(name="members", title="Türen", routers=[router])
    made = doors_of(service, connection, platform.app_url)
    yield made
    made.app.state.quotas = Quotas(times=1_000)


def lines(written: io.StringIO) -> list[dict]:
    written_lines = [loads(line) for line in written.getvalue().splitlines()]
    return [line for line in written_lines if line["logger"] == "marktbund.security"]


async def test_a_refusal_says_who_where_and_why(doors: Doors, written: io.StringIO):
    mine, asked = await doors.account(), str(new_id())
    path = "/office/Mustermann?q=geheim"
    answer = await doors.client.get(path, headers=mine | {"X-Request-Id": asked})
    [line] = lines(written)
    row = (await doors.database.connection.exec_driver_sql("SELECT person_id FROM principal")).all()
    assert line.pop("account") in {str(person.person_id) for person in row}
    assert line.pop("timestamp")
    assert line == {
        "event": "access_refused",
        "level": "info",
        "logger": "marktbund.security",
        "service": "orders",
        "role": "worker",
        "method": "GET",
        "route": "/office/{name}",
        "status": 403,
        "code": "not_authorised",
        "address": "127.0.0.1",
        "correlation_id": answer.headers["x-request-id"],
        "client_request_id": asked,
    }
    assert "Mustermann" not in written.getvalue()
    assert "geheim" not in written.getvalue()
    assert mine["Authorization"][7:] not in written.getvalue()


async def test_every_kind_of_refusal_has_its_line(doors: Doors, written: io.StringIO):
    doors.app.state.quotas = Quotas({"reads": 1})
    mine = await doors.account()
    await doors.client.get("/files/a")
    await doors.client.get("/files/a", headers={"Authorization": "Bearer x"})
    await doors.client.get("/files/a", headers={"Host": "evil.example"})
    await doors.client.get("http://test/metrics", headers={"Host": "evil.example"})
    await doors.client.get("/files/a", headers=mine)
    await doors.client.get("/files/a", headers=mine)
    await doors.client.get("/nothing", headers=mine)
    assert [(line["event"], line["status"], line.get("code")) for line in lines(written)] == [
        ("access_refused", 401, "token_missing"),
        ("access_refused", 401, "token_invalid"),
        ("access_refused", 421, "host_unknown"),
        ("access_refused", 421, "host_unknown"),
        ("document_fetched", 200, None),
        ("access_refused", 429, "too_many_requests"),
    ]
    assert [UUID(line["account"]) for line in lines(written) if "account" in line][1:] != []


def test_files_are_of_one_day_closed_to_others_and_go_after_their_time(tmp_path: Path):
    today = clock.now().date()
    kept, gone, foreign = (
        tmp_path / f"{name}-{today - timedelta(days=days)}.jsonl"
        for name, days in (
            ("orders-api", KEPT_DAYS),
            ("orders-api", KEPT_DAYS + 1),
            ("members-api", KEPT_DAYS + 1),
        )
    )
    for file in (kept, gone, foreign):
        file.write_text("{}\n")
    log = DailyFiles(tmp_path, "orders-api")
    log.write("a\n")
    log.write("b\n")
    now = tmp_path / f"orders-api-{today}.jsonl"
    assert sorted(tmp_path.iterdir()) == sorted([foreign, kept, now])
    assert (now.read_text(), now.stat().st_mode & 0o777) == ("a\nb\n", 0o600)
