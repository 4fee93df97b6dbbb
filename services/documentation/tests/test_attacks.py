"""The file rewritten with the database alone, in five ways, each by somebody with every right but
the key: refused by the notary, named by the scheduled audit with an alarm, named by the
stand-alone verifier given one checkpoint kept outside. `make check-tamper` prints the table.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from documentation import jobs
from marktbund.contracts.orders import OrderApproved
from marktbund.ids import new_id

from .attacked import OLDER, ROUNDS, File
from .ledger import Ledger, person_events, received

TABLES = (
    "record",
    "payload",
    "chain",
    "chain_audit",
    "checkpoint",
    "checkpoint_head",
    "signing",
    "outbox",
    "audit_pass",
)


@pytest.fixture(scope="module")
def saved() -> dict[str, Any]:
    """What the first test built, for those after it."""
    return {}


@pytest.fixture
async def file(ledger: Ledger, saved: dict[str, Any], tmp_path: Path) -> File:
    if not saved:
        await _build(ledger, saved)
    else:
        copies = [f"INSERT INTO {t} SELECT * FROM kept_{t}" for t in TABLES if t != "outbox"]
        await ledger.as_owner(*copies)
    ledger.topic.sent.update(saved["sent"])
    ledger.log.records = {partition: list(kept) for partition, kept in saved["log"].items()}
    outside = tmp_path / "kept by an auditor.json"
    outside.write_text(saved["outside"])
    return File(ledger, saved["chain"], outside)


async def _build(ledger: Ledger, saved: dict[str, Any]) -> None:
    member = new_id()
    for _ in range(ROUNDS):
        orders = [
            received(
                OrderApproved(version=1, basis="not_required", order_id=new_id(), member_id=member)
            )
            for _ in range(55)
        ]
        await ledger.ingest([*orders, *person_events(12)])
        await ledger.settle_later()
    await ledger.topic.relay()
    await jobs.Auditor(ledger.key.public_key())(ledger.database)
    doors, auditor = await ledger.doors()
    kept = await doors.client.get(f"/checkpoints/{OLDER}", headers=auditor)
    saved |= {"chain": str(member), "sent": dict(ledger.topic.sent), "outside": kept.text}
    saved["log"] = {partition: list(records) for partition, records in ledger.log.records.items()}
    copies = [f"DROP TABLE IF EXISTS kept_{table}" for table in TABLES]
    copies += [f"CREATE TABLE kept_{table} AS TABLE {table}" for table in TABLES]
    await ledger.as_owner(*copies)


@pytest.fixture(scope="module")
def table() -> Iterator[list[tuple[str, str, str, str]]]:
    """Printed at the end, with `-s`."""
    rows: list[tuple[str, str, str, str]] = []
    yield rows
    widths = [max(len(row[n]) for row in rows) for n in range(4)] if rows else []
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))  # noqa: T201


async def changed(file: File) -> None:
    await file.rewrite()


async def excused(file: File) -> None:
    await file.rewrite()
    await file.ledger.as_owner("UPDATE checkpoint SET taken_over = true")


async def cut(file: File) -> None:
    await file.cut(checkpoints=True)


async def deleted(file: File) -> None:
    await file.ledger.as_owner(
        f"DELETE FROM payload WHERE chain_id = '{file.chain}' AND seq BETWEEN 10 AND 14"
    )


async def moved_back(file: File) -> None:
    await file.cut(checkpoints=False)


ATTACKS = {
    "a record changed, chain and heads recomputed": (
        changed,
        "root_mismatch",
        {"anchor", "checkpoints", "log"},
        {"proof_invalid"},
    ),
    "the same, checkpoints flagged as taken over": (
        excused,
        "taken_over_undeclared",
        {"anchor", "checkpoints", "log"},
        {"proof_invalid"},
    ),
    "25 checkpoints cut with their records, heads set back": (
        cut,
        "topic_ahead",
        {"log"},
        {"proof_invalid"},
    ),
    "contents deleted": (deleted, "content_missing", {"chains"}, {"content_missing"}),
    "records cut and heads moved back, notary stopped": (
        moved_back,
        "chain_altered",
        {"chains", "log"},
        {"cut_tail"},
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_an_attack_without_the_key_is_refused_and_named(
    file: File, table: list[tuple[str, str, str, str]], attack: str
):
    carry_out, refusal, audits, findings = ATTACKS[attack]
    await carry_out(file)
    refused, audited, verified = await file.refusal(), await file.audited(), await file.verified()
    if not table:
        table.append(("attack", "notary", "audit", "verifier"))
    names = (", ".join(sorted(audited)), ", ".join(sorted(verified)))
    table.append((attack, f"refused: {refused}", *names))
    assert (refused, audited, verified) == (refusal, audits, findings)


async def test_without_an_attack_nothing_is_refused_or_named(file: File):
    (row,) = await file.ledger.ask("SELECT count(*) AS records FROM record")
    assert row.records >= 2000
    assert json.loads(file.outside.read_text())["number"] == OLDER
    await file.ledger.ingest(person_events(2))
    await file.ledger.settle_later()
    assert await file.ledger.signing() == ("signing", "")
    assert await file.audited() == set()
    assert await file.verified() == set()
