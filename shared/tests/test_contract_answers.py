"""Every answer of a door, read from JSON as whoever asks reads it: whole, a field short, wrong."""

import inspect
import json
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from pydantic import ValidationError

from marktbund.contracts import http
from marktbund.contracts.http import Answer

from .model_samples import PLAIN, WRONG, bare, leaves, objects, place, replaced, sample, without


def answers() -> Iterator[type[Answer]]:
    """The models of every owner's module, but those with a part this cannot make up."""
    for room in walk_packages(http.__path__, f"{http.__name__}."):
        for _, model in inspect.getmembers(import_module(room.name), inspect.isclass):
            if issubclass(model, Answer) and model.__module__ == room.name and is_plain(model):
                yield model


def is_plain(model: type[Answer]) -> bool:
    """Whether it is made of single values, lists and objects alone; tables, opaque JSON and values
    of several forms are looked at where they are answered.
    """
    return all(leaf.kind in WRONG or leaf.kind in PLAIN for leaf in leaves(model))


ANSWERS = {
    f"{model.__module__.rpartition('.')[2]}.{model.__qualname__}": model for model in answers()
}


def wrong_at(name: str, document: Any) -> tuple[str | int, ...]:
    """The place of the first thing that this answer cannot be read from."""
    with pytest.raises(ValidationError) as refused:
        ANSWERS[name].model_validate_json(json.dumps(document))
    return tuple(refused.value.errors()[0]["loc"])


def test_the_answers_of_every_owner_are_looked_at():
    assert {name.partition(".")[0] for name in ANSWERS} == {
        room.name for room in walk_packages(http.__path__)
    }
    assert len(ANSWERS) > 60


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_read_as_it_was_written(name: str):
    for whole in (False, True):
        document = sample(ANSWERS[name], whole=whole)
        answer = ANSWERS[name].model_validate_json(json.dumps(document))
        assert json.loads(answer.model_dump_json(exclude_unset=True)) == document
        assert ANSWERS[name].model_validate_json(answer.model_dump_json()) == answer


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_short_of_a_field_is_not_taken_for_one(name: str):
    """A reader that went on with half an answer would show an empty page as the truth."""
    document = sample(ANSWERS[name], whole=False)
    for path in objects(document):
        for field in place(document, path):
            assert wrong_at(name, without(document, (*path, field))) == (*path, field)


@pytest.mark.parametrize("name", ANSWERS)
def test_what_a_later_release_answers_beside_it_is_ignored(name: str):
    document = sample(ANSWERS[name], whole=True)
    known = ANSWERS[name].model_validate_json(json.dumps(document))
    for path in list(objects(document)):
        grown = replaced(document, (*path, "since_later"), [{"day": "2031-01-01"}])
        assert ANSWERS[name].model_validate_json(json.dumps(grown)) == known


@pytest.mark.parametrize("name", ANSWERS)
def test_amounts_and_quantities_of_an_answer_are_text(name: str):
    answer = ANSWERS[name].model_validate_json(json.dumps(sample(ANSWERS[name], whole=True)))
    written = json.loads(answer.model_dump_json())
    for leaf in leaves(ANSWERS[name]):
        if leaf.kind is Decimal:
            assert place(written, leaf.path) == "1"


@pytest.mark.parametrize("name", ANSWERS)
def test_a_value_of_an_answer_that_is_none_is_named_by_its_place(name: str):
    document = sample(ANSWERS[name], whole=True)
    for leaf in leaves(ANSWERS[name]):
        for value in WRONG[leaf.kind][:2]:
            assert wrong_at(name, replaced(document, leaf.path, value)) == leaf.path, value


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_hides_nothing_that_is_missing_behind_null(name: str):
    """Null is what may be unknown; a required value is never null."""
    document = sample(ANSWERS[name], whole=True)
    for field_name, field in ANSWERS[name].model_fields.items():
        if not bare(field.annotation)[1]:
            assert wrong_at(name, document | {field_name: None})[0] == field_name
