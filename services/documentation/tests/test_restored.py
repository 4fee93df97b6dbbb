"""A file put back to an earlier point: heard again, its break declared, no number given twice."""

import json
from collections.abc import Sequence
from io import StringIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation import handlers, jobs
from documentation.domain.verifier import RESTORED
from documentation.views import provable, verification
from marktbund.contracts.documentation import CheckpointSigned
from marktbund.envelope import Origin
from marktbund.ids import new_id

FORGET = """
    DELETE FROM checkpoint_head WHERE number > 1;
    DELETE FROM checkpoint WHERE number > 1;
    DELETE FROM payload WHERE seq > 10 OR chain_id = '{late}';
    DELETE FROM record WHERE seq > 10 OR chain_id = '{late}';
    DELETE FROM unsealed;
    UPDATE chain AS c SET head_seq = 10, head_hash = r.hash
      FROM record AS r WHERE r.chain_id = c.chain_id AND r.seq = 10;
    DELETE FROM chain AS c WHERE NOT EXISTS (SELECT 1 FROM record WHERE chain_id = c.chain_id)
"""


async def put_back(ledger: Any, heard_again: Sequence[Any], late: Any) -> None:
    """What a restore to ten records per chain, none in `late`, and a reconciliation do."""
    rows = await ledger.ask("SELECT payload FROM outbox ORDER BY seq OFFSET 1")
    published = [CheckpointSigned.model_validate_json(row.payload) for row in rows]
    await ledger.as_owner(*FORGET.format(late=late).split(";"))
    await ledger.ingest(heard_again)
    async with ledger.database.begin(Origin(correlation_id="c", demo=True)) as uow:
        for event in published:
            await handlers.take_back_checkpoint(event, uow)
        await handlers.declare_restoration(ledger.key, uow)
    await ledger.settle_later()


@pytest.fixture
async def story(ledger: Any, build: Any) -> tuple[Any, str, str]:
    """Ten events per chain kept, ten more heard twice, a new chain, two checkpoints gone."""
    town, late = new_id(), new_id()
    kept = [*build.orders(town, 10), *build.persons(10)]
    lost = [*build.orders(town, 10), *build.persons(10)]
    more = build.orders(late, 4)
    await ledger.ingest(kept)
    await ledger.settle()
    await ledger.ingest(lost)
    await ledger.settle_later()
    await ledger.ingest(more)
    await ledger.settle_later()
    await put_back(ledger, [*lost[::-1], *more], late)
    return ledger, str(town), str(late)


async def test_exactly_the_declared_break_is_found(story: tuple[Any, str, str]):
    ledger, town, late = story
    for chain, first, last in ((town, 11, 21), ("cooperative", 11, 21), (late, 1, 5)):
        answer = await ledger.verify(chain)
        findings = [(finding.code, finding.seq, finding.last) for finding in answer.findings]
        assert findings == [("restored", first, last)]
        assert (answer.unchanged, answer.breaks) == (True, 1)
        assert answer.verdict == f"Akte unverändert bis Datensatz {last}, erklärte Brüche: 1"
        printed = await ledger.stand_alone(chain)
        assert f"[restored] Datensatz {first} bis {last}: Erklärter Bruch" in printed
        assert printed.rstrip().endswith("Befunde: 1")


async def test_no_event_is_missing_or_filed_twice(story: tuple[Any, str, str]):
    ledger, _, _ = story
    (row,) = await ledger.ask(
        "SELECT count(*) AS records, count(DISTINCT event_id) AS events FROM record"
        f" WHERE type <> '{RESTORED}'"
    )
    assert (row.records, row.events) == (44, 44)


async def test_the_declaration_names_the_last_published_checkpoint(story: tuple[Any, str, str]):
    ledger, town, _ = story
    (row,) = await ledger.ask(
        "SELECT r.demo, p.payload FROM record AS r JOIN payload AS p USING (chain_id, seq)"
        " WHERE r.type = :type AND r.chain_id = :town",
        type=RESTORED,
        town=town,
    )
    restored = json.loads(bytes(row.payload))
    assert row.demo is True
    assert (restored["numbered_anew_from"], restored["last_kept_checkpoint"]) == (11, 1)
    doors, auditor = await ledger.doors()
    listed = (await doors.client.get("/checkpoints", headers=auditor)).json()
    numbers = [
        (checkpoint["document"]["number"], checkpoint["taken_over"]) for checkpoint in listed
    ]
    assert numbers == [(1, False), (2, True), (3, True), (4, False)]
    assert restored["last_published_checkpoint"] == listed[2]["document"]


async def test_checkpoints_go_on_after_the_last_published_one(story: tuple[Any, str, str]):
    ledger, _, _ = story
    key = ledger.key.public_key()
    answer = await verification.all_checkpoints(ledger.database, key)
    assert (answer.checkpoints, answer.unchanged) == (4, True)
    assert [(finding.code, finding.seq, finding.last) for finding in answer.broken] == [
        ("restored", 2, 3)
    ]
    assert await jobs.verify(ledger.database, key, StringIO()) == 3
    await ledger.as_owner("UPDATE payload SET payload = '{}' WHERE seq = 1")
    assert await jobs.verify(ledger.database, key, StringIO()) == 1


async def test_a_flag_without_a_signed_declaration_excuses_no_checkpoint(
    story: tuple[Any, str, str],
):
    ledger, _, _ = story
    key = ledger.key.public_key()
    await ledger.as_owner("UPDATE checkpoint SET taken_over = true WHERE number = 1")
    answer = await verification.all_checkpoints(ledger.database, key)
    assert [(finding.code, finding.seq) for finding in answer.broken] == [
        ("checkpoint_broken", 1),
        ("restored", 2),
    ]
    assert (answer.unchanged, answer.breaks) == (False, 1)
    assert await jobs.verify(ledger.database, key, StringIO()) == 1


async def test_declared_breaks_of_checkpoints_alone_end_verify_with_three(
    story: tuple[Any, str, str],
):
    ledger, _, _ = story
    key = ledger.key.public_key()
    out = StringIO()
    assert await jobs.verify(ledger.database, key, out) == 3
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["breaks"] for line in lines] == [1, 1, 1, 1]


async def test_a_declaration_that_another_key_signed_is_none(story: tuple[Any, str, str]):
    ledger, _, _ = story
    other = Ed25519PrivateKey.generate().public_key()
    async with ledger.database.reading() as connection:
        assert len(await provable.declared(connection, ledger.key.public_key())) == 1
        assert await provable.declared(connection, other) == []


async def test_a_checkpoint_taken_back_proves_nothing_any_more(story: tuple[Any, str, str]):
    ledger, town, _ = story
    doors, auditor = await ledger.doors()
    refused = await doors.client.get(f"/chains/{town}/export?checkpoint=3", headers=auditor)
    assert (refused.status_code, refused.json()["code"]) == (409, "checkpoint_taken_back")
    kept = await ledger.stand_alone(town, checkpoint=1)
    assert "[restored]" in kept
    assert "Befunde: 1" in kept
    latest = (await doors.client.get("/checkpoints/latest", headers=auditor)).json()
    assert latest["number"] == 4


async def test_without_a_lost_checkpoint_nothing_is_declared(ledger: Any, build: Any):
    events = build.orders(new_id(), 4)
    await ledger.ingest(events)
    await ledger.settle()
    async with ledger.database.begin(Origin(correlation_id="c")) as uow:
        await handlers.declare_restoration(ledger.key, uow)
    assert await ledger.ask("SELECT 1 FROM unsealed") == []
