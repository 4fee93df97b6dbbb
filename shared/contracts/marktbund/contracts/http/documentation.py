"""What documentation answers: chains and files, whether they are unaltered, checkpoints."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import JsonValue

from marktbund.contracts.http import Answer

SigningState = Literal["signing", "waiting", "refused"]
SealState = Literal["unchanged", "altered", "pending"]


class ChainAnswer(Answer):
    """A chain: how many records, its head (hex), and how many of them a checkpoint covers."""

    chain_id: str
    records: int
    head: str
    covered: int


class FiledRecord(Answer):
    """One record of a file; `payload` is the event's JSON, null once its content is disposed.

    covered: whether a signed checkpoint vouches for it already.
    """

    seq: int
    hash: str
    event_id: UUID
    type: str
    key: str
    aggregate_version: int | None
    time: str
    recorded_at: str
    business_time: str | None
    demo: bool
    covered: bool
    disposed: bool
    payload: JsonValue


class OrderFileAnswer(Answer):
    """Sealed records of an order, in the order of their chain.

    next_after: `after` of the next page, null where these are the last.
    """

    order_id: UUID
    chain_id: str
    records: list[FiledRecord]
    next_after: int | None


class FindingAnswer(Answer):
    """A contradiction in records `seq` to `last`; both null where it concerns the whole file."""

    code: str
    seq: int | None
    last: int | None
    sentence: str


class VerificationAnswer(Answer):
    """What was checked and found.

    unchanged: no finding but declared breaks (`restored`), of which there are `breaks`, up to
    record `covered`, which checkpoint `checkpoint` vouches for;
    `not_yet_covered` records are linked but await the next. findings: at most 1,000 by name.
    """

    chain_id: str
    unchanged: bool
    verdict: str
    checkpoint: int | None
    checkpoint_time: str | None
    covered: int
    records: int
    not_yet_covered: int
    disposed: int
    demo: int
    findings: list[FindingAnswer]
    findings_total: int
    breaks: int


class CheckpointsAnswer(Answer):
    """Every checkpoint's signature, predecessor and root over the heads kept for it.

    broken: `restored` names those that were published and forgotten: their heads are gone, as a
    signed record declares; there are `breaks` such stretches. Without one it is a finding.
    """

    checkpoints: int
    unchanged: bool
    broken: list[FindingAnswer]
    breaks: int


class SealAnswer(Answer):
    """state: `altered` with the first finding, `pending` until the audit has reached the order.

    records: how many of this order were recomputed now; findings: what was found on them and on
    the latest checkpoint. audited: the chain was verified up to this record at `audited_at`, from
    its first record on at `begun_at` or later; null before the first time. audit_findings: what
    was found on the chain then, breaks: of that, declared ones.
    """

    order_id: UUID
    chain_id: str
    state: SealState
    verdict: str
    records: int
    findings: list[FindingAnswer]
    audited: int | None
    audited_at: datetime | None
    begun_at: datetime | None
    audit_findings: int
    breaks: int


class CheckpointDocumentAnswer(Answer):
    """Exactly the fields the verifier takes; root, previous and signature in lower-case hex."""

    format: str
    number: int
    time: str
    root: str
    previous: str
    signature: str


class CheckpointAnswer(Answer):
    """A checkpoint, the key it was signed with, and how much it covers since the beginning.

    taken_over: published before a restore; nothing here can be proved against it any more.
    """

    document: CheckpointDocumentAnswer
    key_id: str
    chains: int
    records: int
    taken_over: bool


class SigningAnswer(Answer):
    """state: signing; waiting for what comes by itself; refused until people have looked.

    reason: a stable code, null while checkpoints are signed. since: state and reason are the same
    since then, null before the first checkpoint. number, time: of the last checkpoint.
    """

    state: SigningState
    reason: str | None
    sentence: str
    detail: str
    since: datetime | None
    number: int | None
    time: str | None
