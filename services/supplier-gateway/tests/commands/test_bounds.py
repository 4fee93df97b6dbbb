"""What supplier-gateway can be asked to do, at the bounds of every field."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from supplier_gateway.commands import (
    AdviseDespatch,
    AnswerOrder,
    ChangeSupplierStatus,
    RegisterChannel,
    RegisterSupplier,
    ReplaceCredentials,
)

ACCEPT = {"line_no": 1, "decision": "accepted"}
SEND = {"line_no": 1, "quantity": "1"}


def answer(**changed: Any) -> dict[str, Any]:
    return {"lines": [ACCEPT | changed]}


def despatch(**changed: Any) -> dict[str, Any]:
    return {"despatched_on": "2026-03-04", "lines": [SEND | changed]}


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (RegisterSupplier, {"name": "x"}),
        (RegisterSupplier, {"name": "Bürobedarf Müller & Söhne GmbH " + "x" * 169}),
        (ReplaceCredentials, {"subs": []}),
        (ReplaceCredentials, {"subs": [f"sub-{number}" for number in range(50)]}),
        (ChangeSupplierStatus, {"status": "withdrawn"}),
        (RegisterChannel, {"url": "https://kontor.example/" + "x" * 1977}),
        (AnswerOrder, {"lines": [ACCEPT] * 1000}),
        (AnswerOrder, answer(line_no=0)),
        (AnswerOrder, answer(line_no=2_147_483_647)),
        (AnswerOrder, answer(decision="changed", quantity="0")),
        (AnswerOrder, answer(decision="changed", quantity="9999999", unit_price_net="0")),
        (AnswerOrder, answer(decision="changed", quantity=3)),
        (AnswerOrder, answer(promised_date="2026-03-04")),
        (AdviseDespatch, despatch(quantity="0.001")),
        (AdviseDespatch, despatch(quantity="9999999")),
    ],
)
def test_what_lies_on_the_bounds_is_understood(kind: type[BaseModel], asked: dict[str, Any]):
    assert kind.model_validate(asked).model_fields_set


@pytest.mark.parametrize(
    ("kind", "asked", "field"),
    [
        (RegisterSupplier, {"name": ""}, "name"),
        (RegisterSupplier, {"name": "   "}, "name"),
        (RegisterSupplier, {"name": "x" * 201}, "name"),
        (RegisterSupplier, {"name": "zwei\nZeilen"}, "name"),
        (RegisterSupplier, {"name": "Kontor", "status": "active"}, "status"),
        (ReplaceCredentials, {}, "subs"),
        (ReplaceCredentials, {"subs": [""]}, "subs.0"),
        (ReplaceCredentials, {"subs": [f"sub-{number}" for number in range(51)]}, "subs"),
        (ReplaceCredentials, {"subs": ["x" * 201]}, "subs.0"),
        (ChangeSupplierStatus, {"status": "gone"}, "status"),
        (RegisterChannel, {"url": ""}, "url"),
        (RegisterChannel, {"url": "https://kontor.example/" + "x" * 1978}, "url"),
        (RegisterChannel, {"url": "https://kontor.example/\x00"}, "url"),
        (AnswerOrder, {"lines": []}, "lines"),
        (AnswerOrder, {"lines": [ACCEPT] * 1001}, "lines"),
        (AnswerOrder, answer(line_no=-1), "lines.0.line_no"),
        (AnswerOrder, answer(line_no=2_147_483_648), "lines.0.line_no"),
        (AnswerOrder, answer(decision="open"), "lines.0.decision"),
        (AnswerOrder, answer(quantity="-0.001"), "lines.0.quantity"),
        (AnswerOrder, answer(quantity="0.0001"), "lines.0.quantity"),
        (AnswerOrder, answer(quantity="10000000"), "lines.0.quantity"),
        (AnswerOrder, answer(quantity="NaN"), "lines.0.quantity"),
        (AnswerOrder, answer(quantity="Infinity"), "lines.0.quantity"),
        (AnswerOrder, answer(unit_price_net="-1"), "lines.0.unit_price_net"),
        (AnswerOrder, answer(unit_price_net="1.00001"), "lines.0.unit_price_net"),
        (AnswerOrder, answer(promised_date="2026-02-30"), "lines.0.promised_date"),
        (AnswerOrder, answer(promised_date=1767225600), "lines.0.promised_date"),
        (AnswerOrder, answer(note="x"), "lines.0.note"),
        (AdviseDespatch, despatch(quantity="0"), "lines.0.quantity"),
        (AdviseDespatch, despatch(quantity="-1"), "lines.0.quantity"),
        (AdviseDespatch, despatch(quantity="1.0001"), "lines.0.quantity"),
        (AdviseDespatch, {"lines": [SEND]}, "despatched_on"),
        (AdviseDespatch, despatch() | {"despatched_on": "heute"}, "despatched_on"),
        (AdviseDespatch, despatch() | {"lines": []}, "lines"),
        (AdviseDespatch, despatch() | {"lines": [SEND] * 1001}, "lines"),
    ],
)
def test_what_lies_beyond_them_is_refused_by_its_field(
    kind: type[BaseModel], asked: dict[str, Any], field: str
):
    with pytest.raises(ValidationError) as refused:
        kind.model_validate(asked)
    # A list without its wrong item is also too short: named after it.
    first, *others = (".".join(map(str, error["loc"])) for error in refused.value.errors())
    assert first == field
    assert all(field.startswith(f"{other}.") for other in others)


def test_what_a_supplier_leaves_out_stays_as_ordered():
    [line] = AnswerOrder.model_validate(answer()).lines
    assert (line.quantity, line.unit_price_net, line.promised_date) == (None, None, None)


def test_a_command_cannot_be_changed_after_it_was_given():
    with pytest.raises(ValidationError, match="frozen"):
        RegisterSupplier(name="Kontor").name = "Laden"
