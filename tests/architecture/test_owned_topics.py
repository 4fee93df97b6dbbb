"""Every service says where the versions of what it announces are counted."""

import re
from collections.abc import Mapping

import pytest

from marktbund.contracts import MESSAGES
from marktbund.contracts.base import Topic
from tests.architecture.tree import SERVICES, package_of, service


def announced(sources: str, owner: str) -> set[Topic]:
    """Own topics of which a package makes a message."""
    words = set(re.findall(r"\w+", sources))
    return {
        kind.topic
        for kind in MESSAGES.values()
        if kind.topic.owner == owner and kind.__name__ in words
    }


@pytest.fixture(scope="module")
def sources() -> Mapping[str, str]:
    return {
        folder: "\n".join(file.read_text() for file in package_of(folder).rglob("*.py"))
        for folder in SERVICES
    }


@pytest.mark.parametrize("folder", SERVICES)
def test_a_service_knows_what_it_announced(folder: str, sources: Mapping[str, str]):
    made = service(folder)
    known = {owned.topic for owned in made.owns} | {feed.topic for feed in made.feeds}
    assert announced(sources[folder], folder) - known == set()


def test_a_topic_that_is_not_counted_is_found():
    topics = announced("uow.announce(OrderPlaced(order_id=order_id))", "orders")
    assert [topic.name for topic in topics] == ["orders.order.events.v1"]
