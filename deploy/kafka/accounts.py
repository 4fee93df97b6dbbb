"""Accounts and ACLs on the broker brought to what the code says, and taken away again.

In: the access of a super user. Out: exactly the accounts and ACLs asked for; those of other
deployments are left alone. Everything can be run again.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialDeletion,
)

from marktbund.kafka_access import KafkaAccess, set_passwords

_TIMEOUT_SECONDS = 30.0


def apply(
    kafka: KafkaAccess, wanted: Mapping[str, set[AclBinding]], secret: Mapping[str, str]
) -> None:
    """Give each account of `wanted` its password and exactly its ACLs; returns when they hold.

    Raises KeyError without a password, KafkaException when the broker refuses, TimeoutError.
    """
    admin = AdminClient(kafka.librdkafka())
    set_passwords(admin, {user: secret[user] for user in wanted})
    for user, rules in wanted.items():
        there = rules_of(admin, user)
        _create(admin, rules - there)
        _delete(admin, [_exactly(rule) for rule in there - rules])
    # A broker learns of a change a moment after the controller; a service would be turned away.
    for user, rules in wanted.items():
        _wait_for_rules(admin, user, rules)
    last = AdminClient(replace(kafka, user=user, password=secret[user]).librdkafka())
    last.list_topics(timeout=_TIMEOUT_SECONDS)


def drop(kafka: KafkaAccess, users: Iterable[str]) -> None:
    """Take away the accounts and all their rights. Raises KafkaException."""
    admin = AdminClient(kafka.librdkafka())
    users = list(users)
    _delete(admin, [_any_of(user) for user in users])
    gone: list[UserScramCredentialAlteration] = [
        UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512) for user in users
    ]
    for future in admin.alter_user_scram_credentials(gone).values():
        try:
            future.result(_TIMEOUT_SECONDS)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.RESOURCE_NOT_FOUND:
                raise


def rules_of(admin: AdminClient, user: str) -> set[AclBinding]:
    """Every ACL of an account."""
    return set(admin.describe_acls(_any_of(user)).result(_TIMEOUT_SECONDS))


def _wait_for_rules(admin: AdminClient, user: str, wanted: set[AclBinding]) -> None:
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while rules_of(admin, user) != wanted:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the broker does not know the rights of {user}")
        time.sleep(0.02)


def _create(admin: AdminClient, rules: set[AclBinding]) -> None:
    if rules:
        for future in admin.create_acls(list(rules)).values():
            future.result(_TIMEOUT_SECONDS)


def _delete(admin: AdminClient, filters: list[AclBindingFilter]) -> None:
    if filters:
        for future in admin.delete_acls(filters).values():
            future.result(_TIMEOUT_SECONDS)


def _any_of(user: str) -> AclBindingFilter:
    return AclBindingFilter(
        ResourceType.ANY,
        None,  # type: ignore[arg-type]  # stands for every name
        ResourcePatternType.ANY,
        f"User:{user}",
        None,  # type: ignore[arg-type]  # stands for every host
        AclOperation.ANY,
        AclPermissionType.ANY,
    )


def _exactly(rule: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        rule.restype,
        rule.name,
        rule.resource_pattern_type,
        rule.principal,
        rule.host,
        rule.operation,
        rule.permission_type,
    )
