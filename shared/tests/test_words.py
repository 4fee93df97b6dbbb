"""Every code of a contract has its German word, found by looking at every model there is."""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from marktbund import contracts
from marktbund.contracts.words import CATALOGUE, ORDER, SHARE, words_of

_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")


def _codes(annotation: object) -> Iterator[frozenset[str]]:
    if get_origin(annotation) is Literal:
        yield frozenset(code for code in get_args(annotation) if isinstance(code, str))
    else:
        for part in get_args(annotation):
            yield from _codes(part)


def coded_fields() -> dict[str, frozenset[str]]:
    """Module, model and field of everything with a fixed set of codes -> the codes."""
    fields = {}
    for room in walk_packages(contracts.__path__, f"{contracts.__name__}."):
        for name, model in vars(import_module(room.name)).items():
            if inspect.isclass(model) and issubclass(model, BaseModel):
                for field, known in model.model_fields.items():
                    for codes in _codes(known.annotation):
                        fields[f"{room.name}.{name}.{field}"] = codes
    return fields


CODED = coded_fields()


def test_the_models_of_every_owner_are_looked_at():
    owners = {field.split(".")[2] for field in CODED}
    assert owners >= {"agreements", "catalog", "http", "members", "orders", "supplier_gateway"}
    assert len(CODED) > 80


@pytest.mark.parametrize("codes", sorted(set(CODED.values()), key=sorted), ids=sorted)
def test_every_code_of_a_contract_has_its_german_word(codes: frozenset[str]):
    table = words_of(codes)
    assert table is not None, [field for field, known in CODED.items() if known == codes]


def test_codes_without_a_table_have_no_words():
    assert words_of({"half_placed"}) is None
    assert words_of({"draft", "half_placed"}) is None


def test_the_closest_table_is_taken():
    assert words_of({"placed", "acknowledged"}) is SHARE
    assert words_of({"placed", "submitted"}) is ORDER


def test_no_word_is_a_code():
    wrong = [word for table in CATALOGUE for word in table.values() if _CODE.fullmatch(word)]
    assert wrong == []
    assert all(word.strip() == word != "" for table in CATALOGUE for word in table.values())


def test_no_set_of_codes_has_two_tables():
    sets = [frozenset(table) for table in CATALOGUE]
    assert len(sets) == len(set(sets))
