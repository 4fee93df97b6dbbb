"""Text, mail addresses and days from outside: every character, every length, every day."""

import string
import unicodedata
from datetime import date, datetime, timedelta
from typing import Annotated

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from marktbund.addresses import LONGEST, MailAddress, mail_address
from marktbund.days import FIRST_DAY, LAST_DAY, Day
from marktbund.spreadsheets import disarmed
from marktbund.texts import OneLine, is_barred, stripped

LINE = TypeAdapter(Annotated[str, OneLine(200)])
NAMED = TypeAdapter(Annotated[str, OneLine(3, min_length=2)])
ADDRESS = TypeAdapter(MailAddress)
DAY = TypeAdapter(Day)
BARRED = ["Cc", "Cf", "Zl", "Zp", "Cs"]


@given(st.text(st.characters(exclude_categories=BARRED), max_size=200))
def test_a_text_people_see_is_kept_to_the_letter(text: str):
    assert LINE.validate_python(text) == text.strip()


@given(st.characters(categories=BARRED))
def test_what_nobody_sees_is_in_no_line(character: str):
    assert is_barred(character)
    with pytest.raises(ValidationError) as refused:
        LINE.validate_python(f"a{character}b")
    error = refused.value.errors()[0]
    assert (error["type"], error["ctx"]["position"]) == ("text_invisible", 2)


@given(st.text(max_size=60))
def test_what_passed_passes_again_and_is_the_same(text: str):
    try:
        kept = LINE.validate_python(text)
    except ValidationError:
        return
    assert LINE.validate_python(kept) == kept
    assert not any(map(is_barred, kept))
    assert kept == kept.strip()
    assert LINE.validate_json(LINE.dump_json(kept)) == kept


@given(st.text(), st.text(" \t\n\u00a0\u2003\u3000\u200b\ufeff", max_size=5))
def test_blanks_around_a_text_are_no_part_of_it(text: str, blanks: str):
    assert stripped(blanks + text + blanks) == stripped(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "string_too_short"),
        ("a", "string_too_short"),
        (" a ", "string_too_short"),
        ("abcd", "string_too_long"),
        ("ab cd", "string_too_long"),
        ("a\u00adb", "text_invisible"),
    ],
)
def test_a_length_counts_what_is_seen(text: str, code: str):
    with pytest.raises(ValidationError) as refused:
        NAMED.validate_python(text)
    assert refused.value.errors()[0]["type"] == code


@pytest.mark.parametrize("text", ["ab", "abc", "  abc  ", "Ü€", "🖨🖨"])
def test_a_letter_counts_as_one_whatever_it_takes(text: str):
    assert NAMED.validate_python(text) == text.strip()


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE"),
        ("\u200d", "ZERO WIDTH JOINER"),
        ("\u00ad", "SOFT HYPHEN"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE"),
        ("\u2028", "LINE SEPARATOR"),
    ],
)
def test_characters_that_hide_one_name_behind_another_are_known(character: str, name: str):
    assert unicodedata.name(character) == name
    assert is_barred(character)


@pytest.mark.parametrize("character", list(" \u00a0\u2009\u202f\u3000~€ßẞ\u0301😀"))
def test_blanks_accents_and_pictures_are_seen(character: str):
    assert not is_barred(character)


LOCAL = st.text(
    string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~", min_size=1, max_size=64
)
LABEL = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20)


@given(LOCAL, LABEL, st.sampled_from(["de", "example", "org"]))
def test_an_address_is_kept_and_its_domain_in_small_letters(local: str, label: str, top: str):
    """RFC 5321, 2.4: only the domain is the same in small and capital letters."""
    typed = f"{local}@{label.upper()}.{top.upper()}"
    kept = ADDRESS.validate_python(typed)
    assert kept == f"{local}@{label}.{top}"
    assert ADDRESS.validate_python(kept) == kept


@given(st.text(max_size=30))
def test_no_text_without_an_at_is_an_address(text: str):
    assume("@" not in text)
    with pytest.raises(ValidationError) as refused:
        ADDRESS.validate_python(text)
    assert refused.value.errors()[0]["type"] in {"mail_address", "string_too_long"}


