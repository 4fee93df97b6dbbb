"""Databases put back to an earlier point while the log keeps what came after."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from tests.failures.rest import at_rest
from tests.failures.stage import Stage, opened
from tests.market import Market
from tests.restoring import Dump, dump, restored
from tests.running import Platform, eventually

SEED = 20261126


@pytest.fixture(scope="module")
async def stage(platform: Platform, market: Market) -> AsyncIterator[Stage]:
    """Suppliers at work all the while, also before closed doors."""
    async with opened(platform, market, SEED) as made:
        yield made


async def trade(stage: Stage, orders: int) -> None:
    """Orders placed, fetched, answered, counted and filed."""
    await stage.place(orders)
    await at_rest(stage.platform, stage.log)


async def put_back(platform: Platform, dumped: Dump) -> None:
    await asyncio.to_thread(restored, platform, dumped)


async def reconcile(platform: Platform, service: str, *more: str) -> tuple[int, str]:
    how = ("reconcile", "run", "--by", str(uuid4()), *more)
    done = await asyncio.to_thread(platform.command, service, *how)
    return done.returncode, done.stdout + done.stderr


async def door(platform: Platform, service: str, path: str, sub: str, **how: str) -> str:
    """`open`, the code of the refusal, or `away`."""
    try:
        answer = await platform.call("GET", service, path, sub=sub, **how)
    except httpx.HTTPError:
        return "away"
    return "open" if answer.status_code == 200 else str(answer.json()["code"])


async def test_a_gateway_behind_its_topics_waits_and_takes_its_facts_back(
    platform: Platform, market: Market, stage: Stage
):
    await trade(stage, 10)
    dumped = await asyncio.to_thread(dump, platform, "supplier-gateway")
    await trade(stage, 15)
    before = await facts(platform)
    await put_back(platform, dumped)
    seller = market.seller(0)

    async def knock() -> str:
        return await door(platform, "supplier-gateway", "/deliveries", seller)

    await eventually(knock, lambda said: said == "topics_ahead", 60)
    refused = await platform.call("GET", "supplier-gateway", "/deliveries", sub=seller)
    named = {each["topic"] for each in refused.json()["topics"]}
    assert named == {
        "supplier-gateway.delivery.events.v1",
        "supplier-gateway.response.events.v1",
    }
    code, said = await reconcile(platform, "supplier-gateway")
    assert code == 0, said
    assert json.loads(said.splitlines()[-1])["given_up"] == {}
    await eventually(knock, lambda said: said == "open", 30)
    assert await facts(platform) == before
    await trade(stage, 5)
    assert await stage.newly_broken() == {}


async def facts(platform: Platform) -> list[tuple]:
    """What the gateway knows of every line and document, ids of documents aside."""
    lines = await platform.rows(
        "supplier-gateway",
        "SELECT supplier_order_id, line_no, state, response_id, agreed_quantity,"
        " despatched_quantity FROM supplier_order_line ORDER BY 1, 2",
    )
    orders = await platform.rows(
        "supplier-gateway",
        "SELECT o.supplier_order_id, delivery_version, response_version, open_lines,"
        " count(acknowledged_at) FROM supplier_order AS o JOIN delivery USING (supplier_order_id)"
        " GROUP BY o.supplier_order_id ORDER BY 1",
    )
    return [tuple(row) for row in (*lines, *orders)]


async def test_planning_counts_the_same_after_it_was_put_back(
    platform: Platform, market: Market, stage: Stage
):
    dumped = await asyncio.to_thread(dump, platform, "tender-planning")
    await trade(stage, 10)
    await put_back(platform, dumped)
    await at_rest(platform, stage.log)
    assert await stage.newly_broken() == {}


async def test_documentation_declares_its_break_and_misses_nothing(
    platform: Platform, market: Market, stage: Stage
):
    dumped = await asyncio.to_thread(dump, platform, "documentation")
    (before,) = await platform.rows("documentation", "SELECT max(number) AS n FROM checkpoint")
    await trade(stage, 10)
    published = await eventually(
        lambda: numbers(platform), lambda found: max(found) > before["n"], 30
    )
    await put_back(platform, dumped)

    async def knock() -> str:
        return await door(platform, "documentation", "/chains", "auditor-all")

    await eventually(knock, lambda said: said == "topics_ahead", 60)
    code, said = await reconcile(platform, "documentation")
    assert code == 0, said
    await eventually(knock, lambda said: said == "open", 30)
    await trade(stage, 3)
    after = await eventually(
        lambda: numbers(platform), lambda found: len(found) > len(published), 30
    )
    assert after == list(range(1, len(after) + 1))
    found = await broken(platform)
    assert {code for findings in found.values() for code in findings} == {"restored"}
    assert all(len(findings) == 1 for findings in found.values())
    assert len(found) == 3 + 1
    assert await stage.newly_broken() == {}


async def numbers(platform: Platform) -> list[int]:
    rows = await platform.rows("documentation", "SELECT number FROM checkpoint ORDER BY number")
    return [row["number"] for row in rows]


async def broken(platform: Platform) -> dict[str, list[str]]:
    """Chain (and `checkpoints`) -> codes of what the verification finds."""
    done = await asyncio.to_thread(platform.command, "documentation", "verify")
    assert done.returncode == 3, done.stdout + done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {
        line.get("chain_id", "checkpoints"): [
            each["code"] for each in line.get("findings", line.get("broken"))
        ]
        for line in lines
    }


async def test_orders_behind_their_topics_give_up_only_with_a_reason(
    platform: Platform, market: Market, stage: Stage
):
    dumped = await asyncio.to_thread(dump, platform, "orders")
    await trade(stage, 5)
    lost = stage.log.placed[-5:]
    await put_back(platform, dumped)
    me = market.requester("a")

    async def knock() -> str:
        return await door(platform, "orders", "/orders", **me)

    await eventually(knock, lambda said: said == "topics_ahead", 60)
    code, said = await reconcile(platform, "orders")
    assert (code, "facts_would_be_lost" in said) == (1, True)
    assert await knock() == "topics_ahead"
    code, said = await reconcile(platform, "orders", "--give-up", "no newer backup")
    assert code == 0, said
    given_up = json.loads(said.splitlines()[-1])["given_up"]
    assert set(given_up["orders.order.events.v1"]) == {placed.order_id for placed in lost}
    await eventually(knock, lambda said: said == "open", 30)
