"""The OpenAPI document is for accounts, and says how to sign in."""

import pytest
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.auth import AnyAccount
from marktbund.composition import Service
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, doors_of

router = APIRouter()


@router.get("/list")
async def listed(_: AnyAccount) -> str:
    return "all"


@pytest.fixture
def doors(connection: AsyncConnection, platform: ServiceDatabase) -> Doors:
    service = Service(name="members", title="Mitglieder", routers=[router])
    return doors_of(service, connection, platform.app_url)


async def test_without_a_token_nobody_reads_what_doors_there_are(doors: Doors):
    answer = await doors.client.get("/openapi.json")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
    bad = await doors.client.get("/openapi.json", headers={"Authorization": "Bearer x"})
    assert (bad.status_code, bad.json()["code"]) == (401, "token_invalid")
    assert (await doors.client.get("http://test/openapi.json")).status_code == 404


async def test_an_account_reads_it_and_how_to_sign_in(doors: Doors):
    document = (await doors.client.get("/openapi.json", headers=doors.token("supplier-1"))).json()
    assert "/api/members/v1/list" in document["paths"]
    assert "/api/members/v1/openapi.json" not in document["paths"]
    assert document["security"] == [{"account": []}]
    scheme = document["components"]["securitySchemes"]["account"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
