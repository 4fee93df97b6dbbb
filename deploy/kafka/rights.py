"""Who may do what on Kafka, derived from the code: never a second list beside it.

In: a service as its main puts it together. Out: the topics it owns, the topics it hears, its
consumer group; as ACLs under a deployment's prefix, each naming one topic or group in full.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module

from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from marktbund.composition import Service, hearing_of
from marktbund.consuming.subscriber import consumer_name
from marktbund.contracts import TOPICS
from marktbund.kafka_access import user_name


@dataclass(frozen=True, slots=True)
class Rights:
    """What one service may do; topics without prefix."""

    service: str
    writes: frozenset[str]
    reads: frozenset[str]


def rights_of(service: Service) -> Rights:
    """A service writes what it owns, and reads what it hears and what it wrote itself."""
    owned = frozenset(topic.name for topic in TOPICS.values() if topic.owner == service.name)
    heard = frozenset(topic.name for topic in hearing_of(service).handlers)
    return Rights(service.name, owned, heard | owned)


def service_rights(packages: Iterable[str]) -> list[Rights]:
    """The rights of the services with these packages, from each one's `main.SERVICE`."""
    return [rights_of(import_module(f"{package}.main").SERVICE) for package in packages]


def accounts(prefix: str, services: Iterable[Rights]) -> Mapping[str, set[AclBinding]]:
    """Each service's account in the deployment with this prefix -> its ACLs."""
    return {user_name(prefix, rights.service): bindings(prefix, rights) for rights in services}


def bindings(prefix: str, rights: Rights) -> set[AclBinding]:
    """The ACLs of one service. To read or write includes to describe; nothing else is allowed.

    An idempotent producer needs no right of its own: who may write a topic may be one.
    """
    user = user_name(prefix, rights.service)
    topic, group = ResourceType.TOPIC, ResourceType.GROUP
    return {
        *(_allowed(user, topic, prefix + name, AclOperation.WRITE) for name in rights.writes),
        *(_allowed(user, topic, prefix + name, AclOperation.READ) for name in rights.reads),
        _allowed(user, group, consumer_name(prefix, rights.service), AclOperation.READ),
    }


def _allowed(user: str, kind: ResourceType, name: str, operation: AclOperation) -> AclBinding:
    literal, allow = ResourcePatternType.LITERAL, AclPermissionType.ALLOW
    return AclBinding(kind, name, literal, f"User:{user}", "*", operation, allow)
