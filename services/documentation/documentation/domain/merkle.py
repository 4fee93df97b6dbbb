"""One root over the heads of all chains: the Merkle tree of RFC 6962 (nodes 0x01, leaves 0x00).

Heads are sorted by the UTF-8 bytes of their chain id. The input of a leaf is

    length of the chain id in bytes, 4 bytes big-endian || chain id, UTF-8
    || seq, 8 bytes big-endian || head hash, 32 bytes

so no two heads share an input. A chain without records has no leaf.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from documentation.domain.records import Head
from documentation.domain.verifier import root_from_path


@dataclass(frozen=True, slots=True)
class Proof:
    """The way from one leaf to the root: the siblings' hashes, from the bottom up."""

    index: int
    tree_size: int
    path: tuple[bytes, ...]


def tree_hash(inputs: Sequence[bytes]) -> bytes:
    """The RFC 6962 tree hash of leaf inputs in the order given."""
    if not inputs:
        return sha256(b"").digest()
    return _levels(inputs)[-1][0]


def audit_path(inputs: Sequence[bytes], index: int) -> Proof:
    """The inclusion proof of the leaf at `index`, counted from 0."""
    if not 0 <= index < len(inputs):
        raise IndexError(f"the tree has no leaf {index}")
    path = []
    position = index
    for level in _levels(inputs)[:-1]:
        sibling = position ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        position >>= 1
    return Proof(index, len(inputs), tuple(path))


def root(heads: Iterable[Head]) -> bytes:
    """The root a checkpoint signs, whatever the order the heads come in."""
    return tree_hash([_leaf_input(head) for head in _sorted(heads)])


def prove(heads: Iterable[Head], chain: str) -> Proof:
    """Show that `root(heads)` holds the head of `chain`; a KeyError says that it does not."""
    ordered = _sorted(heads)
    for index, head in enumerate(ordered):
        if head.chain == chain:
            return audit_path([_leaf_input(covered) for covered in ordered], index)
    raise KeyError(chain)


def includes(root_hash: bytes, head: Head, proof: Proof) -> bool:
    """Whether the proof leads from this head to this root, by the auditor's own arithmetic."""
    leaf = sha256(b"\x00" + _leaf_input(head)).digest()
    return root_from_path(leaf, proof.index, proof.tree_size, proof.path) == root_hash


def _leaf_input(head: Head) -> bytes:
    """Length of the chain id (4 bytes), chain id, seq (8 bytes), head: as the verifier has it."""
    name = head.chain.encode()
    return len(name).to_bytes(4, "big") + name + head.seq.to_bytes(8, "big") + head.hash


def _sorted(heads: Iterable[Head]) -> list[Head]:
    ordered = sorted((head for head in heads if head.seq > 0), key=lambda head: head.chain.encode())
    for before, after in itertools.pairwise(ordered):
        if before.chain == after.chain:
            raise ValueError(f"chain {before.chain} has two heads")
    return ordered


def _levels(inputs: Sequence[bytes]) -> list[list[bytes]]:
    # Joining neighbours and lifting an odd last node gives RFC 6962's tree, whose definition
    # splits from the top at the largest power of two.
    level = [sha256(b"\x00" + leaf_input).digest() for leaf_input in inputs]
    levels = [level]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
        levels.append(level)
    return levels
