"""Sealer and notary on committed data: nothing lost, nothing doubled, whoever dies when."""

import asyncio
import json
from io import StringIO
from typing import Any

import pytest

from documentation import handlers, jobs
from documentation.store.sealing import Holder, SealerReplacedError
from marktbund.envelope import Origin
from marktbund.ids import new_id

SEALED = """
    SELECT chain_id, count(*) AS records, min(seq) AS low, max(seq) AS high FROM record
     GROUP BY chain_id ORDER BY chain_id
"""
ORIGIN = Origin(correlation_id="c")


async def rows(ledger: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await ledger.ask(SEALED)]


async def test_every_event_gets_one_place_in_its_chain(ledger: Any, build: Any):
    town, district = sorted([new_id(), new_id()], key=str)
    await ledger.ingest([*build.orders(town, 1500), *build.orders(district, 40), *build.persons(7)])
    await ledger.sealer(ledger.database)
    assert await rows(ledger) == [
        (str(town), 1500, 1, 1500),
        (str(district), 40, 1, 40),
        ("cooperative", 7, 1, 7),
    ]
    assert (await ledger.ask("SELECT count(*) FROM unsealed"))[0][0] == 0
    assert (await ledger.ask("SELECT count(*) FROM payload"))[0][0] == 1547


async def test_events_keep_their_order_in_the_chain(ledger: Any, build: Any):
    town = new_id()
    events = build.orders(town, 30)
    for event in events:
        await ledger.ingest([event])
    await ledger.sealer(ledger.database)
    filed = await ledger.ask("SELECT event_id FROM record ORDER BY seq")
    assert [row[0] for row in filed] == [event.event_id for event in events]


async def test_a_second_sealer_without_the_lease_does_nothing(ledger: Any, build: Any):
    await ledger.sealer(ledger.database)
    await ledger.ingest(build.persons(3))
    await jobs.Sealer()(ledger.database)
    assert await rows(ledger) == []
    await ledger.sealer(ledger.database)
    assert await rows(ledger) == [("cooperative", 3, 1, 3)]


async def test_a_sealer_that_lost_its_lease_cannot_commit(ledger: Any, build: Any):
    await ledger.sealer(ledger.database)
    await ledger.as_owner("UPDATE lease SET lease_until = '-infinity' WHERE task = 'sealer'")
    await jobs.Sealer()(ledger.database)
    await ledger.ingest(build.persons(3))
    with pytest.raises(SealerReplacedError):
        await ledger.sealer(ledger.database)
    assert await rows(ledger) == []
    assert (await ledger.ask("SELECT count(*) FROM unsealed"))[0][0] == 3


async def test_two_sealers_in_the_same_moment_seal_once(ledger: Any, build: Any):
    await ledger.ingest(build.orders(new_id(), 200))
    await ledger.sealer(ledger.database)
    await ledger.ingest(build.orders(new_id(), 200))
    owner = (await ledger.ask("SELECT DISTINCT owner FROM lease WHERE task = 'sealer'"))[0][0]
    holder = Holder("sealer", owner)

    async def seal() -> None:
        async with ledger.database.begin(ORIGIN) as uow:
            await handlers.seal_batch(holder, uow)
            await asyncio.sleep(0.05)

    outcomes = await asyncio.gather(seal(), seal(), seal(), return_exceptions=True)
    assert all(outcome is None or isinstance(outcome, Exception) for outcome in outcomes)
    await ledger.sealer(ledger.database)
    assert [row[1:] for row in await rows(ledger)] == [(200, 1, 200), (200, 1, 200)]


async def test_a_sealer_killed_before_its_commit_leaves_everything_to_the_next(
    ledger: Any, build: Any
):
    town = new_id()
    await ledger.ingest(build.orders(town, 20))
    await ledger.sealer(ledger.database)
    owner = (await ledger.ask("SELECT DISTINCT owner FROM lease WHERE task = 'sealer'"))[0][0]
    await ledger.ingest(build.orders(town, 20))

    async def killed() -> None:
        async with ledger.database.begin(ORIGIN) as uow:
            await handlers.seal_batch(Holder("sealer", owner), uow)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await killed()
    assert [row[1] for row in await rows(ledger)] == [20]
    await ledger.as_owner("UPDATE lease SET lease_until = '-infinity'")
    await jobs.Sealer()(ledger.database)
    assert await rows(ledger) == [(str(town), 40, 1, 40)]
    await ledger.notary(ledger.database)
    assert (await ledger.verify(town)).unchanged


