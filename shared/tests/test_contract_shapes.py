"""What all contracts have in common, and the bounds of single ones: keys, codes, numbers."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from marktbund import contracts
from marktbund.contracts import MESSAGES, TOPICS, http, members
from marktbund.contracts.base import Message, Part, Topic
from marktbund.contracts.http import Answer
from marktbund.contracts.members import AwardingCategory, Grant, Mandate, Role
from marktbund.contracts.routes import ClassSum, GrantCondition
from marktbund.contracts.rule_sets import ApprovalStep, AwardRule, RouteLimit
from marktbund.contracts.words import ROLE_WORDS

TOWN = UUID(int=1)


def models(package: Any, kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Every model of that kind which a package's modules define."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for _, model in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(model, kind) and model.__module__ == module.name:
                yield model


PARTS = sorted(models(contracts, Part), key=lambda model: model.__qualname__)
ANSWERS = sorted(models(http, Answer), key=lambda model: (model.__module__, model.__qualname__))


def named(model: type[BaseModel]) -> str:
    return f"{model.__module__.rpartition('.')[2]}.{model.__qualname__}"


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_type_says_owner_name_and_version(kind: str):
    model = MESSAGES[kind]
    owner = model.topic.owner
    assert kind == f"marktbund.{owner}.{model.__name__}.v1"
    assert re.fullmatch(r"[A-Z][A-Za-z]+", model.__name__)


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_is_keyed_by_a_field_of_its_own(kind: str):
    model = MESSAGES[kind]
    assert model.key_field in model.model_fields
    assert model.model_fields[model.key_field].is_required()


@pytest.mark.parametrize("model", [*MESSAGES.values(), *PARTS, *ANSWERS], ids=named)
def test_what_was_said_is_not_changed_and_what_comes_later_is_ignored(model: type[BaseModel]):
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") in {"ignore", "allow"}
    if model.model_config["extra"] == "allow":
        assert model is http.ProblemAnswer  # its further members are read


@pytest.mark.parametrize("model", [*MESSAGES.values(), *PARTS, *ANSWERS], ids=named)
def test_no_field_holds_a_float_or_a_naive_number(model: type[BaseModel]):
    for name, field in model.model_fields.items():
        assert "float" not in str(field.annotation), name


@pytest.mark.parametrize("model", ANSWERS, ids=named)
def test_every_amount_of_an_answer_travels_as_text(model: type[BaseModel]):
    for name, field in model.model_fields.items():
        if "Decimal" in str(field.annotation):
            kind = TypeAdapter(field.annotation)
            schema = kind.json_schema(mode="serialization")
            assert '"number"' not in str(schema).replace("'", '"'), name


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_is_owner_subject_kind_and_version(name: str):
    topic = TOPICS[name]
    assert name == f"{topic.owner}.{topic.subject}.{topic.kind}.v1"
    assert re.fullmatch(r"[a-z-]+\.[a-z-]+\.(events|state)\.v1", name)


@pytest.mark.parametrize("name", [name for name in TOPICS if name.endswith(".state.v1")])
def test_a_topic_of_states_carries_one_type(name: str):
    """It is compacted: of two types under a key, one would take the other's place."""
    kinds = [model for model in MESSAGES.values() if model.topic.name == name]
    assert len(kinds) == 1
    assert kinds[0].__name__.endswith("State")


@pytest.mark.parametrize("name", [name for name in TOPICS if name.endswith(".events.v1")])
def test_all_types_of_a_topic_share_its_key(name: str):
    """Order is kept per key: two keys on a topic would be two orders."""
    keys = {model.key_field for model in MESSAGES.values() if model.topic.name == name}
    assert len(keys) == 1


class ParcelSent(Message):
    """A message of these tests, which is none of the contracts."""

    topic = Topic("tests", "parcel", "events")
    key_field = "parcel_id"

    parcel_id: UUID


@pytest.mark.parametrize("version", [0, -1, None, "eins", 1.5])
def test_a_version_counts_from_one(version: Any):
    assert ParcelSent(version=1, parcel_id=TOWN).key == str(TOWN)
    with pytest.raises(ValidationError):
        ParcelSent(version=version, parcel_id=TOWN)
    assert ParcelSent.type_name() not in MESSAGES


def test_two_messages_are_equal_by_what_they_say():
    first = ParcelSent(version=1, parcel_id=TOWN)
    assert first == ParcelSent.model_validate_json(first.model_dump_json())
    assert (
        len({first, ParcelSent(version=1, parcel_id=TOWN), ParcelSent(version=2, parcel_id=TOWN)})
        == 2
    )


def test_every_role_has_a_german_word_and_no_word_stands_for_two():
    roles = set(get_args(Role))
    assert set(ROLE_WORDS) == roles
    assert len(set(ROLE_WORDS.values())) == len(roles)


@pytest.mark.parametrize("role", ["", "Requester", "admin", "mayor", None])
def test_a_role_nobody_knows_is_none(role: Any):
    with pytest.raises(ValidationError):
        Grant(role=role)


