"""Dead letters on real Kafka: what is kept, and records that are hard to keep."""

from dataclasses import replace

import pytest
from aiokafka import ConsumerRecord

from marktbund.consuming import Hearing
from marktbund.ids import new_id
from marktbund.replaying import DeadLetters, letters
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.unit_of_work import Database

from .conftest import Watched, hearing, relaying
from .desk import NO_RECORD, OPERATOR, Desk, refused, spoilt
from .test_delivery import announce, event, produce


async def test_a_repair_is_kept_beside_the_original_with_every_step_and_who_took_it(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    async with hearing(database, kafka, prefix, watched):
        await produce(kafka, desk.topic, [spoilt(key, 1, b'{"a": "\xff"}')])
        [letter] = await desk.parked(1)
    good = event(key, 1).model_dump_json()
    assert await refused(desk.letters.repair(letter.id, OPERATOR, "why")) == "repair_empty"
    unreadable = desk.letters.repair(letter.id, OPERATOR, "why", "{}")
    assert await refused(unreadable) == "still_unreadable"
    assert (await desk.letters.replay(letter.id, OPERATOR)).outcome == "failed"
    await desk.letters.repair(letter.id, OPERATOR, "as the owner says", good)
    assert (await desk.letters.replay(letter.id, OPERATOR)).outcome == "applied"
    async with database.reading() as connection:
        shown = await letters.shown(connection, letter.id)
    assert shown is not None
    assert shown.value == letters.Bytes(base64="eyJhIjogIv8ifQ==", text=None)
    assert (shown.status, shown.attempts, shown.retry_code) == ("applied", 1, "bad_json")
    assert [(step.step, step.done_by) for step in shown.steps] == [
        ("failed", OPERATOR),
        ("repaired", OPERATOR),
        ("applied", OPERATOR),
    ]
    assert shown.steps[1].value is not None
    assert (shown.steps[1].value.text, shown.steps[1].detail) == (good, "as the owner says")
    assert await refused(desk.letters.replay(letter.id, OPERATOR)) == "letter_settled"
    assert await refused(desk.letters.discard(letter.id, OPERATOR, "why")) == "letter_settled"
    assert await refused(desk.letters.replay(new_id(), OPERATOR)) == "letter_unknown"


@pytest.mark.parametrize(
    "record",
    [
        replace(NO_RECORD, key=b"k" * 100_000, value=b"{"),
        replace(NO_RECORD, key=b"k", value=b"{", headers=(("nul\0", b"\0"), ("ce_type", b"\0"))),
        replace(NO_RECORD, value=b"{"),
    ],
    ids=["a key longer than an index entry", "NUL in headers", "no key"],
)
async def test_what_postgresql_could_refuse_is_parked_and_holds_up_nobody_else(
    database: Database, kafka: KafkaBroker, prefix: str, record: ConsumerRecord
):
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        await produce(kafka, desk.topic, [record])
        await announce(database, [key], 2)
        await watched.until(2)
        [letter] = await desk.parked(1)
    assert letter.code == "unknown_type"
    [failed] = await desk.letters.replay_key(letter.id, OPERATOR)
    assert failed.outcome == "failed"
    await desk.letters.discard(letter.id, OPERATOR, "nobody knows it")
    assert await desk.tallies() == (2, 0, 0, 1, 3)


async def test_a_letter_of_another_consumer_is_not_replayed_here(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    async with hearing(database, kafka, prefix, watched):
        await produce(kafka, desk.topic, [spoilt(key, 1)])
        [letter] = await desk.parked(1)
    foreign = DeadLetters(database, Hearing({}), prefix=f"{prefix}other_")
    for doing in (foreign.replay, foreign.replay_key):
        assert await refused(doing(letter.id, OPERATOR)) == "other_consumer"
    await foreign.discard(letter.id, OPERATOR, "of a generation that is gone")
    assert await desk.parked() == []