async def test_an_event_that_comes_again_is_sealed_once(ledger: Any, build: Any):
    town = new_id()
    events = build.orders(town, 4)
    await ledger.ingest(events)
    await ledger.sealer(ledger.database)
    more = build.orders(town, 2)
    await ledger.ingest([*events, *more, *more])
    await ledger.sealer(ledger.database)
    assert await rows(ledger) == [(str(town), 6, 1, 6)]
    assert (await ledger.ask("SELECT count(*) FROM unsealed"))[0][0] == 0


async def test_the_notary_signs_when_something_changed_and_ten_seconds_passed(
    ledger: Any, build: Any
):
    numbers = "SELECT number, chains, records FROM checkpoint ORDER BY number"
    await ledger.settle()
    assert await ledger.ask(numbers) == []
    town = new_id()
    await ledger.ingest(build.orders(town, 2))
    await ledger.settle()
    await ledger.ingest(build.persons(3))
    await ledger.settle()
    assert [tuple(row) for row in await ledger.ask(numbers)] == [(1, 1, 2)]
    await ledger.settle_later()
    await ledger.notary(ledger.database)
    assert [tuple(row) for row in await ledger.ask(numbers)] == [(1, 1, 2), (2, 2, 5)]
    heads = await ledger.ask("SELECT number, chain_id, seq FROM checkpoint_head ORDER BY number")
    assert [tuple(row) for row in heads] == [(1, str(town), 2), (2, "cooperative", 3)]


async def test_a_thousand_records_are_signed_at_once(ledger: Any, build: Any):
    await ledger.ingest(build.persons(1))
    await ledger.settle()
    await ledger.ingest(build.persons(1000))
    await ledger.settle()
    assert (await ledger.ask("SELECT max(number) FROM checkpoint"))[0][0] == 2


async def test_a_checkpoint_is_announced_with_what_was_signed(ledger: Any, build: Any):
    await ledger.ingest(build.persons(2))
    await ledger.settle()
    row = (await ledger.ask("SELECT payload, topic, aggregateid FROM outbox"))[0]
    event = json.loads(row.payload)
    stored = (await ledger.ask("SELECT * FROM checkpoint"))[0]
    ledger_id = (await ledger.ask("SELECT ledger_id FROM ledger"))[0][0]
    assert (row.topic, row.aggregateid) == ("documentation.checkpoint.events.v1", str(ledger_id))
    assert (event["version"], event["number"], event["records"]) == (1, 1, 2)
    assert event["time"] == stored.time
    assert event["root"] == stored.root.hex()
    signed = {name: event[name] for name in ("number", "previous", "root", "time")}
    assert json.loads(stored.canonical) == signed | {"format": "marktbund-checkpoint/1"}
    ledger.key.public_key().verify(bytes.fromhex(event["signature"]), stored.canonical)


async def test_a_notary_that_lost_its_lease_cannot_sign(ledger: Any, build: Any):
    await ledger.notary(ledger.database)
    await ledger.as_owner("UPDATE lease SET lease_until = '-infinity' WHERE task = 'checkpoint'")
    await jobs.Notary(ledger.key, ledger.topic, demo=False)(ledger.database)
    await ledger.ingest(build.persons(2))
    await ledger.sealer(ledger.database)
    with pytest.raises(SealerReplacedError):
        await ledger.notary(ledger.database)
    assert await ledger.ask("SELECT number FROM checkpoint") == []


async def test_nothing_is_signed_over_an_altered_chain(ledger: Any, build: Any):
    await ledger.ingest(build.persons(5))
    await ledger.settle()
    await ledger.as_owner("UPDATE record SET hash = sha256('forged') WHERE seq = 5")
    await ledger.ingest(build.persons(1000))
    await ledger.sealer(ledger.database)
    await ledger.notary(ledger.database)
    assert await ledger.signing() == ("refused", "chain_altered")
    assert len(await ledger.ask("SELECT number FROM checkpoint")) == 1


async def test_verify_prints_a_line_per_chain_and_one_for_the_checkpoints(ledger: Any, build: Any):
    town = new_id()
    await ledger.ingest([*build.orders(town, 4), *build.persons(2)])
    await ledger.settle()
    out = StringIO()
    assert await jobs.verify(ledger.database, ledger.key.public_key(), out) == 0
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line.get("chain_id") for line in lines] == [str(town), "cooperative", None]
    assert lines[0]["verdict"] == "Akte unverändert bis Datensatz 4"
    assert (lines[2]["checkpoints"], lines[2]["unchanged"]) == (1, True)
    await ledger.as_owner("UPDATE payload SET payload = '{}' WHERE chain_id = 'cooperative'")
    assert await jobs.verify(ledger.database, ledger.key.public_key(), StringIO()) == 1
