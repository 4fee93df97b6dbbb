"""The bare loop: Kafka -> hash chain -> PostgreSQL by unnest. `python -m benchmarks.peers.bare`.

Frozen, and on its own: it shares no code with what it is held against. Same records, same three
hashes per record, same tables and indexes for what is kept, 1,000 records per commit. It leaves out
what makes documentation reliable: inbox, stored offsets, leases, the queue between ingest and seal.
In, as JSON on standard input: access to Kafka, topics, database URL, how many records there are.
Out: one JSON document.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvloop
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

BATCH = 1000
PARTITIONS = 12
_TABLES = """
    DROP TABLE IF EXISTS record, payload, chain;
    CREATE TABLE record (
        chain_id text NOT NULL CHECK (chain_id <> ''), seq bigint NOT NULL CHECK (seq > 0),
        hash bytea NOT NULL CHECK (octet_length(hash) = 32),
        leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
        event_id uuid NOT NULL, type text NOT NULL, key text NOT NULL,
        aggregate_version bigint CHECK (aggregate_version BETWEEN 0 AND 9007199254740991),
        time text NOT NULL, recorded_at text NOT NULL, business_time text, demo boolean NOT NULL,
        order_id uuid, PRIMARY KEY (chain_id, seq));
    CREATE UNIQUE INDEX record_event ON record (event_id);
    CREATE INDEX record_order ON record (order_id, seq) WHERE order_id IS NOT NULL;
    CREATE TABLE payload (
        chain_id text NOT NULL, seq bigint NOT NULL CHECK (seq > 0),
        salt bytea NOT NULL CHECK (octet_length(salt) = 32), payload bytea NOT NULL,
        PRIMARY KEY (chain_id, seq));
    CREATE TABLE chain (chain_id text PRIMARY KEY, head_seq bigint NOT NULL, head_hash bytea)
"""
_COLUMNS = {
    "chain_id": "text",
    "seq": "bigint",
    "hash": "bytea",
    "leaf": "bytea",
    "event_id": "uuid",
    "type": "text",
    "key": "text",
    "aggregate_version": "bigint",
    "time": "text",
    "recorded_at": "text",
    "business_time": "text",
    "demo": "boolean",
    "order_id": "uuid",
}
_RECORD = (
    f"INSERT INTO record ({', '.join(_COLUMNS)}) SELECT * FROM unnest("
    + ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(_COLUMNS.values(), start=1))
    + ")"
)
_PAYLOAD = (
    "INSERT INTO payload SELECT * FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::bytea[])"
)
_HEADS = """
    INSERT INTO chain SELECT * FROM unnest($1::text[], $2::bigint[], $3::bytea[])
    ON CONFLICT (chain_id) DO UPDATE
       SET head_seq = excluded.head_seq, head_hash = excluded.head_hash
"""

Heads = dict[str, tuple[int, bytes]]
Row = tuple[Any, ...]


def chained(record: ConsumerRecord, recorded_at: str, heads: Heads) -> tuple[Row, Row]:
    """The record's row and its payload's row; moves the head of its chain."""
    headers = {name: value.decode() for name, value in record.headers}
    content = orjson.loads(record.value)
    chain = content.get("member_id") or "cooperative"
    event_time = headers["ce_time"].replace("+00:00", "Z")
    version, demo = int(headers["aggregate_version"]), headers["demo"] == "true"
    business = headers.get("business_time")
    meta = {
        "aggregate_version": version,
        "business_time": business.replace("+00:00", "Z") if business else None,
        "chain": chain,
        "demo": demo,
        "event_id": headers["ce_id"],
        "key": record.key.decode(),
        "recorded_at": recorded_at,
        "time": event_time,
        "type": headers["ce_type"],
    }
    salt = os.urandom(32)
    leaf = sha256(salt + record.value).digest()
    before, prev = heads.get(chain) or (0, sha256(chain.encode()).digest())
    seq = before + 1
    meta_hash = sha256(orjson.dumps(meta)).digest()
    link = sha256(prev + seq.to_bytes(8, "big") + meta_hash + leaf).digest()
    heads[chain] = seq, link
    order = content.get("order_id")
    row = (
        *(chain, seq, link, leaf, UUID(headers["ce_id"]), headers["ce_type"], meta["key"]),
        *(version, event_time, recorded_at, meta["business_time"], demo),
        UUID(order) if order else None,
    )
    return row, (chain, seq, salt, record.value)


async def _keep(
    connection: "asyncpg.Connection[asyncpg.Record]", records: list[Any], heads: Heads
) -> None:
    recorded_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    rows = [chained(record, recorded_at, heads) for record in records]
    moved = {row[0] for row, _ in rows}
    async with connection.transaction():
        await connection.execute(_RECORD, *map(list, zip(*(row for row, _ in rows), strict=True)))
        await connection.execute(
            _PAYLOAD, *map(list, zip(*(kept for _, kept in rows), strict=True))
        )
        ends = [(chain, *heads[chain]) for chain in sorted(moved)]
        await connection.execute(_HEADS, *map(list, zip(*ends, strict=True)))


async def run(
    kafka: dict[str, Any], topics: list[str], url: str, wanted: int
) -> Mapping[str, float]:
    """Seal everything there is, once; `kafka`: aiokafka's arguments to reach the broker."""
    connection = await asyncpg.connect(url)
    await connection.execute(_TABLES)
    consumer = AIOKafkaConsumer(**kafka, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(name, at) for name in topics for at in range(PARTITIONS)])
        heads: Heads = {}
        done, begin = 0, 0.0
        while done < wanted:
            fetched = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
            begin = begin or time.time()
            records = [record for several in fetched.values() for record in several]
            if records:
                await _keep(connection, records, heads)
                done += len(records)
        return {"records": float(done), "seconds": time.time() - begin}
    finally:
        await consumer.stop()
        await connection.close()


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(**json.load(sys.stdin)))))
