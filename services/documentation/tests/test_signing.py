"""The notary signs on what was signed before and published, and on nothing else."""

import json
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest

from documentation import jobs
from documentation.store.sealing import SealerReplacedError
from marktbund.ids import new_id

NUMBERS = "SELECT number FROM checkpoint ORDER BY number"
REWRITE_HEADS = """
    UPDATE checkpoint_head AS h SET head = sha256('forged') WHERE number = 1;
    UPDATE record SET hash = sha256('forged') WHERE seq = 3;
    UPDATE chain SET head_hash = sha256('forged')
"""
CUT = """
    DELETE FROM checkpoint_head WHERE number = 2; DELETE FROM checkpoint WHERE number = 2;
    DELETE FROM record WHERE seq > 3; DELETE FROM payload WHERE seq > 3;
    UPDATE chain SET head_seq = 3, head_hash = (SELECT hash FROM record WHERE seq = 3)
"""
MOVED_BACK = "UPDATE chain SET head_seq = 2, head_hash = (SELECT hash FROM record WHERE seq = 2)"


@pytest.fixture
async def signed(ledger: Any, build: Any) -> Any:
    """Three records of one chain under checkpoint 1, which is published."""
    await ledger.ingest(build.persons(3))
    await ledger.settle()
    await ledger.topic.relay()
    return ledger


async def try_to_sign(ledger: Any, build: Any, notary: jobs.Notary | None = None) -> list[int]:
    """Two more records, and a notary by which a checkpoint is due; the numbers there are then."""
    await ledger.ingest(build.orders(new_id(), 2))
    await ledger.as_owner("UPDATE lease SET lease_until = '-infinity'")
    await jobs.Sealer()(ledger.database)
    notary = notary or ledger.another_notary()
    with suppress(SealerReplacedError):
        await notary(ledger.database)
        return [row.number for row in await ledger.ask(NUMBERS)]
    await notary(ledger.database)
    return [row.number for row in await ledger.ask(NUMBERS)]


async def as_administrator(ledger: Any, statements: str) -> None:
    await ledger.as_owner(*statements.split(";"))


async def test_a_sound_file_is_signed_on(signed: Any, build: Any):
    assert await try_to_sign(signed, build) == [1, 2]
    assert await signed.signing() == ("signing", "")


async def test_heads_rewritten_consistently_are_not_signed(signed: Any, build: Any):
    await as_administrator(signed, REWRITE_HEADS)
    assert await try_to_sign(signed, build) == [1]
    assert await signed.signing() == ("refused", "root_mismatch")


async def test_a_checkpoint_excused_without_a_declaration_is_not_signed_on(signed: Any, build: Any):
    await as_administrator(signed, REWRITE_HEADS + "; UPDATE checkpoint SET taken_over = true")
    assert await try_to_sign(signed, build) == [1]
    assert await signed.signing() == ("refused", "taken_over_undeclared")


async def test_a_forged_declaration_excuses_nothing(signed: Any, build: Any):
    forged = '{"format": "marktbund-restoration/1", "signature": "00"}'
    await as_administrator(
        signed,
        f"""UPDATE checkpoint SET taken_over = true;
        INSERT INTO unsealed (chain_id, event_id, type, key, time, recorded_at, demo,
                              meta_hash, leaf, salt, payload)
        SELECT 'cooperative', gen_random_uuid(),
               'marktbund.documentation.FileRestored.v1', 'k', 't', 't', false, sha256(''),
               sha256(''), sha256(''), '{forged}' FROM chain""",
    )
    assert await try_to_sign(signed, build) == [1]
    assert await signed.signing() == ("refused", "taken_over_undeclared")


async def test_a_cut_ledger_is_not_signed_a_second_time(signed: Any, build: Any):
    await signed.ingest(build.persons(2))
    await signed.settle_later()
    await signed.topic.relay()
    await as_administrator(signed, CUT)
    assert await try_to_sign(signed, build) == [1]
    assert await signed.signing() == ("refused", "topic_ahead")


async def test_what_the_process_signed_last_must_stand(signed: Any, build: Any):
    notary = signed.another_notary()
    assert await try_to_sign(signed, build, notary) == [1, 2]
    await as_administrator(
        signed, "UPDATE checkpoint SET time = '2020-01-01T00:00:00Z' WHERE number = 2"
    )
    assert await try_to_sign(signed, build, notary) == [1, 2]
    assert await signed.signing() == ("refused", "ledger_forgot")


