"""The event interface as one AsyncAPI 3 document, from contracts, topics and what services hear.

In: the services. Out: the document that is committed as docs/asyncapi.json.
"""

import importlib
from collections.abc import Iterable, Sequence
from typing import Any

from deploy.contracts.headers import COMMON, SCHEMA
from deploy.contracts.releases import example_of, version
from deploy.contracts.schemas import payloads
from deploy.devstack.services import SERVICES
from marktbund import topics
from marktbund.composition import Service
from marktbund.contracts import MESSAGES, TOPICS
from marktbund.contracts.base import Message, Topic
from marktbund.contracts.members import PERSON_STATE

Json = dict[str, Any]

_BINDING = "0.5.0"
_KINDS = {
    "events": "Facts: never compacted, kept for ever, in order per key.",
    "state": "The whole current state per key: compacted, upserted by version.",
}
_PREFIX = {
    "description": "Names the deployment where several share a broker; empty where none does.",
    "default": "",
    "examples": ["main_"],
}


def services() -> list[Service]:
    """What the main of every service puts together."""
    return [importlib.import_module(f"{service.name}.main").SERVICE for service in SERVICES]


def heard_by(service: Service) -> list[Topic]:
    """The topics a service subscribes to, people for authorisation among them."""
    heard = set(service.hearing.handlers) if service.hearing else set()
    heard |= {PERSON_STATE} if service.keeps_people else set()
    return sorted(heard, key=lambda topic: topic.name)


def document(parts: Sequence[Service]) -> Json:
    """The AsyncAPI document of these services and of all contracts."""
    schemas = {COMMON: SCHEMA, **payloads(MESSAGES.values())}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Marktbund",
            "version": version(),
            "description": "Events between the services of Marktbund: Kafka, CloudEvents 1.0 in "
            "binary mode, JSON. Money and quantities are strings, times are UTC.",
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(topic) for name, topic in TOPICS.items()},
        "operations": _operations(parts),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "messages": {name: _message(kind) for name, kind in sorted(MESSAGES.items())},
            "parameters": {"prefix": _PREFIX},
        },
    }


def _of(topic: Topic) -> list[type[Message]]:
    return sorted(
        (kind for kind in MESSAGES.values() if kind.topic == topic), key=lambda kind: kind.__name__
    )


def _channel(topic: Topic) -> Json:
    return {
        "address": f"{{prefix}}{topic.name}",
        "description": _KINDS[topic.kind],
        "parameters": {"prefix": {"$ref": "#/components/parameters/prefix"}},
        "messages": {
            kind.__name__: {"$ref": f"#/components/messages/{kind.type_name()}"}
            for kind in _of(topic)
        },
        "bindings": {
            "kafka": {
                "partitions": topics.PARTITIONS,
                "topicConfiguration": _configuration(topic),
                "bindingVersion": _BINDING,
            }
        },
    }


def _configuration(topic: Topic) -> Json:
    given = topics.configuration(topic)
    configuration: Json = {"cleanup.policy": given["cleanup.policy"].split(",")}
    for name in ("retention.ms", "retention.bytes"):
        if name in given:
            configuration[name] = int(given[name])
    return configuration


def _message(kind: type[Message]) -> Json:
    return {
        "name": kind.type_name(),
        "title": kind.__name__,
        "summary": (kind.__doc__ or "").split("\n")[0],
        "contentType": "application/json",
        "correlationId": {"location": "$message.header#/correlation_id"},
        "headers": {
            "type": "object",
            "allOf": [{"$ref": f"#/components/schemas/{COMMON}"}],
            "properties": {"ce_type": {"const": kind.type_name()}},
        },
        "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
        "bindings": {
            "kafka": {
                "key": {
                    "type": "string",
                    "format": "uuid",
                    "description": f"`{kind.key_field}` of the payload",
                },
                "bindingVersion": _BINDING,
            }
        },
        "examples": [{"name": "golden", "payload": example_of(kind.type_name())}],
    }


def _operations(parts: Sequence[Service]) -> Json:
    operations: Json = {}
    for service in sorted(parts, key=lambda part: part.name):
        own = [topic for topic in TOPICS.values() if topic.owner == service.name]
        for action, chosen in (("send", own), ("receive", heard_by(service))):
            operations |= _acts(service.name, action, chosen)
    return operations


def _acts(service: str, action: str, chosen: Iterable[Topic]) -> Json:
    return {
        f"{service}.{action}.{topic.name}": {
            "action": action,
            "channel": {"$ref": f"#/channels/{topic.name}"},
            "tags": [{"name": service}],
        }
        for topic in chosen
    }
