"""The chain of commitments: how an event becomes a leaf, and a leaf the next link of its chain.

    leaf = SHA-256(salt || exact bytes)
    meta = SHA-256(RFC 8785 JSON of the nine fields of `Meta`)
    hash = SHA-256(prev || seq as 8 bytes, big-endian || meta || leaf)

Before sequence number 1 stands SHA-256(chain id). Neither leaf nor meta depends on the position, so
ingest computes both and the sealer, who alone knows the head, spends one SHA-256 per record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from json.encoder import encode_basestring as _quote
from typing import Final, TypedDict

DIGEST_BYTES: Final = 32
SALT_BYTES: Final = 32
LARGEST_INTEGER: Final = 2**53 - 1


class MetaDocument(TypedDict):
    """The nine fields of `Meta` in JSON."""

    aggregate_version: int | None
    business_time: str | None
    chain: str
    demo: bool
    event_id: str
    key: str
    recorded_at: str
    time: str
    type: str


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known of an event besides its content; stays readable after the content is disposed.

    The three times are the exact texts that are exported later: a store that reformats them
    (another precision, another offset) breaks the proof.
    """

    chain: str
    event_id: str
    type: str
    key: str
    aggregate_version: int | None
    time: str
    recorded_at: str
    business_time: str | None
    demo: bool

    def document(self) -> MetaDocument:
        """The nine fields as they are exported."""
        return {
            "aggregate_version": self.aggregate_version,
            "business_time": self.business_time,
            "chain": self.chain,
            "demo": self.demo,
            "event_id": self.event_id,
            "key": self.key,
            "recorded_at": self.recorded_at,
            "time": self.time,
            "type": self.type,
        }

    def canonical(self) -> str:
        """The RFC 8785 JSON of the nine fields, several times as fast as by the library."""
        version, business = self.aggregate_version, self.business_time
        return (
            f'{{"aggregate_version":{"null" if version is None else version}'
            f',"business_time":{"null" if business is None else _quote(business)}'
            f',"chain":{_quote(self.chain)}'
            f',"demo":{"true" if self.demo else "false"}'
            f',"event_id":{_quote(self.event_id)}'
            f',"key":{_quote(self.key)}'
            f',"recorded_at":{_quote(self.recorded_at)}'
            f',"time":{_quote(self.time)}'
            f',"type":{_quote(self.type)}}}'
        )


@dataclass(frozen=True, slots=True)
class Record:
    """An event's commitments, position not yet given: all the sealer needs, nothing readable."""

    chain: str
    event_id: str
    meta_hash: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the last sequence number given and the hash there."""

    chain: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """A record with its place in the chain; the row of the chain table."""

    record: Record
    seq: int
    hash: bytes


def leaf_hash(salt: bytes, payload: bytes) -> bytes:
    """Commit to the exact bytes of an event; without the salt the content cannot be guessed."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return sha256(salt + payload).digest()


def meta_hash(meta: Meta) -> bytes:
    """Commit to the fields around an event; the same for every implementation of RFC 8785."""
    version = meta.aggregate_version
    if version is not None and not 0 <= version <= LARGEST_INTEGER:
        raise ValueError("an aggregate version lies between 0 and RFC 8785's largest, 2**53 - 1")
    return sha256(meta.canonical().encode()).digest()


def commit(meta: Meta, salt: bytes, payload: bytes) -> Record:
    """Turn an event into its commitments, to be stored unsealed until the sealer comes by."""
    return Record(meta.chain, meta.event_id, meta_hash(meta), leaf_hash(salt, payload))


def empty_head(chain: str) -> Head:
    """The head of a chain without records: number 0, and the hash that precedes number 1."""
    return Head(chain, 0, sha256(chain.encode()).digest())


def link_hash(prev: bytes, seq: int, meta: bytes, leaf: bytes) -> bytes:
    """The hash of the record at `seq`; every part has a fixed length, so none can borrow bytes."""
    return sha256(prev + seq.to_bytes(8, "big") + meta + leaf).digest()


def seal(head: Head, records: Iterable[Record]) -> tuple[list[Sealed], Head]:
    """Append a batch in the order given; returns the rows to insert and the chain's new head."""
    sealed: list[Sealed] = []
    chain, seq, prev = head.chain, head.seq, head.hash
    for record in records:
        if record.chain != chain:
            raise ValueError(f"record {record.event_id} belongs to another chain")
        if len(record.meta_hash) != DIGEST_BYTES or len(record.leaf) != DIGEST_BYTES:
            raise ValueError(f"record {record.event_id} carries a commitment of the wrong length")
        seq += 1
        prev = link_hash(prev, seq, record.meta_hash, record.leaf)
        sealed.append(Sealed(record, seq, prev))
    return sealed, Head(chain, seq, prev)
