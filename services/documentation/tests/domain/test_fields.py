"""What the stand-alone verifier reads: exactly the fields it documents, each of its kind."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documentation.domain import verifier

HEX = "0123456789abcdef"
KINDS: dict[str, tuple[list[Any], list[Any]]] = {
    "text": (["", "ü", "0"], [None, 0, True, [], {}]),
    "bool": ([True, False], [None, 0, 1, "true"]),
    "object": ([{}, {"a": 1}], [None, [], "{}"]),
    "list": ([[], [1]], [None, {}, "[]", ()]),
    "count": ([0, 1, 2**53 - 1], [-1, 2**53, True, False, 1.0, "1", None]),
    "number": ([1, 2**53 - 1], [0, -1, 2**53, True, 1.0, "1", None]),
    "hash": (["a" * 64, HEX * 4], ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, b"a" * 64, None]),
    "hashes": ([[], ["a" * 64]], [["a" * 63], [None], ["a" * 64, ""], "a" * 64, None]),
    "signature": (["a" * 128], ["a" * 64, "a" * 127, "A" * 128, None]),
}
SAMPLES: dict[str, Any] = {
    "text": 7,
    "bool": "no",
    "object": [],
    "list": {},
    "count": -1,
    "number": 0,
    "hash": "xyz",
    "hashes": ["xyz"],
    "signature": "xyz",
}
"""A value of another kind, for each kind."""


def fields(expected: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind in (field.split(":") for field in expected.split())]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_takes_its_own_values_and_no_others(kind: str) -> None:
    taken, refused = KINDS[kind]
    assert [value for value in taken if not verifier.KINDS[kind](value)] == []
    assert [value for value in refused if verifier.KINDS[kind](value)] == []


def test_every_kind_is_tried() -> None:
    assert set(verifier.KINDS) == set(KINDS) == set(SAMPLES)


def unreadable(export: Any, checkpoint: Any, pristine: Any) -> str:
    with pytest.raises(ValueError, match=r".") as why:
        verifier.verify(export, checkpoint, pristine.key.public_key())
    return str(why.value)


@pytest.fixture
def small(pristine: Any) -> dict[str, Any]:
    return copy.deepcopy(pristine.export | {"records": pristine.export["records"][:2]})


@pytest.mark.parametrize(("name", "kind"), fields(verifier.EXPORT))
def test_an_export_with_a_field_of_another_kind_is_unreadable(
    pristine: Any, small: dict[str, Any], name: str, kind: str
) -> None:
    small[name] = SAMPLES[kind.rstrip("?")]
    assert unreadable(small, pristine.checkpoint, pristine) == (
        f"das Feld „{name}“ ist nicht von der Art „{kind}“"
    )


@pytest.mark.parametrize(("name", "kind"), fields(verifier.CHECKPOINT))
def test_a_checkpoint_with_a_field_of_another_kind_is_unreadable(
    pristine: Any, small: dict[str, Any], name: str, kind: str
) -> None:
    spoilt = pristine.checkpoint | {name: SAMPLES[kind.rstrip("?")]}
    assert f"„{name}“" in unreadable(small, spoilt, pristine)


@pytest.mark.parametrize(("name", "kind"), fields(verifier.COVERED))
def test_a_proof_with_a_field_of_another_kind_is_unreadable(
    pristine: Any, small: dict[str, Any], name: str, kind: str
) -> None:
    small["covered"][name] = SAMPLES[kind.rstrip("?")]
    assert f"„{name}“" in unreadable(small, pristine.checkpoint, pristine)


@pytest.mark.parametrize(("name", "kind"), fields(verifier.RECORD))
def test_a_record_with_a_field_of_another_kind_is_malformed_at_its_position(
    pristine: Any, small: dict[str, Any], name: str, kind: str
) -> None:
    small["records"][1][name] = SAMPLES[kind.rstrip("?")]
    report = verifier.verify(small, pristine.checkpoint, pristine.key.public_key())
    assert verifier.Finding("record_malformed", 2) in report.findings


@pytest.mark.parametrize(("name", "kind"), fields(verifier.META))
def test_a_record_whose_meta_has_a_field_of_another_kind_is_malformed(
    pristine: Any, small: dict[str, Any], name: str, kind: str
) -> None:
    small["records"][0]["meta"][name] = SAMPLES[kind.rstrip("?")]
    report = verifier.verify(small, pristine.checkpoint, pristine.key.public_key())
    assert verifier.Finding("record_malformed", 1) in report.findings
    assert report.records == 2


@pytest.mark.parametrize("change", ["one more", "one less", "no object"])
@pytest.mark.parametrize("document", ["export", "checkpoint", "covered"])
def test_a_document_has_exactly_its_fields(
    pristine: Any, small: dict[str, Any], document: str, change: str
) -> None:
    given = {"export": small, "checkpoint": dict(pristine.checkpoint), "covered": small["covered"]}
    spoilt: Any = given[document]
    if change == "one more":
        spoilt["further"] = 1
    elif change == "one less":
        del spoilt[next(iter(spoilt))]
    else:
        spoilt = "text"
    if document == "covered":
        small["covered"] = spoilt
    export = spoilt if document == "export" else small
    checkpoint = spoilt if document == "checkpoint" else pristine.checkpoint
    assert unreadable(export, checkpoint, pristine)


@pytest.mark.parametrize("document", ["export", "checkpoint"])
def test_another_format_or_version_is_not_judged(
    pristine: Any, small: dict[str, Any], document: str
) -> None:
    checkpoint = dict(pristine.checkpoint)
    (small if document == "export" else checkpoint)["format"] = f"marktbund-{document}/2"
    assert unreadable(small, checkpoint, pristine) == "unbekanntes Format oder unbekannte Version"


@pytest.mark.parametrize(
    "twice", ['{"a": 1, "a": 1}', '{"b": {"a": 1, "a": 2}}', '[{"a":1,"a":1}]']
)
def test_a_field_given_twice_is_unreadable(tmp_path: Path, twice: str) -> None:
    (tmp_path / "export.json").write_text(twice)
    with pytest.raises(ValueError, match="ein Feld kommt doppelt vor"):
        verifier.load(tmp_path / "export.json", 1_000)


@pytest.mark.parametrize(("limit", "fits"), [(7, True), (6, False)])
def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path, limit: int, fits: bool) -> None:
    (tmp_path / "export.json").write_text('{"a":1}')
    if fits:
        assert verifier.load(tmp_path / "export.json", limit) == {"a": 1}
        return
    with pytest.raises(ValueError, match=r"export\.json hat mehr als 6 Bytes"):
        verifier.load(tmp_path / "export.json", limit)


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
NESTED = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
)


@given(NESTED)
def test_what_was_written_is_what_is_read(tmp_path_factory: Any, value: Any) -> None:
    path = tmp_path_factory.mktemp("read") / "export.json"
    path.write_text(json.dumps(value))
    assert verifier.load(path, 10_000) == value


@given(NESTED, NESTED)
def test_no_documents_make_it_fail_otherwise(pristine: Any, export: Any, checkpoint: Any) -> None:
    assert unreadable(export, checkpoint, pristine)
