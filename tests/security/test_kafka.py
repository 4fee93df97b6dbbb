"""On a real broker: a service writes what it owns, reads what it hears, and sees nothing else."""

import re
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError, SaslAuthenticationFailed
from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import (
    AclOperation,
    AdminClient,
    NewTopic,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from deploy.devstack.services import SERVICES
from deploy.kafka.accounts import rules_of
from deploy.kafka.rights import bindings
from marktbund.consuming.subscriber import consumer_name
from marktbund.contracts import TOPICS
from marktbund.kafka_access import user_name
from tests.architecture.tree import ROOT, rows
from tests.security.clients import ALLOWED, DENIED, joined, read, refusal, written
from tests.security.conftest import Accounts

NAMES = tuple(service.name.replace("_", "-") for service in SERVICES)


def flow() -> dict[str, set[str]]:
    """Topic -> who hears it, as docs/map.md has it."""
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- event flow -->\n(.*?)<!-- end -->", text, re.DOTALL)
    assert block is not None
    return {
        topic: set(re.findall(r"[a-z]+(?:-[a-z]+)*", heard.replace(" (deciding)", "")))
        if heard != "nobody yet"
        else set()
        for topic, _, _, heard in rows(block[1])
    }


def owned(service: str) -> set[str]:
    return {topic for topic in flow() if topic.startswith(f"{service}.")}


def heard(service: str) -> set[str]:
    return {topic for topic, hearers in flow().items() if service in hearers}


def expected(prefix: str, allowed: set[str]) -> dict[str, str]:
    return {prefix + name: ALLOWED if name in allowed else DENIED for name in TOPICS}


@pytest.mark.parametrize("service", NAMES)
async def test_a_service_writes_the_topics_it_owns_and_no_other(
    ours: Accounts, theirs: Accounts, service: str
):
    wanted = expected(ours.prefix, owned(service)) | expected(theirs.prefix, set())
    assert await written(ours.of(service), wanted) == wanted


@pytest.mark.parametrize("service", NAMES)
async def test_a_service_reads_what_it_hears_and_what_it_wrote(
    ours: Accounts, theirs: Accounts, service: str
):
    wanted = expected(ours.prefix, heard(service) | owned(service))
    wanted |= expected(theirs.prefix, set())
    assert await read(ours.of(service), wanted) == wanted


@pytest.mark.parametrize("service", NAMES)
def test_a_listing_shows_a_service_its_own_topics_only(
    ours: Accounts, theirs: Accounts, service: str
):
    for accounts in (ours, theirs):
        listed = AdminClient(accounts.of(service).librdkafka()).list_topics(timeout=10).topics
        assert set(listed) == {accounts.prefix + name for name in heard(service) | owned(service)}


def test_what_is_hidden_cannot_be_told_from_what_is_not_there(ours: Accounts, theirs: Accounts):
    client = AdminClient(ours.of("orders").librdkafka())
    hidden = [f"{theirs.prefix}orders.order.events.v1", f"{ours.prefix}documentation.nothing.v1"]
    for future in client.describe_topics(TopicCollection(hidden)).values():
        with pytest.raises(KafkaException) as caught:
            future.result(10)
        assert refusal(caught.value) == "TOPIC_AUTHORIZATION_FAILED"


async def test_a_service_joins_its_own_group_only(ours: Accounts, theirs: Accounts):
    access = ours.of("orders")
    topic = f"{ours.prefix}members.member.state.v1"
    groups = {
        consumer_name(ours.prefix, "orders"): ALLOWED,
        consumer_name(ours.prefix, "catalog"): "GroupAuthorizationFailedError",
        consumer_name(theirs.prefix, "orders"): "GroupAuthorizationFailedError",
        "orders.v1": "GroupAuthorizationFailedError",
    }
    assert {group: await joined(access, group, topic) for group in groups} == groups


async def test_a_service_that_owns_a_topic_may_be_an_idempotent_producer(ours: Accounts):
    producer = AIOKafkaProducer(**ours.of("orders").aiokafka(), enable_idempotence=True)
    await producer.start()
    try:
        sent = await producer.send_and_wait(f"{ours.prefix}orders.order.events.v1", b"{}")
    finally:
        await producer.stop()
    assert sent.topic == f"{ours.prefix}orders.order.events.v1"


def test_a_service_makes_no_topic_no_rule_and_no_account(ours: Accounts):
    access = ours.of("orders")
    client = AdminClient(access.librdkafka())
    own, more = f"{ours.prefix}orders.order.events.v1", f"{ours.prefix}orders.more.events.v1"
    rule = next(iter(bindings(ours.prefix, ours.rights["catalog"])))
    refused = {}
    for name, ask in {
        "create": lambda: client.create_topics([NewTopic(more, 1, 1)])[more],
        "delete": lambda: client.delete_topics([own])[own],
        "allow": lambda: client.create_acls([rule])[rule],
        "password": lambda: client.alter_user_scram_credentials([_password(access.user)])[
            access.user
        ],
    }.items():
        with pytest.raises(KafkaException) as caught:
            ask().result(10)
        refused[name] = refusal(caught.value)
    assert refused == {
        "create": "TOPIC_AUTHORIZATION_FAILED",
        "delete": "TOPIC_AUTHORIZATION_FAILED",
        "allow": "CLUSTER_AUTHORIZATION_FAILED",
        "password": "CLUSTER_AUTHORIZATION_FAILED",
    }


def _password(user: str) -> UserScramCredentialUpsertion:
    secret = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    return UserScramCredentialUpsertion(user, secret, b"taken")


async def _login(how: dict[str, object]) -> type[Exception] | None:
    producer = AIOKafkaProducer(**how, request_timeout_ms=3000)
    try:
        await producer.start()
    except (KafkaError, SaslAuthenticationFailed) as error:
        return type(error)
    finally:
        await producer.stop()
    return None


async def test_nobody_comes_in_without_the_right_password(ours: Accounts, theirs: Accounts):
    right = ours.of("orders")
    wrong = {
        "wrong password": replace(right, password="wrong"),
        "another deployment's": replace(right, password=theirs.of("orders").password),
        "another service's": replace(right, password=ours.of("catalog").password),
        "unknown account": replace(right, user="nobody"),
        "no password": replace(right, password=" "),
    }
    assert await _login(right.aiokafka()) is None
    for access in wrong.values():
        assert await _login(access.aiokafka()) is not None


async def test_nobody_comes_in_without_a_login(kafka):
    plain = {"bootstrap_servers": kafka.admin.bootstrap}
    assert await _login(plain) is KafkaConnectionError


@pytest.mark.parametrize("service", NAMES)
def test_the_acls_are_the_event_flow_of_the_map(ours: Accounts, admin: AdminClient, service: str):
    rules = rules_of(admin, user_name(ours.prefix, service))
    there = {(rule.restype, rule.name, rule.operation) for rule in rules}
    group = consumer_name(ours.prefix, service)
    assert there == {
        *((ResourceType.TOPIC, ours.prefix + t, AclOperation.WRITE) for t in owned(service)),
        *(
            (ResourceType.TOPIC, ours.prefix + t, AclOperation.READ)
            for t in heard(service) | owned(service)
        ),
        (ResourceType.GROUP, group, AclOperation.READ),
    }
    assert {rule.resource_pattern_type.name for rule in rules} == {"LITERAL"}
