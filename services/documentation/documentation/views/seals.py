"""Is an order's file unaltered? Its own records recomputed now, its chain as last verified.

What this costs depends on the order, not on how long the chain is: docs/decisions/0030.
"""

from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation.domain.audit import Audit
from documentation.domain.records import Head, empty_head
from documentation.domain.verifier import Finding
from documentation.store import audits, chains, pages
from documentation.store.audits import Audited
from documentation.views.files import order_chain
from documentation.views.verification import Anchor, anchor, finding
from marktbund import clock
from marktbund.contracts.http.documentation import SealAnswer, SealState
from marktbund.unit_of_work import Database

_VERDICTS = {
    "unchanged": "Akte unverändert",
    "altered": "Akte beanstandet",
    "pending": "Akte noch nicht geprüft",
}


async def of_order(
    database: Database,
    key: Ed25519PublicKey,
    order_id: UUID,
    tenant: UUID | None,
    *,
    most: int = pages.PAGE_ROWS,
) -> SealAnswer:
    """Seal an order's file, for one member or (tenant None) for the cooperative.

    most: so many records the audit has not reached are verified along with it, if there are no
    more. Raises NotFound (`order_file_unknown`), also for an order of another member.
    """
    async with database.reading() as connection:
        chain = await order_chain(connection, order_id, tenant)
    held = await anchor(database, key)
    own_findings, last, records = await _own(database, chain, order_id)
    async with database.reading() as connection:
        known = await audits.of_chain(connection, chain)
    audited = await go_on(database, held, chain, known, most)
    reached = audited is not None and audited.last.seq >= last
    state: SealState
    if own_findings or held.findings or (audited is not None and audited.findings):
        state = "altered"
    else:
        state = "unchanged" if reached else "pending"
    return SealAnswer(
        order_id=order_id,
        chain_id=chain,
        state=state,
        verdict=_VERDICTS[state],
        records=records,
        findings=[finding(contradiction) for contradiction in (*held.findings, *own_findings)],
        audited=None if audited is None else audited.last.seq,
        audited_at=None if audited is None else audited.audited_at,
        begun_at=None if audited is None else audited.begun_at,
        audit_findings=0 if audited is None else audited.findings,
        breaks=0 if audited is None else audited.breaks,
    )


async def go_on(
    database: Database, held: Anchor, chain: str, known: Audited | None, most: int | None = None
) -> Audited | None:
    """Verify a chain from where `known` ended, or from its first record; `known` for no such chain.

    most: `known` stays as it is unless so many records or fewer, and at least one, came since.
    What was found about the checkpoint itself is the anchor's and is not counted here.
    """
    async with database.reading() as connection:
        end = await pages.end_of(connection, chain)
    if end is None:
        return known
    behind = end.head.seq - (0 if known is None else known.last.seq)
    if most is not None and not 0 < behind <= most:
        return known
    if known is not None and known.last.seq > end.head.seq:
        known = None  # the chain is shorter than it was: the walk from its beginning will say why
    covered = held.heads.get(chain)
    after = empty_head(chain) if known is None else known.last
    audit = Audit(chain, covered.seq if covered else 0, after=after)
    async for page in pages.pages(database, chain, max(end.last, end.head.seq), after.seq):
        audit.take(page)
    audit.finish(end.head, 0, "")
    now = clock.now()
    return Audited(
        last=audit.last,
        audited_at=now,
        begun_at=now if known is None else known.begun_at,
        findings=audit.total - audit.breaks + (0 if known is None else known.findings),
        breaks=audit.breaks + (0 if known is None else known.breaks),
    )


async def _own(database: Database, chain: str, order_id: UUID) -> tuple[list[Finding], int, int]:
    """What is found on an order's records, the number of the last, and how many there are."""
    findings: list[Finding] = []
    last = records = 0
    async for page in chains.linked_records(database, chain, order_id):
        for before, filed in page:
            last, records = filed.record.seq, records + 1
            audit = Audit(chain, 0, after=_start(chain, last, before))
            audit.take([filed])
            findings += audit.findings
    return findings, last, records


def _start(chain: str, seq: int, before: bytes | None) -> Head:
    """Where the walk to one record begins: at the one before it, or beyond where that is gone."""
    if before is not None:
        return Head(chain, seq - 1, before)
    return empty_head(chain) if seq == 1 else Head(chain, seq - 2, b"")
