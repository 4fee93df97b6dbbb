"""A form as it was posted: texts, key, proof, and all of it to be sent once more."""

import io

import pytest
from starlette.datastructures import FormData, UploadFile

from marktbund.errors import Invalid
from portal.domain import keys
from portal.pages.posted import Posted

KEY = keys.key_of("person-1", 7)


def posted(*fields: tuple[str, str], **more: str) -> Posted:
    return Posted(FormData([*fields]), more)


def test_a_text_is_stripped_and_bounded():
    form = posted(("name", "  Papier  "), ("long", "x" * 600))
    assert form.text("name") == "Papier"
    assert len(form.text("long")) == 500
    assert form.text("long", 10) == "x" * 10
    assert form.text("missing") == ""


def test_a_line_has_single_blanks_between_its_words():
    form = posted(("comment", "Bitte \r\n\t prüfen\u00a0 jetzt"))
    assert form.line("comment") == "Bitte prüfen jetzt"


def test_a_file_is_no_text():
    form = Posted(FormData([("document", UploadFile(io.BytesIO(b"x"), filename="a.pdf"))]))
    assert form.text("document") == ""
    assert form.typed() == {"document": ""}
    assert form.again() == []


@pytest.mark.parametrize("key", ["", "kurz", "x" * 65, "mit leer", "ümlaut-12", "a/b/c/d/e"])
def test_a_form_without_a_key_of_ours_changes_nothing(key: str):
    with pytest.raises(Invalid) as refused:
        _ = posted(("key", key)).key
    assert refused.value.code == "form_incomplete"
    assert "noch einmal" in refused.value.way_out


def test_the_same_form_has_another_key_at_another_door_and_the_same_at_the_same():
    form = posted(("key", KEY))
    assert form.key == KEY
    assert form.key_at("/orders") == form.key_at("/orders") != form.key_at("/call-offs")
    assert keys.is_key(form.key_at("/orders"))


def test_a_key_belongs_to_the_state_a_form_was_drawn_from():
    assert keys.key_of("person-1", 7) == KEY
    others = [("person-2", 7), ("person-1", 8), ("person-1", "7"), ("person-1", 7, None)]
    assert len({KEY, *(keys.key_of(*state) for state in others)}) == 5


@pytest.mark.parametrize("field", [("na\0me", "x"), ("name", "x\0"), ("name", "\0")])
def test_a_sign_nobody_can_type_is_refused_with_the_way_out(field: tuple[str, str]):
    with pytest.raises(Invalid) as refused:
        posted(("key", KEY), field).require_plain()
    assert refused.value.code == "form_unreadable"
    posted(("key", KEY), ("name", "Ä€\u2028")).require_plain()


def test_a_form_is_sent_again_whole_but_for_its_proof():
    form = posted(("csrf", "geheim"), ("key", KEY), ("role", "a"), ("role", "b"), ("sha256", "alt"))
    again = Posted(form.form, {"sha256": "neu"}).again()
    assert again == [("key", KEY), ("role", "a"), ("role", "b"), ("sha256", "neu")]
    assert form.csrf == "geheim"
    assert posted().csrf == ""
