"""Refresh tokens are good once: many requests of one browser, in several processes, spend one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from marktbund.contracts.members import Grant, PersonState
from marktbund.principals import keep_principal
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Engines
from marktbund.unit_of_work import Database

KOELN = UUID(int=5)


@pytest.fixture
async def kept(portal_database: ServiceDatabase, engines: Engines) -> AsyncIterator[Database]:
    """The database as processes share it: what they write is committed."""
    database = Database(engines(portal_database), "portal")
    yield database
    async with database.engine.begin() as connection:
        await connection.execute(text("DELETE FROM session"))


@pytest.fixture
async def processes(visitor, secure_visitor, kept) -> list[Any]:
    """Two portals before one issuer and one database."""
    for process in (visitor, secure_visitor):
        process.app.state.database = kept
        process.app.state.identity = visitor.app.state.identity
        process.shelf.answers["GET", "/api/orders/v1/orders"] = (200, [])
    return [visitor, secure_visitor]


async def test_requests_at_the_same_time_spend_one_refresh_token(processes, kept):
    first, second = processes
    sub = f"person-{uuid4()}"
    grants = (Grant(role="requester", member_id=KOELN),)
    state = PersonState(
        version=1, person_id=uuid4(), kind="person", sub=sub, grants=grants, active=True
    )
    async with kept.engine.begin() as connection:
        await keep_principal(state, connection)
    first.issuer.lifetime = 10
    await first.sign_in(sub)
    first.issuer.lifetime = 300
    key = first.browser.cookies["marktbund"]
    second.browser.cookies.set("__Host-marktbund", key)
    asked = [process.browser.get("/bestellungen") for process in processes * 3]
    answers = await asyncio.gather(*asked)
    assert [answer.status_code for answer in answers] == [200] * 6
    assert first.issuer.renewals == 1
    assert (await first.browser.get("/bestellungen")).status_code == 200
