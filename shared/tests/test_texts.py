"""One type for every line of text: stripped, looked through, measured."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from marktbund.texts import OneLine, stripped

REASON = TypeAdapter(Annotated[str, OneLine(10, min_length=1)])
NOTE = TypeAdapter(Annotated[str, OneLine(10)])


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Büro", "Büro"),
        ("  Büro \u00a0", "Büro"),
        ("\u200b\ufeffBüro\u200d", "Büro"),
        ("\tBüro\r\n", "Büro"),
        ("             a", "a"),
        ("a  b", "a  b"),
        ("日本 🖨", "日本 🖨"),
    ],
)
def test_a_text_is_kept_without_blanks_at_its_ends(sent: str, kept: str):
    assert REASON.validate_python(sent) == kept


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u2003", "\u200b", "\u200d\u2060 ", "\n"])
def test_blanks_are_no_reason(blank: str):
    with pytest.raises(ValidationError) as refused:
        REASON.validate_python(blank)
    assert refused.value.errors()[0]["type"] == "string_too_short"
    assert NOTE.validate_python(blank) == ""


@pytest.mark.parametrize(
    "character",
    ["\x00", "\n", "\x7f", "\x85", "\u00ad", "\u200b", "\u2028", "\u2029", "\u202e", "\u2066"],
)
def test_what_nobody_sees_is_named_with_its_place(character: str):
    with pytest.raises(ValidationError) as refused:
        REASON.validate_python(f"ab{character}c")
    error = refused.value.errors()[0]
    assert error["type"] == "text_invisible"
    assert error["ctx"] == {"position": 3, "code": f"U+{ord(character):04X}"}


@pytest.mark.parametrize("value", [1, None, True, ["a"], b"a"])
def test_only_a_text_is_a_text(value: object):
    with pytest.raises(ValidationError) as refused:
        REASON.validate_json(b"1") if value == 1 else REASON.validate_python(value, strict=True)
    assert refused.value.errors()[0]["type"] == "string_type"


@pytest.mark.parametrize("broken", ["a\x00", "\x00", "\ud800", "\x7fa"])
def test_a_control_at_the_end_is_refused_and_not_dropped(broken: str):
    with pytest.raises(ValidationError) as refused:
        REASON.validate_python(broken)
    assert refused.value.errors()[0]["type"] == "text_invisible"


def test_the_length_is_measured_after_stripping():
    assert REASON.validate_python(" " * 50 + "a" * 10) == "a" * 10
    with pytest.raises(ValidationError) as refused:
        REASON.validate_python("a" * 11)
    assert refused.value.errors()[0]["type"] == "string_too_long"


def test_a_form_of_its_own_is_kept():
    group = TypeAdapter(Annotated[str, Field(pattern=r"^gtin:."), OneLine(10)])
    assert group.validate_python(" gtin:1 ") == "gtin:1"
    assert group.json_schema()["pattern"] == r"^gtin:."
    for wrong, kind in (("gtin:", "string_pattern_mismatch"), ("gtin:\x00", "text_invisible")):
        with pytest.raises(ValidationError) as refused:
            group.validate_python(wrong)
        assert refused.value.errors()[0]["type"] == kind


def test_openapi_says_what_a_text_may_hold():
    schema = REASON.json_schema()
    assert (schema["type"], schema["minLength"], schema["maxLength"]) == ("string", 1, 10)
    assert schema["pattern"].startswith("^[^")


@given(st.text())
def test_stripping_twice_changes_nothing(text: str):
    once = stripped(text)
    assert stripped(once) == once
    assert once == once.strip()
