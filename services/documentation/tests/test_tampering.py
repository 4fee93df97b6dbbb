"""What an administrator of the database alters is found: by our own check, and without us."""

from typing import Any
from uuid import UUID

import pytest

from documentation.domain.records import Meta, empty_head, leaf_hash, link_hash, meta_hash
from documentation.store import pages
from documentation.views import verification
from marktbund.ids import new_id

SWAP = """
    UPDATE record SET seq = CASE seq WHEN 10010 THEN 20 WHEN 10020 THEN 10 END
     {at} AND seq > 10000
"""
FORGERIES: dict[str, tuple[list[str], list[tuple[str, int]]]] = {
    "a flipped byte in a payload": (
        ["UPDATE payload SET payload = set_byte(payload, 9, 0) {at} AND seq = 17"],
        [("payload_mismatch", 17)],
    ),
    "another salt": (
        [
            "UPDATE payload SET salt = sha256('') {at} AND seq = 18",
        ],
        [("payload_mismatch", 18)],
    ),
    "another type": (
        ["UPDATE record SET type = 'other' {at} AND seq = 19"],
        [("hash_mismatch", 19)],
    ),
    "another time": (
        ["UPDATE record SET time = '2020-01-01T00:00:00Z' {at} AND seq = 1"],
        [("hash_mismatch", 1)],
    ),
    "a deleted record": (
        [
            "DELETE FROM record {at} AND seq = 500",
            "DELETE FROM payload {at} AND seq = 500",
        ],
        [("missing_record", 500)],
    ),
    "a swapped pair": (
        [
            "UPDATE record SET seq = 10000 + seq {at} AND seq IN (10, 20)",
            "UPDATE payload SET seq = 10000 + seq {at} AND seq IN (10, 20)",
            SWAP,
            SWAP.replace("record", "payload"),
        ],
        [("hash_mismatch", seq) for seq in (10, 11, 20, 21)],
    ),
    "a cut tail": (
        [
            "DELETE FROM record {at} AND seq > 990",
            "DELETE FROM payload {at} AND seq > 990",
        ],
        [("cut_tail", 991)],
    ),
    "a cut tail with its head put back": (
        [
            "DELETE FROM record {at} AND seq > 990",
            "DELETE FROM payload {at} AND seq > 990",
            "UPDATE chain SET head_seq = 990 {at}",
            "UPDATE chain SET head_hash = (SELECT hash FROM record {at} AND seq = 990) {at}",
        ],
        [("cut_tail", 991)],
    ),
}


@pytest.fixture
async def town(ledger: Any, build: Any) -> str:
    """A chain of 1,000 records among others, signed over."""
    town = new_id()
    await ledger.ingest(build.persons(3))
    for events in range(4):
        await ledger.ingest(build.orders(new_id(), 2 + events))
        await ledger.ingest(build.orders(town, 250))
    await ledger.settle()
    return str(town)


async def test_an_untouched_chain_is_found_unchanged_by_both(ledger: Any, town: str):
    answer = await ledger.verify(town)
    assert answer.unchanged
    assert answer.verdict == "Akte unverändert bis Datensatz 1000"
    assert (answer.records, answer.covered, answer.not_yet_covered) == (1000, 1000, 0)
    assert (answer.checkpoint, answer.disposed, answer.findings) == (1, 0, [])
    printed = await ledger.stand_alone(town)
    assert "Ergebnis: Akte unverändert bis Datensatz 1000" in printed


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forgery_is_found_by_both(ledger: Any, town: str, forgery: str):
    statements, expected = FORGERIES[forgery]
    at = f"WHERE chain_id = '{town}'"
    await ledger.as_owner(*(statement.replace("{at}", at) for statement in statements))
    assert await ledger.findings(town) == expected
    printed = await ledger.stand_alone(town)
    for code, seq in expected:
        assert f"[{code}] Datensatz {seq}" in printed
    assert "Akte beanstandet" in printed


async def test_a_forgery_in_one_chain_does_not_blame_another(ledger: Any, town: str):
    await ledger.as_owner(f"UPDATE payload SET payload = '' WHERE chain_id = '{town}'")
    assert (await ledger.verify("cooperative")).unchanged
    answer = await ledger.verify(town)
    assert (answer.verdict, answer.findings_total) == ("Akte beanstandet, Befunde: 1000", 1000)


async def test_a_record_hidden_from_its_order_is_found(ledger: Any, town: str):
    await ledger.as_owner(
        f"UPDATE record SET order_id = NULL WHERE chain_id = '{town}' AND seq = 4"
    )
    assert await ledger.findings(town) == [("lookup_mismatch", 4)]


