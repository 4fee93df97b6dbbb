"""The public language: modules per producing service, frozen models with topic and key."""

from collections.abc import Iterator

from marktbund.contracts import (
    agreements,
    catalog,
    documentation,
    grants,
    members,
    notices,
    order_steps,
    orders,
    routes,
    rule_sets,
    supplier_gateway,
    tender_planning,
)
from marktbund.contracts.base import Message, Topic

OWNERS = (
    members,
    grants,
    rule_sets,
    catalog,
    orders,
    order_steps,
    routes,
    agreements,
    notices,
    supplier_gateway,
    documentation,
    tender_planning,
)


def _leaves(kind: type[Message]) -> Iterator[type[Message]]:
    children = kind.__subclasses__()
    if not children:
        yield kind
    for child in children:
        yield from _leaves(child)


MESSAGES: dict[str, type[Message]] = {
    kind.type_name(): kind
    for kind in sorted(_leaves(Message), key=lambda kind: kind.__qualname__)
    if kind.__module__.startswith("marktbund.contracts.")
}
"""CloudEvents type -> model, for every message there is."""

TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in sorted({kind.topic for kind in MESSAGES.values()}, key=lambda topic: topic.name)
}
"""Topic name without prefix -> topic: the one list that topics are made from."""
