"""Is the file unaltered? Recomputed from the database by the verifier's rules, page by page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import groupby

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation.domain import merkle
from documentation.domain.audit import BROKEN_CHECKPOINTS, Audit, sentence
from documentation.domain.checkpoints import Checkpoint, broken_numbers, is_signed_by
from documentation.domain.records import Head
from documentation.domain.verifier import Finding, Report
from documentation.store import chains, checkpoints, pages
from documentation.views.provable import declared, is_excused, latest_provable
from marktbund.contracts.http.documentation import (
    CheckpointsAnswer,
    FindingAnswer,
    VerificationAnswer,
)
from marktbund.errors import NotFound
from marktbund.unit_of_work import Database

_CHECKPOINTS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Anchor:
    """The latest checkpoint, the heads it covers, and what is wrong with the two."""

    checkpoint: Checkpoint | None
    heads: dict[str, Head]
    findings: tuple[Finding, ...]


async def anchor(database: Database, key: Ed25519PublicKey) -> Anchor:
    """What chains are held against; the same for all of them."""
    async with database.reading() as connection:
        stored = await latest_provable(connection, key)
        if stored is None:
            return Anchor(None, {}, (Finding("proof_missing"),))
        checkpoint = stored.signed.checkpoint
        heads = await checkpoints.heads_at(connection, checkpoint.number)
    findings = []
    if not is_signed_by(stored.signed, key):
        findings.append(Finding("signature_invalid"))
    if merkle.root(heads) != checkpoint.root:
        findings.append(Finding("proof_invalid"))
    return Anchor(checkpoint, {head.chain: head for head in heads}, tuple(findings))


async def one_chain(database: Database, key: Ed25519PublicKey, chain: str) -> VerificationAnswer:
    """Verify one chain. Raises NotFound (`chain_unknown`)."""
    return await _verified(database, await anchor(database, key), chain)


async def everything(
    database: Database, key: Ed25519PublicKey
) -> AsyncIterator[VerificationAnswer | CheckpointsAnswer]:
    """Verify all chains, one answer each, and then all checkpoints."""
    held = await anchor(database, key)
    async with database.reading() as connection:
        names = await chains.names(connection)
    for chain in sorted({*names, *held.heads}):
        yield await _verified(database, held, chain)
    yield await all_checkpoints(database, key)


async def all_checkpoints(database: Database, key: Ed25519PublicKey) -> CheckpointsAnswer:
    """Walk all checkpoints from the first; what a re-signed or removed one leaves behind."""
    broken: list[int] = []
    forgotten: list[int] = []
    heads: dict[str, Head] = {}
    last: Checkpoint | None = None
    seen = 0
    async with database.reading() as connection:
        breaks = await declared(connection, key)
    while True:
        async with database.reading() as connection:
            after = last.number if last else 0
            page = await checkpoints.following(connection, after, _CHECKPOINTS_AT_ONCE)
            if not page:
                break
            end = page[-1].signed.checkpoint
            moved = await checkpoints.heads_of(connection, after + 1, end.number)
        broken += broken_numbers([stored.signed for stored in page], key, last)
        excused = [stored.signed.checkpoint.number for stored in page if is_excused(stored, breaks)]
        kept = [stored.signed.checkpoint for stored in page if not is_excused(stored, breaks)]
        broken += wrong_roots(kept, moved, heads)
        broken += [
            stored.signed.checkpoint.number
            for stored in page
            if stored.taken_over and not is_excused(stored, breaks)
        ]
        forgotten += excused
        last, seen = end, seen + len(page)
    findings = [Finding(BROKEN_CHECKPOINTS, number) for number in sorted(set(broken))]
    stretches = [Finding("restored", first, to) for first, to in _stretches(forgotten)]
    return CheckpointsAnswer(
        checkpoints=seen,
        unchanged=not findings,
        broken=[finding(fault) for fault in (*findings, *stretches)],
        breaks=len(stretches),
    )


def _stretches(numbers: list[int]) -> list[tuple[int, int]]:
    runs = groupby(enumerate(numbers), key=lambda numbered: numbered[1] - numbered[0])
    stretches = [[number for _, number in run] for _, run in runs]
    return [(run[0], run[-1]) for run in stretches]


def wrong_roots(
    page: list[Checkpoint], moved: list[tuple[int, Head]], heads: dict[str, Head]
) -> list[int]:
    """The checkpoints whose root is not that of their heads; `heads` moves on with them."""
    wrong = []
    position = 0
    for checkpoint in page:
        while position < len(moved) and moved[position][0] <= checkpoint.number:
            head = moved[position][1]
            heads[head.chain] = head
            position += 1
        if merkle.root(heads.values()) != checkpoint.root:
            wrong.append(checkpoint.number)
    return wrong


async def _verified(database: Database, held: Anchor, chain: str) -> VerificationAnswer:
    async with database.reading() as connection:
        end = await pages.end_of(connection, chain)
    if end is None:
        raise NotFound("chain_unknown", "Diese Akte gibt es nicht")
    covered = held.heads.get(chain)
    audit = Audit(chain, covered.seq if covered else 0, held.findings)
    async for page in pages.pages(database, chain, max(end.last, end.head.seq)):
        audit.take(page)
    number = held.checkpoint.number if held.checkpoint else 0
    time = held.checkpoint.time if held.checkpoint else ""
    return _answer(audit.finish(end.head, number, time), audit.total, audit.breaks)


def _answer(report: Report, total: int, breaks: int) -> VerificationAnswer:
    declared = f", erklärte Brüche: {breaks}" if breaks else ""
    return VerificationAnswer(
        chain_id=report.chain,
        unchanged=total == breaks,
        verdict=(
            f"Akte beanstandet, Befunde: {total}"
            if total > breaks
            else f"Akte unverändert bis Datensatz {report.covered}{declared}"
        ),
        checkpoint=report.checkpoint or None,
        checkpoint_time=report.checkpoint_time or None,
        covered=report.covered,
        records=report.records,
        not_yet_covered=report.not_yet_covered,
        disposed=report.disposed,
        demo=report.demo,
        findings=[finding(fault) for fault in report.findings],
        findings_total=total,
        breaks=breaks,
    )


def finding(fault: Finding) -> FindingAnswer:
    """A finding as it is answered."""
    return FindingAnswer(
        code=fault.code, seq=fault.seq, last=fault.last, sentence=sentence(fault.code)
    )
