"""What breaks a release is seen, what only adds passes: tried on planted changes."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import pytest
from pydantic import AfterValidator, Field, create_model, field_validator

from deploy.contracts.comparison import Compatibility, ContractChange, compare
from deploy.contracts.shapes import Shape, shapes_of
from marktbund.contracts.base import Message, Part, Topic
from marktbund.money import Quantity

BREAKING, READERS_FIRST, ADDITIVE = Compatibility
SOLD = Topic("shop", "sale", "events")
RETURNED = Topic("shop", "return", "events")
TYPE_NAME = "marktbund.shop.Sold.v1"
PRICE = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
STATUS = Literal["open", "closed"]


class Line(Part):
    line_no: int
    quantity: Quantity


class LongerLine(Line):
    note: str = ""


class CheckedLine(Line):
    @field_validator("line_no")
    @classmethod
    def even(cls, value: int) -> int:
        return value


FIELDS: dict[str, Any] = {
    "sale_id": UUID,
    "note": (str, ""),
    "label": Annotated[str, Field(min_length=1, max_length=80)],
    "price": PRICE,
    "status": STATUS,
    "paid_on": (date | None, None),
    "buyer": UUID | None,
    "lines": tuple[Line, ...],
}


def type_of(name: str = "Sold", topic: Topic = SOLD, key: str = "sale_id", **changed: Any):
    """A message type with some fields changed; None: left out."""
    fields = {field: given for field, given in (FIELDS | changed).items() if given is not None}
    made = create_model(name, __base__=Message, **fields)
    made.topic, made.key_field = topic, key
    return made


def shapes(*kinds: type[Message]) -> Shape:
    return shapes_of(kinds)


RELEASED = shapes(type_of())


def changed(**fields: Any) -> list[ContractChange]:
    return compare(RELEASED, shapes(type_of(**fields)))


def limited(**limits: Any) -> Any:
    return Annotated[Decimal, Field(**({"ge": 0, "max_digits": 14, "decimal_places": 4} | limits))]


def even(value: str) -> str:
    return value


BREAKS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a field removed": ({"note": None}, ".note", "field removed"),
    "a required field added": ({"vat": int}, ".vat", "required field added"),
    "a default removed": ({"note": str}, ".note", "default removed"),
    "a default changed": ({"note": (str, "-")}, ".note", "default '' became '-'"),
    "text to number": ({"note": (int, 0)}, ".note", "type string became integer"),
    "text to id": ({"label": UUID}, ".label", "type string became uuid"),
    "text to a choice": ({"label": Literal["a"]}, ".label", "type string became enum"),
    "time to date": ({"paid_on": (str, "")}, ".paid_on", "type date became string"),
    "one to many": ({"label": tuple[str, ...]}, ".label", "type string became list"),
    "null refused": ({"buyer": UUID}, ".buyer", "null refused"),
    "a value removed": ({"status": Literal["open"]}, ".status", "values removed: closed"),
    "the key": ({"key": "buyer"}, "", "key sale_id became buyer"),
    "a higher floor": ({"price": limited(ge=1)}, ".price", "lower bound tightened"),
    "a floor made exclusive": ({"price": limited(gt=0)}, ".price", "lower bound tightened"),
    "a ceiling": ({"price": limited(le=9)}, ".price", "upper bound tightened"),
    "fewer digits": ({"price": limited(max_digits=13)}, ".price", "digits tightened"),
    "fewer decimals": ({"price": limited(decimal_places=2)}, ".price", "decimal places tightened"),
    "digits moved behind the point": (
        {"price": limited(decimal_places=6)},
        ".price",
        "digits before the point tightened",
    ),
    "a step": ({"price": limited(multiple_of=5)}, ".price", "checks added: multiple_of 5"),
    "a shorter text": (
        {"label": Annotated[str, Field(min_length=1, max_length=40)]},
        ".label",
        "longest length tightened",
    ),
    "a pattern": (
        {"note": (Annotated[str, Field(pattern="^a")], "")},
        ".note",
        "checks added: pattern ^a",
    ),
    "a check": (
        {"note": (Annotated[str, AfterValidator(even)], "")},
        ".note",
        "checks added: even",
    ),
    "a check in a part": ({"lines": tuple[CheckedLine, ...]}, ".lines[]", "checks added: even"),
    "a part's field removed": (
        {"lines": tuple[create_model("Line", __base__=Part, line_no=int), ...]},
        ".lines[].quantity",
        "field removed",
    ),
}
SERVES_READERS_FIRST: dict[str, tuple[dict[str, Any], str, str]] = {
    "a value added": (
        {"status": Literal["open", "closed", "lost"]},
        ".status",
        "values added: lost",
    ),
    "null allowed": ({"label": str | None}, ".label", "null allowed"),
    "optional now": ({"price": (PRICE, Decimal(0))}, ".price", "optional now"),
    "a lower floor": ({"price": limited(ge=-1)}, ".price", "lower bound loosened"),
    "a longer text": (
        {"label": Annotated[str, Field(min_length=1, max_length=90)]},
        ".label",
        "longest length loosened",
    ),
}


def test_nothing_changed_is_no_change():
    assert changed() == []


@pytest.mark.parametrize("plant", BREAKS)
def test_a_planted_breach_is_seen(plant: str):
    fields, path, what = BREAKS[plant]
    assert ContractChange(BREAKING, TYPE_NAME + path, what) in changed(**fields)


@pytest.mark.parametrize("plant", SERVES_READERS_FIRST)
def test_what_older_readers_would_park_is_told_and_does_not_break(plant: str):
    fields, path, what = SERVES_READERS_FIRST[plant]
    changes = changed(**fields)
    assert ContractChange(READERS_FIRST, TYPE_NAME + path, what) in changes
    assert {change.verdict for change in changes} == {READERS_FIRST}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"colour": (str, "")}, ".colour"),
        ({"colour": (str | None, None)}, ".colour"),
        ({"lines": tuple[LongerLine, ...]}, ".lines[].note"),
    ],
)
def test_an_optional_field_is_additive(fields: dict[str, Any], path: str):
    assert changed(**fields) == [ContractChange(ADDITIVE, TYPE_NAME + path, "optional field added")]


def test_a_type_and_its_topic_cannot_go():
    assert compare(RELEASED, shapes()) == [
        ContractChange(BREAKING, TYPE_NAME, "type removed"),
        ContractChange(BREAKING, SOLD.name, "topic removed"),
    ]


def test_a_type_cannot_move_to_another_topic():
    changes = compare(RELEASED, shapes(type_of(topic=RETURNED)))
    what = f"topic {SOLD.name} became {RETURNED.name}"
    assert ContractChange(BREAKING, TYPE_NAME, what) in changes
    assert ContractChange(BREAKING, SOLD.name, "topic removed") in changes


def test_a_new_type_needs_new_readers_only_where_the_topic_is_heard_already():
    name = "marktbund.shop.Refunded.v1"
    same = compare(RELEASED, shapes(type_of(), type_of("Refunded")))
    other = compare(RELEASED, shapes(type_of(), type_of("Refunded", topic=RETURNED)))
    assert same == [ContractChange(READERS_FIRST, name, "type added")]
    assert other == [
        ContractChange(ADDITIVE, name, "type added"),
        ContractChange(ADDITIVE, RETURNED.name, "topic added"),
    ]


def test_the_worst_stands_first():
    changes = changed(colour=(str, ""), note=None, buyer=(UUID | None, None))
    assert [change.verdict for change in changes] == [BREAKING, READERS_FIRST, ADDITIVE]


class Aliased(Message):
    topic: ClassVar = SOLD
    key_field: ClassVar = "sale_id"

    sale_id: UUID = Field(alias="id")


@pytest.mark.parametrize(
    "kind", [Aliased, type_of(price=float), type_of(price=int | str), type_of(lines=list[int])]
)
def test_what_the_comparison_cannot_name_is_refused(kind: type[Message]):
    with pytest.raises(TypeError):
        shapes(kind)
