"""One order seen from outside: its trace to the sealed records, its log lines, the metrics."""

import json
import re
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from marktbund.contracts import TOPICS
from tests.collector import Collector
from tests.failures.broker import all_records
from tests.market import OFFICE, Market
from tests.running import SERVICES, Platform, eventually

PLACED = "orders.supplier-order.events.v1"
QUEUED = "supplier-gateway.delivery.events.v1"
CLICK = "orders: POST /orders"


@pytest.fixture
async def trace(platform: Platform, market: Market) -> tuple[str, str]:
    """An order placed from outside: its trace id and its correlation id."""
    trace_id = uuid4().hex
    answer = await platform.call(
        "POST",
        "orders",
        "/orders",
        json={"lines": [{"article_id": market.articles[0][0], "quantity": "1"}]},
        headers={"traceparent": f"00-{trace_id}-00000000000000ab-01"},
        **market.requester("a"),
    )
    assert answer.status_code == 201, answer.text
    return trace_id, answer.headers["X-Request-Id"]


async def test_a_trace_leads_from_the_click_to_the_sealed_records(
    platform: Platform, collector: Collector, trace: tuple[str, str]
):
    trace_id, request_id = trace
    answered = [
        "documentation: seal",
        f"documentation: process {QUEUED}",
        f"supplier-gateway: send {QUEUED}",
        f"supplier-gateway: process {PLACED}",
        f"orders: send {PLACED}",
        CLICK,
    ]
    placed = ["documentation: seal", f"documentation: process {PLACED}", *answered[-2:]]
    planned = [f"tender-planning: process {PLACED}", *answered[-2:]]

    async def lines() -> list[list[str]]:
        return [collector.line(span) for span in collector.of(trace_id).values()]

    await eventually(
        lines, lambda collected: all(line in collected for line in (answered, placed, planned)), 60
    )
    spans = collector.of(trace_id).values()
    assert [span.name for span in spans if span.parent_id == "00000000000000ab"] == ["POST /orders"]
    records = all_records(platform.engines.kafka.admin, platform.deployment.prefix)
    mine = [dict(record.headers) async for record in records if request_id in str(record.headers)]
    assert {PLACED, QUEUED} <= {_topic(headers) for headers in mine}
    assert {headers["traceparent"].decode()[3:35] for headers in mine} == {trace_id}


def _topic(headers: dict[str, bytes]) -> str:
    _, owner, name, _ = headers["ce_type"].decode().split(".")
    return QUEUED if name.startswith("Delivery") else PLACED if "SupplierOrder" in name else owner


async def test_log_lines_are_joined(platform: Platform, trace: tuple[str, str]):
    trace_id, request_id = trace

    async def lines() -> list[dict]:
        written = _logs(platform)["orders"].read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in written if request_id in line]

    (line,) = await eventually(lines, lambda joined: len(joined) == 1)
    assert (line["event"], line["route"], line["status"]) == ("request_answered", "/orders", 201)
    assert (line["correlation_id"], line["trace_id"]) == (request_id, trace_id)
    assert (line["service"], line["role"]) == ("orders", "all")


async def test_every_process_tells_its_metrics(platform: Platform, trace: tuple[str, str]):
    for service in SERVICES:
        metrics = await _metrics(platform, service)
        assert 'marktbund_task_alive{task="relay"} 1.0' in metrics, service
        assert "marktbund_database_up 1.0" in metrics, service
    metrics = await _metrics(platform, "orders")
    assert 'marktbund_task_alive{task="consumer"} 1.0' in metrics
    assert re.search(
        r'marktbund_http_requests_total{method="POST",route="/orders",status="201"} [1-9]', metrics
    )
    assert re.search(rf'marktbund_relay_sent_total{{topic="{PLACED}"}} [1-9]', metrics)

    async def lag() -> list[str]:
        metrics = await _metrics(platform, "documentation")
        return re.findall(r"marktbund_consumer_lag_records{topic=\S+} (\S+)", metrics)

    facts = [topic for topic in TOPICS.values() if topic.kind == "events"]
    heard = [topic for topic in facts if topic.owner != "documentation"]
    topics = len(heard) + 1  # and the people
    await eventually(lag, lambda lags: len(lags) == topics and set(lags) == {"0.0"})


async def test_nothing_personal_is_seen(
    platform: Platform, market: Market, collector: Collector, trace: tuple[str, str]
):
    subs = [OFFICE, "procurement-1", *(f"{kind}-a" for kind in ("requester", "auditor"))]
    subs += [market.seller(index) for index in range(3)]
    names = ["Stadt a", "Lieferant 0 GmbH", "Kopierpapier"]
    tokens = [await platform.token(sub) for sub in (OFFICE, "requester-a")]
    private = re.compile("|".join(re.escape(secret) for secret in [*subs, *names, *tokens]))
    outputs = {f"log {name}": file.read_text("utf-8") for name, file in _logs(platform).items()}
    outputs |= {f"metrics {name}": await _metrics(platform, name) for name in SERVICES}
    outputs["spans"] = "\n".join(span.text for span in collector.spans)
    assert len(outputs["spans"]) > 1000
    assert "request_answered" in outputs["log members"]
    assert {
        where: leaked for where, text in outputs.items() if (leaked := private.findall(text))
    } == {}


def _logs(platform: Platform) -> dict[str, Path]:
    folder = platform.places.of(platform.deployment) / "logs"
    return {name: folder / f"{name.replace('-', '_')}.log" for name in SERVICES}


async def _metrics(platform: Platform, service: str) -> str:
    # A connection of its own: a kept one may be closed by the server in the moment it is used.
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.get(f"{platform.addresses[service]}/metrics")
    assert answer.status_code == 200, answer.text
    return answer.text