@pytest.mark.parametrize(
    ("prefix", "taken"),
    [
        ("30", True),
        ("30192000", True),
        ("3", False),
        ("301920001", False),
        ("30-2", False),
        ("", False),
        ("ab", False),
        (" 30", False),
        ("30\n", False),
        ("\u0663\u0660", False),
    ],
)
def test_a_category_is_two_to_eight_digits_of_the_cpv(prefix: str, taken: bool):
    """Regulation (EC) 213/2008: eight digits, read from the left."""
    values = {"cpv_prefix": prefix, "evidence": "Dienstanweisung 3", "valid_to": "2026-12-31"}
    if taken:
        assert AwardingCategory.model_validate(values).cpv_prefix == prefix
    else:
        with pytest.raises(ValidationError):
            AwardingCategory.model_validate(values)


def limit(**changes: Any) -> RouteLimit:
    return RouteLimit.model_validate({"route": "compare", "up_to_net": "5000"} | changes)


@pytest.mark.parametrize(
    ("field", "value", "taken"),
    [
        ("up_to_net", "0.01", True),
        ("up_to_net", "0", False),
        ("up_to_net", "-1", False),
        ("up_to_net", "5000.001", False),
        ("offers_asked", 0, True),
        ("offers_asked", 20, True),
        ("offers_asked", 21, False),
        ("offers_asked", -1, False),
        ("offers_received", 20, True),
        ("offers_received", 21, False),
        ("route", "request", True),
        ("route", "hand_over", False),
    ],
)
def test_a_limit_of_a_route_has_bounds(field: str, value: Any, taken: bool):
    if taken:
        assert str(getattr(limit(**{field: value}), field)) == str(value)
    else:
        with pytest.raises(ValidationError):
            limit(**{field: value})


RULE = {
    "contract_kinds": ["supply"],
    "binding": True,
    "source": "Vergabeordnung § 4",
    "source_kind": "bylaw",
    "valid_from": "2026-01-01",
}


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({}, True),
        ({"contract_kinds": []}, False),
        ({"contract_kinds": ["supply", "service", "works"]}, True),
        ({"contract_kinds": ["loan"]}, False),
        ({"window_months": 1}, True),
        ({"window_months": 48}, True),
        ({"window_months": 0}, False),
        ({"window_months": 49}, False),
        ({"window_months": None}, True),
        ({"source_kind": "custom"}, False),
        ({"valid_to": None}, True),
        ({"valid_to": "2026-02-30"}, False),
    ],
)
def test_a_rule_says_what_it_is_about_and_how_long_it_looks_back(changes: Any, taken: bool):
    if taken:
        assert AwardRule.model_validate(RULE | changes).binding
    else:
        with pytest.raises(ValidationError):
            AwardRule.model_validate(RULE | changes)


def test_a_rule_without_limits_says_that_none_is_set():
    rule = AwardRule.model_validate(RULE)
    assert (rule.limits, rule.window_months, rule.recommend_request_above_net) == ((), None, None)


@pytest.mark.parametrize(("asked", "taken"), [(1, True), (20, True), (0, False), (21, False)])
def test_a_grants_condition_asks_for_one_offer_at_least(asked: int, taken: bool):
    """0 would be a condition that asks for nothing, and no condition is null."""
    if taken:
        assert GrantCondition(title="Förderbescheid", offers_asked=asked).offers_asked == asked
    else:
        with pytest.raises(ValidationError):
            GrantCondition(title="Förderbescheid", offers_asked=asked)


@given(st.decimals(0, "9999999999999.99", places=2))
def test_a_step_of_approval_survives_json_to_the_cent(net: Decimal):
    step = ApprovalStep(above_net=net)
    assert ApprovalStep.model_validate_json(step.model_dump_json()) == step
    assert f'"{net}"' in step.model_dump_json()


def test_a_mandate_may_be_without_an_end_and_not_without_a_beginning():
    values = {"acting_member_id": TOWN, "member_id": UUID(int=2)}
    mandate = Mandate.model_validate(values | {"valid_from": date(2026, 1, 1)})
    assert mandate.valid_to is None
    with pytest.raises(ValidationError):
        Mandate.model_validate(values)


def test_an_old_event_without_a_later_field_has_its_default():
    values = {
        "cpv_class": "3019",
        "pot_id": TOWN,
        "before_net": "10.00",
        "ordered_net": "2.50",
        "position": 3,
    }
    known = ClassSum.model_validate(values)
    assert (known.windows, known.last_order_id) == ((), None)


def test_people_travel_as_ids():
    """No message of members holds a name, a mail address or a number of a person."""
    fields = {
        name
        for model in MESSAGES.values()
        if model.__module__ == members.__name__ and model.key_field == "person_id"
        for name in model.model_fields
    }
    assert fields.isdisjoint({"name", "first_name", "last_name", "mail", "email", "telephone"})