def of_length(count: int) -> str:
    """An address of so many characters, each label at most 63 of them."""
    labels = ["b" * 63, "c" * 63, "d" * 57]
    domain = ".".join([*labels, "example"])
    return "a" * (count - len(domain) - 1) + "@" + domain


@pytest.mark.parametrize(
    ("length", "taken"), [(253, True), (254, True), (255, False), (256, False)]
)
def test_an_address_has_254_characters_at_most(length: int, taken: bool):
    """RFC 5321, 4.5.3.1.3: a path of 256 octets, brackets included."""
    address = of_length(length)
    assert (len(address), LONGEST) == (length, 254)
    if taken:
        assert ADDRESS.validate_python(address) == address
    else:
        with pytest.raises(ValidationError):
            ADDRESS.validate_python(address)


@pytest.mark.parametrize(("label", "taken"), [(63, True), (64, False)])
def test_a_label_has_63_characters_at_most(label: int, taken: bool):
    """RFC 1035, 2.3.4."""
    address = f"erika@{'b' * label}.example"
    if taken:
        assert ADDRESS.validate_python(address) == address
    else:
        with pytest.raises(ValidationError):
            ADDRESS.validate_python(address)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
    ],
)
def test_a_domain_with_umlauts_has_one_form(typed: str, kept: str):
    """RFC 5891 (IDNA 2008), where ß is a letter of its own."""
    assert ADDRESS.validate_python(typed) == kept


@pytest.mark.parametrize("value", [None, 7, b"a@stadt.example", ["a@stadt.example"], {}])
def test_what_is_no_text_is_left_to_the_type(value: object):
    assert mail_address(value) is value


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_a_day_survives_json(day: date):
    assert DAY.validate_json(f'"{day}"') == day
    assert DAY.validate_json(DAY.dump_json(day)) == day


@given(st.dates())
def test_a_day_is_of_these_two_centuries(day: date):
    sent = day.isoformat()
    if FIRST_DAY <= day <= LAST_DAY:
        assert DAY.validate_python(sent) == day
    else:
        with pytest.raises(ValidationError) as refused:
            DAY.validate_python(sent)
        assert refused.value.errors()[0]["type"] == "day_out_of_range"


LEAP = [("2000-02-29", True), ("2024-02-29", True), ("2100-02-29", False), ("2026-02-29", False)]


@pytest.mark.parametrize(("day", "exists"), [*LEAP, ("2026-04-31", False), ("2026-12-31", True)])
def test_only_a_day_that_exists_is_one(day: str, exists: bool):
    if exists:
        assert DAY.validate_python(day).isoformat() == day
    else:
        with pytest.raises(ValidationError):
            DAY.validate_python(day)


@pytest.mark.parametrize(
    "sent",
    [
        "2026-12-1",
        "26-12-01",
        "2026/12/01",
        "20261201",
        "2026-W49-2",
        "2026-335",
        "+2026-12-01",
        "2026-12-01Z",
        " 2026-12-01",
        "2026-12-01\n",
        "2026\u201012\u201001",
    ],
)
def test_other_ways_to_write_a_day_are_none_here(sent: str):
    with pytest.raises(ValidationError) as refused:
        DAY.validate_python(sent)
    assert refused.value.errors()[0]["type"] == "date_parsing"


class Delivery(BaseModel):
    day: Day | None = None


def test_a_moment_is_no_day_and_nothing_is_none():
    assert Delivery().day is None
    with pytest.raises(ValidationError):
        Delivery(day=datetime(2026, 12, 1) + timedelta())  # noqa: DTZ001 - the mistake itself


@given(st.text(max_size=20))
def test_a_cell_that_was_disarmed_is_no_formula(text: str):
    cell = disarmed(text)
    assert cell in {text, f"'{text}"}
    seen = unicodedata.normalize("NFKC", cell).lstrip()
    assert seen[:1] not in set("=+-@")
    assert cell[:1] not in {"\t", "\r", "\n"}