async def test_an_added_record_is_found(ledger: Any, town: str):
    await ledger.as_owner(
        f"""INSERT INTO record SELECT chain_id, 1001, hash, leaf, gen_random_uuid(), type, key,
            aggregate_version, time, recorded_at, business_time, demo, order_id
            FROM record WHERE chain_id = '{town}' AND seq = 1000""",
        f"""INSERT INTO payload SELECT chain_id, 1001, salt, payload FROM payload
            WHERE chain_id = '{town}' AND seq = 1000""",
    )
    assert await ledger.findings(town) == [("hash_mismatch", 1001), ("added_record", 1001)]


async def forge_consistently(ledger: Any, town: str) -> None:
    """Rewrite record 3 and every hash after it, as the strongest attacker without the key would."""
    filed = [stored async for page in pages.pages(ledger.database, town, 1000) for stored in page]
    prev = empty_head(town).hash
    statements = []
    for stored in filed:
        record, content = stored.record, stored.record.content
        payload = b"{}" if record.seq == 3 else content.payload
        meta = Meta(**record.meta.document())
        leaf = leaf_hash(content.salt, payload)
        prev = link_hash(prev, record.seq, meta_hash(meta), leaf)
        at = f"WHERE chain_id = '{town}' AND seq = {record.seq}"
        statements.append(
            f"UPDATE record SET hash = '\\x{prev.hex()}', leaf = '\\x{leaf.hex()}' {at}"
        )
    at = f"WHERE chain_id = '{town}'"
    statements.append(f"UPDATE payload SET payload = '{{}}' {at} AND seq = 3")
    statements.append(f"UPDATE record SET order_id = NULL {at} AND seq = 3")
    statements.append(f"UPDATE chain SET head_hash = '\\x{prev.hex()}' {at}")
    await ledger.as_owner(*statements)


async def test_a_recomputed_chain_does_not_match_what_was_signed(ledger: Any, town: str):
    await forge_consistently(ledger, town)
    assert await ledger.findings(town) == [("head_mismatch", 1000)]
    assert "[head_mismatch] Datensatz 1000" in await ledger.stand_alone(town)


async def test_heads_rewritten_too_do_not_match_the_signed_root(ledger: Any, town: str):
    await forge_consistently(ledger, town)
    await ledger.as_owner(
        f"UPDATE checkpoint_head SET head = (SELECT head_hash FROM chain WHERE chain_id = '{town}')"
        f" WHERE chain_id = '{town}'"
    )
    assert await ledger.findings(town) == [("proof_invalid", None)]
    assert "[proof_invalid] Akte" in await ledger.stand_alone(town)


async def test_a_checkpoint_without_the_key_is_not_believed(ledger: Any, town: str):
    await ledger.as_owner("UPDATE checkpoint SET time = '2020-01-01T00:00:00Z'")
    assert await ledger.findings(town) == [("signature_invalid", None)]
    assert "[signature_invalid]" in await ledger.stand_alone(town)


async def test_removed_checkpoints_are_missed(ledger: Any, town: str, build: Any):
    for _ in range(2):
        await ledger.ingest(build.persons(1))
        await ledger.settle_later()
    key = ledger.key.public_key()
    assert (await verification.all_checkpoints(ledger.database, key)).unchanged
    await ledger.as_owner(
        "DELETE FROM checkpoint_head WHERE number = 2", "DELETE FROM checkpoint WHERE number = 2"
    )
    answer = await verification.all_checkpoints(ledger.database, key)
    assert [finding.seq for finding in answer.broken] == [3]
    await ledger.as_owner("DELETE FROM checkpoint_head", "DELETE FROM checkpoint")
    assert await ledger.findings(town) == [("proof_missing", None)]


async def test_records_after_the_checkpoint_are_counted_and_an_older_one_can_be_asked_for(
    ledger: Any, town: str, build: Any
):
    await ledger.ingest(build.orders(new_id(), 1))
    await ledger.ingest(
        [
            build.event(received.event.model_copy(update={"member_id": UUID(town)}))
            for received in build.orders(new_id(), 5)
        ]
    )
    await ledger.sealer(ledger.database)
    answer = await ledger.verify(town)
    assert (answer.unchanged, answer.covered, answer.not_yet_covered) == (True, 1000, 5)
    await ledger.settle_later()
    assert (await ledger.verify(town)).covered == 1005
    assert "unverändert bis Datensatz 1000" in await ledger.stand_alone(town, 1)
    assert "unverändert bis Datensatz 1005" in await ledger.stand_alone(town, 2)


async def test_a_forged_tail_without_checkpoint_is_still_found(ledger: Any, town: str, build: Any):
    chain = new_id()
    await ledger.ingest(build.orders(chain, 5))
    await ledger.sealer(ledger.database)
    assert (await ledger.verify(chain)).unchanged
    await ledger.as_owner(f"DELETE FROM record WHERE chain_id = '{chain}' AND seq = 5")
    assert await ledger.findings(chain) == [("cut_tail", 5)]
