"""The AsyncAPI document is the code's, valid by the official schema, and true of real records."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft7Validator

from deploy.contracts import asyncapi
from deploy.contracts.__main__ import DOCUMENT, rendered
from deploy.contracts.headers import COMMON
from marktbund.contracts import MESSAGES, TOPICS
from marktbund.envelope import write_headers
from tests.architecture.event_flow import hearers
from tests.contracts.official import asyncapi_schema
from tests.contracts.samples import SAMPLES
from tests.contracts.test_golden import EVENT_ID, ORIGIN, TIME


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(DOCUMENT.read_bytes())


@pytest.fixture(scope="module")
def official() -> Draft7Validator:
    return Draft7Validator(asyncapi_schema())


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft7Validator:
    return Draft7Validator(
        {**schema, "components": document["components"]},
        format_checker=Draft7Validator.FORMAT_CHECKER,
    )


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def test_the_document_is_what_the_code_generates():
    assert DOCUMENT.read_text(encoding="utf-8") == rendered()


def test_the_document_is_valid_by_the_official_schema(
    document: dict[str, Any], official: Draft7Validator
):
    assert [error.json_path for error in official.iter_errors(document)] == []


def drop_action(document: dict[str, Any]) -> None:
    del document["operations"]["orders.send.orders.order.events.v1"]["action"]


def spell_wrong(document: dict[str, Any]) -> None:
    document["channels"]["orders.order.events.v1"]["adress"] = "?"


def bind_wrong(document: dict[str, Any]) -> None:
    kafka = document["channels"]["orders.order.events.v1"]["bindings"]["kafka"]
    kafka["topicConfiguration"]["retention.ms"] = "for ever"


def type_wrong(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["OrderPlaced"]["type"] = "map"


@pytest.mark.parametrize("plant", [drop_action, spell_wrong, bind_wrong, type_wrong])
def test_a_planted_fault_is_invalid(
    plant: Callable[[dict[str, Any]], None], document: dict[str, Any], official: Draft7Validator
):
    faulty = deepcopy(document)
    plant(faulty)
    assert not official.is_valid(faulty)


def test_every_reference_leads_somewhere(document: dict[str, Any]):
    for reference in set(references(document)):
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_channels_and_operations_are_the_event_flow(document: dict[str, Any]):
    flow = {
        f"{service}.{action}.{name}"
        for name, topic in TOPICS.items()
        for action, services in (("send", [topic.owner]), ("receive", hearers(name)))
        for service in services
    }
    assert set(document["channels"]) == set(TOPICS)
    assert set(document["operations"]) == flow


def test_addresses_carry_the_prefix_and_bindings_what_kafka_is_told(document: dict[str, Any]):
    facts = document["channels"]["orders.order.events.v1"]
    states = document["channels"]["members.member.state.v1"]
    assert facts["address"] == "{prefix}orders.order.events.v1"
    assert document["components"]["parameters"]["prefix"]["default"] == ""
    assert facts["bindings"]["kafka"]["topicConfiguration"] == {
        "cleanup.policy": ["delete"],
        "retention.ms": -1,
        "retention.bytes": -1,
    }
    assert states["bindings"]["kafka"]["topicConfiguration"] == {"cleanup.policy": ["compact"]}
    assert set(facts["messages"]) == {
        "OffersAwaited",
        "OffersRecorded",
        "OrderApproved",
        "OrderAwarded",
        "OrderCancelled",
        "OrderHandedOver",
        "OrderPlaced",
        "OrderRefused",
        "OrderReleased",
        "OrderSentBack",
        "OrderSubmitted",
        "RouteDecided",
    }


@pytest.mark.parametrize("kind", MESSAGES)
def test_what_is_written_is_what_the_document_says(kind: str, document: dict[str, Any]):
    message = document["components"]["messages"][kind]
    payload = json.loads(SAMPLES[kind].model_dump_json())
    headers = write_headers(SAMPLES[kind], EVENT_ID, "orders", TIME, ORIGIN)
    validator(document, message["payload"]).validate(payload)
    assert not validator(document, message["payload"]).is_valid(payload | {"version": "1"})
    validator(document, message["headers"]).validate(headers)
    assert not validator(document, message["headers"]).is_valid(headers | {"ce_type": "x"})
    assert message["examples"][0]["payload"] == payload
    assert set(headers) == set(document["components"]["schemas"][COMMON]["properties"])


@pytest.mark.parametrize("topic", TOPICS)
def test_a_record_is_one_message_of_its_channel_and_no_other(topic: str, document: dict[str, Any]):
    kinds = [kind for kind, message in MESSAGES.items() if message.topic.name == topic]
    for kind in kinds:
        headers = write_headers(SAMPLES[kind], EVENT_ID, "orders", TIME, ORIGIN)
        fitting = [
            other
            for other in kinds
            if validator(document, document["components"]["messages"][other]["headers"]).is_valid(
                headers
            )
        ]
        assert fitting == [kind]


@pytest.mark.parametrize("wrong", ["-4.00", "1E+3", "4,10", "12345678901.00"])
def test_a_price_is_a_plain_decimal(wrong: str, document: dict[str, Any]):
    price = document["components"]["schemas"]["OrderLine"]["properties"]["unit_price_net"]
    assert validator(document, price).is_valid("4.1250")
    assert not validator(document, price).is_valid(wrong)


def test_services_are_all_there():
    assert [service.name for service in asyncapi.services()] == [
        "members",
        "catalog",
        "orders",
        "supplier-gateway",
        "documentation",
        "tender-planning",
        "portal",
    ]
