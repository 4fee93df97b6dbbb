"""Whose values are added up where: at one body, never along a chain, whoever is first."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from marktbund.envelope import Origin
from marktbund.errors import Invalid
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, Engines
from marktbund.unit_of_work import Database
from members import handlers, jobs
from members.commands import RegisterMember, SetContractingAuthority
from members.main import composed
from members.settings import Settings
from members.views import standing

BODY = {"name": "Betrieb", "legal_form": "other"}


class Bodies:
    """Member bodies by a letter, and the door that says who belongs to whom."""

    def __init__(self, doors: Doors, office: dict[str, str]) -> None:
        self.doors, self.office = doors, office
        self.ids: dict[str, str] = {}

    async def make(self, *letters: str) -> None:
        for letter in letters:
            body = BODY | {"official_key": f"05999{letter}"}
            headers = self.office | {"Idempotency-Key": str(new_id())}
            made = await self.doors.client.post("/members", json=body, headers=headers)
            self.ids[letter] = made.json()["member_id"]

    async def put(self, letter: str, authority: str | None) -> Any:
        path = f"/members/{self.ids[letter]}/contracting-authority"
        body = {"contracting_authority_id": authority and self.ids[authority]}
        return await self.doors.client.put(path, json=body, headers=self.office)


@pytest.fixture
async def bodies(doors: Doors) -> Bodies:
    made = Bodies(doors, await doors.account(("office", None)))
    await made.make("A", "B", "C")
    return made


async def test_a_chain_is_refused_from_below(bodies: Bodies):
    assert (await bodies.put("A", "C")).status_code == 200
    refused = await bodies.put("B", "A")
    assert (refused.status_code, refused.json()["code"]) == (422, "no_authority")


async def test_a_chain_is_refused_from_above(bodies: Bodies):
    assert (await bodies.put("B", "A")).status_code == 200
    before = await bodies.doors.announced()
    refused = await bodies.put("A", "C")
    assert (refused.status_code, refused.json()["code"]) == (422, "is_authority")
    assert refused.json()["field"] == "contracting_authority_id"
    assert await bodies.doors.announced() == before
    assert (await bodies.put("B", "C")).status_code == 200
    assert (await bodies.put("A", "C")).status_code == 200


async def test_two_at_once_make_no_chain_together(committed: ServiceDatabase, engines: Engines):
    database = Database(engines(committed), "members")
    origin = Origin(correlation_id="chains")
    async with database.begin(origin) as uow:
        keys = ("05999A", "05999B", "05999C")
        bodies = [
            await handlers.register_member(
                RegisterMember.model_validate(BODY | {"official_key": key}), uow
            )
            for key in keys
        ]
    first, second, third = (body.member_id for body in bodies)

    async def belongs(member_id: Any, authority_id: Any) -> None:
        command = SetContractingAuthority(contracting_authority_id=authority_id)
        async with database.begin(origin) as uow:
            await handlers.set_contracting_authority(member_id, command, uow)

    async with database.begin(origin) as holding:
        command = SetContractingAuthority(contracting_authority_id=first)
        await handlers.set_contracting_authority(second, command, holding)
        other = asyncio.create_task(belongs(first, third))
        await asyncio.wait([other], timeout=0.5)
    with pytest.raises(Invalid) as refused:
        await other
    assert refused.value.code == "is_authority"
    async with database.reading() as connection:
        chains = text(
            "SELECT count(*) FROM member AS b JOIN member AS a"
            " ON a.member_id = b.contracting_authority_id"
            " WHERE a.contracting_authority_id IS NOT NULL"
        )
        assert await connection.scalar(chains) == 0


async def test_chains_from_before_are_named_and_undone_by_the_runbook(bodies: Bodies, doors: Doors):
    belongs = text("UPDATE member SET contracting_authority_id = :authority WHERE member_id = :id")
    connection = doors.database.connection
    for letter, authority in (("A", "C"), ("B", "A")):
        ids = {"id": bodies.ids[letter], "authority": bodies.ids[authority]}
        await connection.execute(belongs, ids)
    with capture_logs() as lines:
        await jobs.name_chains(doors.database)
    assert [{**line} for line in lines] == [
        {
            "event": "authority_chained",
            "log_level": "error",
            "member_id": bodies.ids["B"],
            "authority_id": bodies.ids["A"],
            "root_id": bodies.ids["C"],
        }
    ]
    assert await _chains(connection) == 1
    assert (await bodies.put("B", "C")).status_code == 200
    with capture_logs() as lines:
        await jobs.name_chains(doors.database)
    assert (lines, await _chains(connection)) == ([], 0)


async def _chains(connection: AsyncConnection) -> float:
    (gauge,) = (
        gauge
        for gauge in await standing.gauges(connection)
        if gauge.name == "marktbund_authority_chains"
    )
    return float(gauge.samples[0].value)


def test_the_service_looks_for_chains():
    usual = {"database_url": "postgresql+asyncpg://x", "kafka": "x:1", "kafka_user": "members"}
    usual |= {"kafka_password": "x", "issuer_url": "https://id.example", "http_port": "1"}
    service = composed(Settings.model_validate(usual))
    assert "authority_chains" in {job.name for job in service.jobs}
