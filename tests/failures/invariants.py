"""What must be true when everything has come to rest; each broken promise is one sentence."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from aiokafka import ConsumerRecord

from documentation.domain.verifier import RESTORED
from tests.failures.broker import end_offsets, read_log
from tests.failures.load import Log
from tests.running import SERVICES, Platform

_CONSUMERS = [name for name in SERVICES if name != "members"]


async def at_rest(platform: Platform, log: Log, patience: float = 60) -> None:
    """Wait until every outbox is empty, every consumer at the end, every line answered.

    Fails when nothing moves for `patience` seconds: how long it takes is the machine's affair.
    """
    before: dict[str, int] = {}
    still_since = time.monotonic()
    while left := {name: n for name, n in (await _unrest(platform, log)).items() if n}:
        if left != before:
            before, still_since = left, time.monotonic()
        assert time.monotonic() - still_since < patience, f"nothing moves, left: {left}"
        await asyncio.sleep(0.5)


async def _unrest(platform: Platform, log: Log) -> dict[str, int]:
    left = {
        f"outbox {service}": int(
            (await platform.rows(service, "SELECT count(*) FROM outbox"))[0][0]
        )
        for service in SERVICES
    }
    left["unsealed"] = int(
        (await platform.rows("documentation", "SELECT count(*) FROM unsealed"))[0][0]
    )
    shares = sum(len(placed.supplier_order_ids) for placed in log.placed)
    left["answers"] = shares - len(log.answered)
    for service in _CONSUMERS:
        offsets = await _offsets(platform, service)
        ends = await end_offsets(platform.engines.kafka.admin, sorted(offsets))
        left[f"lag {service}"] = sum(ends[topic] - offsets[topic]["next_offset"] for topic in ends)
    return left


async def _count(platform: Platform, service: str, table: str) -> int:
    return int((await platform.rows(service, f"SELECT count(*) FROM {table}"))[0][0])


async def _offsets(platform: Platform, service: str) -> dict[str, dict[str, int]]:
    rows = await platform.rows(
        service,
        "SELECT topic, sum(next_offset)::bigint AS next_offset, sum(applied)::bigint AS applied,"
        " sum(duplicates)::bigint AS duplicates, sum(parked)::bigint AS parked,"
        " sum(discarded)::bigint AS discarded"
        " FROM consumer_offset GROUP BY topic",
    )
    return {row["topic"]: dict(row) for row in rows}


async def violations(platform: Platform, log: Log) -> list[str]:
    """Every promise that was broken."""
    records = await read_log(platform.engines.kafka.admin, platform.deployment.prefix)
    return [
        *await _orders_once(platform, log),
        *await _deliveries_once(platform, log),
        *await _demand(platform, log),
        *_order_per_key(records),
        *await _tallies(platform),
        *await _record(platform, records),
    ]


async def _orders_once(platform: Platform, log: Log) -> list[str]:
    rows = await platform.rows("orders", "SELECT order_id::text, net_total FROM spot_order")
    there = {row["order_id"]: row["net_total"] for row in rows}
    told = {placed.order_id: placed.net_total for placed in log.placed}
    found = [f"order {order} was accepted and is gone" for order in told.keys() - there.keys()]
    found += [f"order {order} exists, nobody was told" for order in there.keys() - told.keys()]
    found += [
        f"order {order} has another total" for order in told if told[order] != there.get(order)
    ]
    if len(told) != len(log.placed):
        found.append("two keys got the same order")
    return found


async def _deliveries_once(platform: Platform, log: Log) -> list[str]:
    rows = await platform.rows(
        "supplier-gateway",
        "SELECT supplier_order_id::text, count(*) AS times FROM delivery GROUP BY 1",
    )
    times = {row["supplier_order_id"]: row["times"] for row in rows}
    shares = {share for placed in log.placed for share in placed.supplier_order_ids}
    found = [f"supplier order {share} was never delivered" for share in shares - times.keys()]
    found += [f"supplier order {share} delivered twice" for share in times if times[share] != 1]
    found += [f"supplier order {share} from nowhere" for share in times.keys() - shares]
    return found


async def _demand(platform: Platform, log: Log) -> list[str]:
    ordered = sum((placed.net_total for placed in log.placed), Decimal(0))
    found = []
    for table in ("demand", "group_demand"):
        row = (
            await platform.rows(
                "tender-planning",
                f"SELECT sum(ordered_net) AS ordered, sum(accepted_net) AS accepted FROM {table}",
            )
        )[0]
        if (row["ordered"], row["accepted"]) != (ordered, ordered):
            found.append(f"{table}: {row['ordered']} / {row['accepted']}, told {ordered}")
    return found


def _order_per_key(records: Sequence[ConsumerRecord]) -> list[str]:
    seen: set[bytes] = set()
    versions: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    for record in records:
        headers = dict(record.headers)
        if headers["ce_id"] not in seen:
            seen.add(headers["ce_id"])
            versions[record.topic, record.key].append(int(headers["aggregate_version"]))
    return [
        f"{topic} {key.decode()}: versions {found}"
        for (topic, key), found in versions.items()
        if found != list(range(1, len(found) + 1))
    ]


async def _tallies(platform: Platform) -> list[str]:
    found = []
    for service in _CONSUMERS:
        offsets = await _offsets(platform, service)
        ends = await end_offsets(platform.engines.kafka.admin, sorted(offsets))
        for topic, row in offsets.items():
            counted = row["applied"] + row["duplicates"] + row["parked"] + row["discarded"]
            if ".events." in topic and counted != ends[topic]:
                found.append(f"{service} {topic}: {counted} counted, {ends[topic]} in the log")
            if row["parked"]:
                found.append(f"{service} {topic}: {row['parked']} parked")
        gaps = await _count(platform, service, "version_gap")
        if gaps:
            found.append(f"{service}: {gaps} version gaps")
    return found


async def _record(platform: Platform, records: Sequence[ConsumerRecord]) -> list[str]:
    checkpoints = f"{platform.deployment.prefix}documentation.checkpoint.events.v1"
    told = {
        dict(record.headers)["ce_id"].decode() for record in records if record.topic != checkpoints
    }
    rows = await platform.rows(
        "documentation", f"SELECT event_id::text FROM record WHERE type <> '{RESTORED}'"
    )
    filed = [row["event_id"] for row in rows]
    found = [f"event {event} was never filed" for event in told - set(filed)]
    found += [f"event {event} filed from nowhere" for event in set(filed) - told]
    if len(filed) != len(set(filed)):
        found.append("an event was filed twice")
    verified = platform.command("documentation", "verify")
    if verified.returncode not in {0, 3}:
        found.append(f"the chain does not verify: {verified.stdout[-500:]}{verified.stderr[-500:]}")
    return found
