"""The export as JSON: what an auditor gets of a record, of its content and of its proof."""

import base64
import json
from dataclasses import replace

from documentation.domain.exports import (
    Content,
    Coverage,
    ExportedRecord,
    export_document,
    record_document,
)
from documentation.domain.merkle import Proof
from documentation.domain.records import Head, Meta

META = Meta("c", "e", "t", "k", None, "T1", "T2", None, demo=True)
ROW = ExportedRecord(3, META, b"\xab" * 32, b"\xcd" * 32, Content(b"\x01" * 32, b"\xff exact"))


def test_a_record_shows_its_bytes_in_base64_and_everything_else_in_hex() -> None:
    document = record_document(ROW)
    assert document["seq"] == 3
    assert (document["leaf"], document["hash"]) == ("ab" * 32, "cd" * 32)
    assert document["salt"] == "01" * 32
    assert base64.b64decode(document["payload"] or "") == b"\xff exact"


def test_a_disposed_record_keeps_its_commitments_and_nothing_else() -> None:
    document = record_document(replace(ROW, content=None))
    assert (document["salt"], document["payload"]) == (None, None)
    assert document["leaf"] == "ab" * 32


def test_the_nine_fields_around_an_event_are_all_there() -> None:
    assert record_document(ROW)["meta"] == {
        "aggregate_version": None,
        "business_time": None,
        "chain": "c",
        "demo": True,
        "event_id": "e",
        "key": "k",
        "recorded_at": "T2",
        "time": "T1",
        "type": "t",
    }


def test_an_export_without_checkpoint_has_no_proof() -> None:
    assert export_document("c", [], None) == {
        "format": "marktbund-export/1",
        "chain": "c",
        "covered": None,
        "records": [],
    }


def test_a_proof_names_its_checkpoint_the_head_and_the_way_to_the_root() -> None:
    coverage = Coverage(9, Head("c", 3, b"\x07" * 32), Proof(1, 2, (b"\x08" * 32,)))
    document = export_document("c", [ROW], coverage)
    assert document["covered"] == {
        "checkpoint": 9,
        "seq": 3,
        "head": "07" * 32,
        "index": 1,
        "tree_size": 2,
        "path": ["08" * 32],
    }
    assert [row["seq"] for row in document["records"]] == [3]
    assert json.loads(json.dumps(document)) == document
