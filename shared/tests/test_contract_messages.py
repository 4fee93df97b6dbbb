"""Every message there is, read from JSON: whole, at its least, a field short, a value wrong."""

import json
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from marktbund.contracts import MESSAGES

from .model_samples import PLAIN, WRONG, leaves, objects, place, replaced, sample, without

NAMES = sorted(MESSAGES)


def wrong_at(kind: str, document: Any) -> tuple[str | int, ...]:
    """The place of the first thing that a message of this type cannot be made of."""
    with pytest.raises(ValidationError) as refused:
        MESSAGES[kind].model_validate_json(json.dumps(document))
    return tuple(refused.value.errors()[0]["loc"])


@pytest.mark.parametrize("kind", NAMES)
def test_a_message_is_written_as_it_was_read(kind: str):
    """Nothing is rounded, reordered or put into another form between two services."""
    for whole in (False, True):
        document = sample(MESSAGES[kind], whole=whole)
        message = MESSAGES[kind].model_validate_json(json.dumps(document))
        assert json.loads(message.model_dump_json(exclude_unset=True)) == document
        assert MESSAGES[kind].model_validate_json(message.model_dump_json()) == message


@pytest.mark.parametrize("kind", NAMES)
def test_what_is_required_is_missed_at_its_place(kind: str):
    document = sample(MESSAGES[kind], whole=False)
    for path in objects(document):
        for name in place(document, path):
            assert wrong_at(kind, without(document, (*path, name))) == (*path, name)


@pytest.mark.parametrize("kind", NAMES)
def test_fields_of_a_later_release_are_ignored_at_any_depth(kind: str):
    """Readers are released first: a part may grow before everybody knows its new field."""
    document = sample(MESSAGES[kind], whole=True)
    known = MESSAGES[kind].model_validate_json(json.dumps(document))
    for path in list(objects(document)):
        grown = replaced(document, (*path, "since_later"), {"day": "2031-01-01"})
        assert MESSAGES[kind].model_validate_json(json.dumps(grown)) == known


@pytest.mark.parametrize("kind", NAMES)
def test_a_value_of_another_kind_is_refused_at_its_place(kind: str):
    document = sample(MESSAGES[kind], whole=True)
    for leaf in leaves(MESSAGES[kind]):
        for value in WRONG[leaf.kind]:
            assert wrong_at(kind, replaced(document, leaf.path, value)) == leaf.path, value


@pytest.mark.parametrize("kind", NAMES)
def test_null_is_a_value_only_where_it_has_a_meaning(kind: str):
    document = sample(MESSAGES[kind], whole=True)
    for leaf in leaves(MESSAGES[kind]):
        spoilt = replaced(document, leaf.path, None)
        if leaf.may_be_null:
            read = MESSAGES[kind].model_validate_json(json.dumps(spoilt))
            assert place(json.loads(read.model_dump_json()), leaf.path) is None
        else:
            assert wrong_at(kind, spoilt) == leaf.path


@pytest.mark.parametrize("kind", NAMES)
def test_numbers_with_decimals_travel_as_text_at_any_depth(kind: str):
    """A JSON number is a float to most readers: 0.1 + 0.2 would be no price."""
    message = MESSAGES[kind].model_validate_json(json.dumps(sample(MESSAGES[kind], whole=True)))
    written = json.loads(message.model_dump_json())
    for leaf in leaves(MESSAGES[kind]):
        if leaf.kind is Decimal:
            assert place(written, leaf.path) == "1"


@pytest.mark.parametrize("kind", NAMES)
def test_a_message_stays_as_it_was_announced(kind: str):
    document = sample(MESSAGES[kind], whole=True)
    message = MESSAGES[kind].model_validate_json(json.dumps(document))
    for name in document:
        with pytest.raises(ValidationError):
            setattr(message, name, getattr(message, name))
    assert json.loads(message.model_dump_json()) == document


@pytest.mark.parametrize("kind", NAMES)
def test_a_key_is_the_same_however_its_id_was_written(kind: str):
    """Order is kept per key: an id in capitals must not land on another partition."""
    model = MESSAGES[kind]
    document = sample(model, whole=True)
    written = str(PLAIN[model.model_fields[model.key_field].annotation])
    for form in (written, written.upper(), written.replace("-", ""), f"urn:uuid:{written}"):
        message = model.model_validate_json(json.dumps(document | {model.key_field: form}))
        assert message.key == written


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("version", [0, -1, "0", 1.5, None, [1]])
def test_no_message_has_a_version_below_the_first(kind: str, version: Any):
    document = sample(MESSAGES[kind], whole=False) | {"version": version}
    assert wrong_at(kind, document) == ("version",)


@pytest.mark.parametrize("value", ["null", "[]", "7", '"OrderPlaced"', "true"])
def test_what_is_no_object_is_no_message(value: str):
    for model in MESSAGES.values():
        with pytest.raises(ValidationError):
            model.model_validate_json(value)


def test_codes_are_told_apart_by_their_case():
    """A code is compared, never read by people: `Active` is none."""
    looked_at = 0
    for kind in NAMES:
        document = sample(MESSAGES[kind], whole=True)
        for leaf in leaves(MESSAGES[kind]):
            code = place(document, leaf.path)
            if leaf.kind is Literal and code != code.swapcase():
                looked_at += 1
                assert wrong_at(kind, replaced(document, leaf.path, code.swapcase())) == leaf.path
    assert looked_at > 50
