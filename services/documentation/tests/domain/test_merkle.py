"""The tree of RFC 6962, held against its known vectors and its recursive definition."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documentation.domain import merkle
from documentation.domain.records import Head
from documentation.domain.verifier import root_from_path

# The inputs and roots of the Certificate Transparency reference tests.
CT_INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_definition(inputs: list[bytes]) -> bytes:
    if len(inputs) == 1:
        return sha256(b"\x00" + inputs[0]).digest()
    split = 1
    while split * 2 < len(inputs):
        split *= 2
    left, right = by_definition(inputs[:split]), by_definition(inputs[split:])
    return sha256(b"\x01" + left + right).digest()


def path_by_definition(index: int, inputs: list[bytes]) -> list[bytes]:
    if len(inputs) == 1:
        return []
    split = 1
    while split * 2 < len(inputs):
        split *= 2
    if index < split:
        return [*path_by_definition(index, inputs[:split]), by_definition(inputs[split:])]
    return [*path_by_definition(index - split, inputs[split:]), by_definition(inputs[:split])]


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    assert merkle.tree_hash(CT_INPUTS[:size]).hex() == CT_ROOTS[size]


@pytest.mark.parametrize("size", range(1, 71))
def test_roots_and_paths_of_every_size_follow_the_definition(size: int) -> None:
    inputs = [number.to_bytes(2, "big") for number in range(size)]
    root = merkle.tree_hash(inputs)
    assert root == by_definition(inputs)
    for index, leaf_input in enumerate(inputs):
        proof = merkle.audit_path(inputs, index)
        assert list(proof.path) == path_by_definition(index, inputs)
        assert (
            root_from_path(sha256(b"\x00" + leaf_input).digest(), index, size, proof.path) == root
        )


@given(st.integers(1, 70), st.data())
def test_a_proof_holds_for_its_head_and_no_other(size: int, data: st.DataObject) -> None:
    heads = [Head(f"chain-{n}", n + 1, sha256(bytes([n])).digest()) for n in range(size)]
    shuffled = data.draw(st.permutations(heads))
    head = data.draw(st.sampled_from(heads))
    root, proof = merkle.root(shuffled), merkle.prove(shuffled, head.chain)
    assert merkle.includes(root, head, proof)

    forged = data.draw(
        st.sampled_from(
            [
                Head(head.chain, head.seq + 1, head.hash),
                Head(head.chain, head.seq, sha256(head.hash).digest()),
                Head(head.chain + "x", head.seq, head.hash),
            ]
        )
    )
    assert not merkle.includes(root, forged, proof)


@given(st.integers(1, 70), st.data())
def test_a_bent_proof_fails(size: int, data: st.DataObject) -> None:
    heads = [Head(f"chain-{n:02d}", 1, sha256(bytes([n])).digest()) for n in range(size)]
    head = data.draw(st.sampled_from(heads))
    root, proof = merkle.root(heads), merkle.prove(heads, head.chain)
    longer = (*proof.path, bytes(32))
    bent = [
        merkle.Proof(proof.index, proof.tree_size, longer),
        merkle.Proof(proof.index, 0, proof.path),
        merkle.Proof(-1, proof.tree_size, proof.path),
        merkle.Proof(proof.index + size, proof.tree_size, proof.path),
    ]
    if proof.path:
        bent.append(merkle.Proof(proof.index, size, proof.path[1:]))
        bent.append(merkle.Proof(proof.index, size, (bytes(32), *proof.path[1:])))
        bent.append(merkle.Proof(proof.index ^ 1, size, proof.path))
    assert not any(merkle.includes(root, head, forged) for forged in bent)


def test_a_node_cannot_pass_for_a_leaf() -> None:
    inputs = [b"a", b"b"]
    children = b"".join(sha256(b"\x00" + leaf_input).digest() for leaf_input in inputs)
    assert merkle.tree_hash([children]) != merkle.tree_hash(inputs)


def test_empty_chains_have_no_leaf() -> None:
    head = Head("b", 3, bytes(32))
    assert merkle.root([head, Head("a", 0, bytes(32))]) == merkle.root([head])
    with pytest.raises(KeyError):
        merkle.prove([head, Head("a", 0, bytes(32))], "a")


def test_leaves_sort_by_the_bytes_of_the_chain_id() -> None:
    heads = [Head(name, 1, bytes(32)) for name in ("ä", "z", "Z", "a")]
    order = sorted(heads, key=lambda head: merkle.prove(heads, head.chain).index)
    assert [head.chain for head in order] == ["Z", "a", "z", "ä"]


def test_two_heads_of_one_chain_are_refused() -> None:
    with pytest.raises(ValueError, match="two heads"):
        merkle.root([Head("a", 1, bytes(32)), Head("a", 2, bytes(32))])


def test_there_is_no_proof_outside_the_tree() -> None:
    with pytest.raises(IndexError):
        merkle.audit_path([b"a"], 1)
