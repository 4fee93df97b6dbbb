"""Two deployments on one broker, as `make up` would make their accounts, and their admin."""

import secrets
from dataclasses import dataclass, replace

import pytest
from confluent_kafka.admin import AdminClient

from deploy.devstack.services import SERVICES
from deploy.kafka import rights
from deploy.kafka.accounts import apply
from deploy.kafka.rights import Rights
from marktbund import topics
from marktbund.kafka_access import KafkaAccess, user_name
from marktbund.testing.engines.selection import KafkaBroker

# One prefix is the beginning of the other: a rule for names that begin with it would leak.
PREFIX, LONGER = "sec_", "sec_two_"


@dataclass(frozen=True)
class Accounts:
    """The services of one deployment as the broker knows them."""

    kafka: KafkaAccess
    prefix: str
    passwords: dict[str, str]
    rights: dict[str, Rights]

    def of(self, service: str) -> KafkaAccess:
        """A service's own account."""
        user = user_name(self.prefix, service)
        return replace(self.kafka, user=user, password=self.passwords[user])

    def apply(self) -> None:
        """What `make up` does before the services start."""
        wanted = rights.accounts(self.prefix, self.rights.values())
        apply(self.kafka, wanted, self.passwords)


def accounts(kafka: KafkaAccess, prefix: str) -> Accounts:
    """Topics, accounts and ACLs of a deployment with this prefix."""
    topics.create(kafka, prefix)
    granted = rights.service_rights(service.name for service in SERVICES)
    passwords = {user_name(prefix, right.service): secrets.token_urlsafe(12) for right in granted}
    made = Accounts(kafka, prefix, passwords, {right.service: right for right in granted})
    made.apply()
    return made


@pytest.fixture(scope="session")
def ours(kafka: KafkaBroker) -> Accounts:
    return accounts(kafka.admin, PREFIX)


@pytest.fixture(scope="session")
def theirs(kafka: KafkaBroker) -> Accounts:
    return accounts(kafka.admin, LONGER)


@pytest.fixture(scope="session")
def admin(kafka: KafkaBroker) -> AdminClient:
    return AdminClient(kafka.admin.librdkafka())
