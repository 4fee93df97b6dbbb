"""Accounts come, change and go: rules too many are taken away, passwords are replaced."""

from collections.abc import Iterator

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from deploy.kafka.accounts import drop, rules_of
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.testing.entering import enters
from tests.security.clients import ALLOWED, DENIED, written
from tests.security.conftest import Accounts

_USER = "sec_gone_orders"


@pytest.fixture
def gone(kafka: KafkaBroker, ours: Accounts) -> Iterator[Accounts]:
    """A deployment of one service, to be dropped."""
    made = Accounts(kafka.admin, "sec_gone_", {_USER: "first"}, {"orders": ours.rights["orders"]})
    made.apply()
    yield made
    drop(kafka.admin, made.passwords)


async def test_a_rule_too_many_opens_other_deployments_until_it_is_taken_away(
    ours: Accounts, theirs: Accounts, admin: AdminClient
):
    access = ours.of("catalog")
    rule = AclBinding(
        ResourceType.TOPIC,
        ours.prefix,
        ResourcePatternType.PREFIXED,
        f"User:{access.user}",
        "*",
        AclOperation.WRITE,
        AclPermissionType.ALLOW,
    )
    before = rules_of(admin, access.user)
    admin.create_acls([rule])[rule].result(10)
    topic = f"{theirs.prefix}orders.order.events.v1"
    assert await written(access, [topic]) == {topic: ALLOWED}
    ours.apply()
    assert rules_of(admin, access.user) == before
    assert await written(access, [topic]) == {topic: DENIED}


async def test_a_new_password_ends_the_old_one(gone: Accounts):
    old = gone.of("orders")
    assert await enters(old)
    gone.passwords[_USER] = "second"
    gone.apply()
    assert await enters(gone.of("orders"))
    assert not await enters(old)


async def test_a_dropped_deployment_leaves_no_account_and_no_rule(
    gone: Accounts, ours: Accounts, admin: AdminClient
):
    others = rules_of(admin, ours.of("orders").user)
    assert rules_of(admin, _USER) != set()
    for _ in range(2):
        drop(gone.kafka, gone.passwords)
    assert rules_of(admin, _USER) == set()
    assert not await enters(gone.of("orders"))
    assert rules_of(admin, ours.of("orders").user) == others
    assert await enters(ours.of("orders"))