async def test_a_checkpoint_that_is_not_the_published_one_is_not_signed_on(signed: Any, build: Any):
    await as_administrator(
        signed, "UPDATE checkpoint SET time = '2020-01-01T00:00:00Z' WHERE number = 1"
    )
    assert await try_to_sign(signed, build) == [1]
    assert await signed.signing() == ("refused", "topic_differs")


@pytest.mark.parametrize("records", [0, 1])
async def test_a_head_moved_back_is_not_signed(signed: Any, build: Any, records: int):
    await as_administrator(signed, MOVED_BACK)
    await signed.as_owner(f"DELETE FROM record WHERE seq > {2 + records}")
    assert await try_to_sign(signed, build) == [1]
    assert await signed.signing() == ("refused", "chain_altered")


async def test_nothing_is_signed_while_the_audit_has_findings(signed: Any, build: Any):
    await signed.as_owner("UPDATE payload SET payload = '{}' WHERE seq = 2")
    await jobs.Auditor(signed.key.public_key())(signed.database)
    assert await try_to_sign(signed, build) == [1]
    assert await signed.signing() == ("refused", "audit_findings")


async def test_without_kafka_signing_waits_and_sealing_goes_on(signed: Any, build: Any):
    signed.topic.away = True
    assert await try_to_sign(signed, build) == [1]
    assert await signed.signing() == ("waiting", "kafka_away")
    assert (await signed.ask("SELECT sum(head_seq) FROM chain"))[0][0] == 5
    signed.topic.away = False
    assert await try_to_sign(signed, build) == [1, 2]
    assert await signed.signing() == ("signing", "")


async def test_a_checkpoint_not_sent_yet_is_waited_for_and_then_signed_on(signed: Any, build: Any):
    signed.topic.held = True
    assert await try_to_sign(signed, build) == [1, 2]
    assert await try_to_sign(signed, build) == [1, 2]
    assert await signed.signing() == ("waiting", "not_in_topic")
    await signed.topic.relay()
    assert await try_to_sign(signed, build) == [1, 2, 3]
    assert await signed.signing() == ("signing", "")


async def test_a_short_wait_is_no_news(signed: Any, build: Any):
    signed.topic.away = True
    assert await try_to_sign(signed, build, signed.another_notary(patience=60)) == [1]
    assert await signed.signing() == ("signing", "")


async def test_notaries_take_turns_on_one_ledger(signed: Any, build: Any):
    first, second = signed.another_notary(), signed.another_notary()
    for number, notary in enumerate((first, second, first, second), 2):
        assert (await try_to_sign(signed, build, notary))[-1] == number
    assert await signed.signing() == ("signing", "")


async def test_a_log_that_was_lost_hears_the_last_checkpoint_again(signed: Any, build: Any):
    await signed.as_owner("DELETE FROM outbox")
    signed.topic.sent.clear()
    assert await try_to_sign(signed, build) == [1]
    assert await signed.signing() == ("waiting", "not_in_topic")
    key, out = signed.key.public_key(), StringIO()
    assert await jobs.announce(signed.database, key, new_id(), "log lost", out)
    assert json.loads(out.getvalue())["announced"] == 1
    assert await try_to_sign(signed, build) == [1, 2]


async def test_what_does_not_hold_is_not_announced_again(signed: Any):
    await as_administrator(signed, REWRITE_HEADS + "; DELETE FROM outbox")
    key, out = signed.key.public_key(), StringIO()
    assert not await jobs.announce(signed.database, key, new_id(), "log lost", out)
    assert json.loads(out.getvalue())["refused"] == "root_mismatch"
    assert await signed.ask("SELECT seq FROM outbox") == []


async def test_the_door_says_why_nothing_is_signed(signed: Any, build: Any):
    doors, auditor = await signed.doors()
    answer = (await doors.client.get("/signing", headers=auditor)).json()
    assert (answer["state"], answer["reason"], answer["number"]) == ("signing", None, 1)
    await as_administrator(signed, REWRITE_HEADS)
    await try_to_sign(signed, build)
    answer = (await doors.client.get("/signing", headers=auditor)).json()
    assert (answer["state"], answer["reason"]) == ("refused", "root_mismatch")
    assert answer["sentence"].startswith("Die Stände der Akten passen nicht")
    assert (answer["detail"], answer["number"]) == ("checkpoint 1", 1)
    assert (await doors.client.get("/signing")).status_code == 401
