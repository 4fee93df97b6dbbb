"""The three formulas of the record, written out once more by hand."""

import json
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from documentation.domain import records, verifier

TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
METAS = st.builds(
    records.Meta,
    chain=TEXT,
    event_id=TEXT,
    type=TEXT,
    key=TEXT,
    aggregate_version=st.none() | st.integers(0, 2**53 - 1),
    time=TEXT,
    recorded_at=TEXT,
    business_time=st.none() | TEXT,
    demo=st.booleans(),
)
SCALARS = st.none() | st.booleans() | TEXT | st.integers(-(2**53) + 1, 2**53 - 1)


@given(METAS)
def test_meta_hash_is_that_of_the_rfc_8785_library(meta: records.Meta) -> None:
    assert records.meta_hash(meta) == sha256(rfc8785.dumps(asdict(meta))).digest()


@given(st.dictionaries(TEXT, SCALARS))
def test_verifier_writes_rfc_8785_as_the_library_does(fields: dict[str, Any]) -> None:
    assert verifier.canonical(fields) == rfc8785.dumps(fields)


def test_names_sort_by_utf_16_as_the_rfc_demands() -> None:
    fields = {"\U0001f600": 1, "\ufb33": 2}
    assert list(json.loads(verifier.canonical(fields))) == ["\U0001f600", "\ufb33"]


def test_control_characters_are_escaped_as_the_rfc_demands() -> None:
    fields = {"a": '\x00\x08\t\n\x0b\x0c\r\x1f"\\/\x7f\u2028é'}
    assert verifier.canonical(fields) == rfc8785.dumps(fields)


def test_a_chain_by_hand() -> None:
    meta = records.Meta("c", "e", "t", "k", 1, "T1", "T2", None, False)
    salt, payload = b"s" * 32, b"exact bytes"
    text = (
        '{"aggregate_version":1,"business_time":null,"chain":"c","demo":false,"event_id":"e",'
        '"key":"k","recorded_at":"T2","time":"T1","type":"t"}'
    )
    leaf = sha256(salt + payload).digest()
    first = sha256(
        sha256(b"c").digest() + b"\0\0\0\0\0\0\0\1" + sha256(text.encode()).digest() + leaf
    ).digest()
    second = sha256(first + b"\0\0\0\0\0\0\0\2" + sha256(text.encode()).digest() + leaf).digest()
    record = records.commit(meta, salt, payload)

    sealed, head = records.seal(records.empty_head("c"), [record, record])

    assert [(link.seq, link.hash) for link in sealed] == [(1, first), (2, second)]
    assert head == records.Head("c", 2, second)


@given(st.lists(st.integers(1, 60), max_size=8))
def test_batches_of_any_size_give_the_same_chain(sizes: list[int]) -> None:
    meta = records.Meta("c", "e", "t", "k", 1, "T1", "T2", None, False)
    batch = [
        records.commit(meta, bytes(32), number.to_bytes(4, "big")) for number in range(sum(sizes))
    ]
    whole, end = records.seal(records.empty_head("c"), batch)

    head, pieces, start = records.empty_head("c"), [], 0
    for size in sizes:
        sealed, head = records.seal(head, batch[start : start + size])
        pieces += sealed
        start += size

    assert (pieces, head) == (whole, end)


def test_an_empty_batch_leaves_the_head() -> None:
    head = records.empty_head("c")
    assert records.seal(head, []) == ([], head)


def test_a_record_of_another_chain_is_refused(build: Any) -> None:
    stray = records.commit(build.meta(1, chain="other"), bytes(32), b"")
    with pytest.raises(ValueError, match="another chain"):
        records.seal(records.empty_head("c"), [stray])


@pytest.mark.parametrize(("meta", "leaf"), [(b"short", bytes(32)), (bytes(32), bytes(33))])
def test_commitments_of_the_wrong_length_are_refused(meta: bytes, leaf: bytes) -> None:
    with pytest.raises(ValueError, match="wrong length"):
        records.seal(records.empty_head("c"), [records.Record("c", "e", meta, leaf)])


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_salt_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="salt"):
        records.leaf_hash(bytes(size), b"payload")


@pytest.mark.parametrize("version", [-1, 2**53])
def test_a_version_outside_the_format_is_refused(version: int) -> None:
    meta = records.Meta("c", "e", "t", "k", version, "T1", "T2", None, False)
    with pytest.raises(ValueError, match="aggregate version"):
        records.meta_hash(meta)
