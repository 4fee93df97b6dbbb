"""A break is declared in every chain, signed, or it is none."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain.checkpoints import StoredCheckpoint, document, follow, sign
from documentation.domain.records import Head, commit, empty_head
from documentation.domain.restorations import (
    FORMAT,
    Declaration,
    Restoration,
    declarations,
    restoration_of,
)
from documentation.domain.verifier import RESTORED

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
LEDGER, TIME = UUID(int=7), "2026-05-04T10:00:00Z"
FIRST = sign(follow(None, b"\x01" * 32, TIME), KEY)
SECOND = sign(follow(FIRST.checkpoint, b"\x02" * 32, TIME), KEY)
RESTORATION = Restoration(LEDGER, 1, SECOND, TIME, demo=False)


def stored(signed, *, taken_over: bool) -> StoredCheckpoint:
    return StoredCheckpoint(signed, "k", 1, 1, taken_over)


def payload(key: Ed25519PrivateKey = KEY) -> bytes:
    head = Head("member:1", 12, b"\x05" * 32)
    return RESTORATION.declared_in(head, UUID(int=9), bytes(32), key).content.payload


def signed_statement(**changes: object) -> bytes:
    statement = json.loads(payload())
    del statement["signature"]
    statement |= changes
    signature = KEY.sign(rfc8785.dumps(statement)).hex()
    return json.dumps(statement | {"signature": signature}).encode()


def test_where_no_checkpoint_was_forgotten_nothing_is_declared() -> None:
    last = stored(SECOND, taken_over=False)
    assert restoration_of(LEDGER, None, None, TIME, demo=False) is None
    assert restoration_of(LEDGER, last, last, TIME, demo=False) is None


def test_the_break_lies_between_the_last_provable_and_the_last_published() -> None:
    last, provable = stored(SECOND, taken_over=True), stored(FIRST, taken_over=False)
    assert restoration_of(LEDGER, last, provable, TIME, demo=False) == RESTORATION
    nothing_kept = restoration_of(LEDGER, last, None, TIME, demo=True)
    assert nothing_kept == replace(RESTORATION, kept=0, demo=True)


@pytest.mark.parametrize(("number", "gone"), [(0, False), (1, False), (2, True), (3, False)])
def test_a_declaration_covers_what_came_after_the_kept_one_up_to_the_published(
    number: int, gone: bool
) -> None:
    assert Declaration(1, SECOND).covers(number) is gone


def test_the_record_names_the_number_given_anew() -> None:
    head = Head("member:1", 12, b"\x05" * 32)
    entry = RESTORATION.declared_in(head, UUID(int=9), bytes(32), KEY)
    assert (entry.meta.chain, entry.meta.type) == ("member:1", RESTORED)
    assert (entry.meta.aggregate_version, entry.meta.key) == (13, str(LEDGER))
    assert entry.record == commit(entry.meta, bytes(32), entry.content.payload)
    statement = json.loads(entry.content.payload)
    assert statement.pop("signature")
    assert statement == {
        "format": FORMAT,
        "chain": "member:1",
        "ledger_id": str(LEDGER),
        "numbered_anew_from": 13,
        "last_kept_checkpoint": 1,
        "last_published_checkpoint": document(SECOND),
        "time": TIME,
    }


def test_every_chain_says_so_and_one_that_only_waits_begins_at_one() -> None:
    heads = [Head("member:1", 12, b"\x05" * 32), empty_head("cooperative")]
    ids = iter([UUID(int=1), UUID(int=2)])
    entries = RESTORATION.declared(heads, KEY, lambda: next(ids), lambda: bytes(32))
    assert [(e.meta.chain, e.meta.aggregate_version, e.event_id) for e in entries] == [
        ("member:1", 13, UUID(int=1)),
        ("cooperative", 1, UUID(int=2)),
    ]


def test_a_signed_declaration_is_read_back() -> None:
    assert list(declarations([payload()], KEY.public_key())) == [Declaration(1, SECOND)]


def test_of_several_contents_only_those_of_the_key_count() -> None:
    given = [payload(OTHER), payload(), b"no JSON"]
    assert list(declarations(given, KEY.public_key())) == [Declaration(1, SECOND)]
    assert list(declarations([], KEY.public_key())) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"signature": 7}',
        b'{"signature": "zz"}',
        payload().replace(b'"last_kept_checkpoint":1', b'"last_kept_checkpoint":0'),
        signed_statement(format="marktbund-restoration/2"),
        signed_statement(last_kept_checkpoint="x"),
        signed_statement(last_published_checkpoint=None),
        signed_statement(last_published_checkpoint={"number": 2}),
        signed_statement(
            last_published_checkpoint=dict(document(SECOND)) | {"root": "not hexadecimal"}
        ),
    ],
)
def test_what_is_not_exactly_a_signed_declaration_is_none(content: bytes) -> None:
    assert list(declarations([content], KEY.public_key())) == []
