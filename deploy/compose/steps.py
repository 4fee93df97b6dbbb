"""The steps before compose's services start, each a container that ends, by the local stack's code.

In: the files of `deploy.compose.settings`, mounted, and the engines by their names. Out: databases
and roles, accounts and ACLs on Kafka, the realm; the same however often they run.
"""

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from deploy.compose.names import COMPOSE, SUPERUSER
from deploy.devstack.roles import ensure_databases
from deploy.kafka import rights
from deploy.kafka.accounts import apply
from deploy.keycloak.realm import Realm
from marktbund.kafka_access import KafkaAccess
from marktbund.postgres_access import PostgresServer

MOUNTED = Path("/run/secrets")
_KEYCLOAK = "http://keycloak:8080/auth"
_PORTAL = "http://portal:8000"


def databases(environment: Mapping[str, str]) -> None:
    """Make every service's roles and database, and Keycloak's."""
    password = environment["MARKTBUND_POSTGRES_PASSWORD"]
    server = PostgresServer("postgres", 5432, SUPERUSER, password)
    asyncio.run(ensure_databases(server, COMPOSE, _record("passwords")))


def accounts(environment: Mapping[str, str]) -> None:
    """Give every service its account on Kafka, and exactly its rights."""
    packages = [service.name for service in COMPOSE.services]
    wanted = rights.accounts("", rights.service_rights(packages))
    apply(KafkaAccess.from_environment(environment), wanted, _record("passwords"))


def realm(environment: Mapping[str, str]) -> None:
    """Bring Keycloak's realm to what `deploy/keycloak/` says."""
    front = _record("front")
    values = {f"{name}_secret": front[name] for name in ("portal", "provisioner")}
    values |= {"site": environment["MARKTBUND_SITE"], "portal": _PORTAL}
    Realm(_KEYCLOAK, front["admin"]).apply(values, _mail(environment), demo=False)


def _mail(environment: Mapping[str, str]) -> Mapping[str, str]:
    user = environment["MARKTBUND_MAIL_USER"]
    login = {"auth": "true", "user": user, "password": environment["MARKTBUND_MAIL_PASSWORD"]}
    return {
        "host": environment["MARKTBUND_MAIL_HOST"],
        "port": "587",
        "starttls": "true",
        "from": environment["MARKTBUND_MAIL_FROM"],
        **(login if user else {}),
    }


def _record(name: str) -> Mapping[str, str]:
    content: dict[str, JsonValue] = json.loads((MOUNTED / name).read_text())
    return {str(key): str(value) for key, value in content.items()}


STEPS = {"databases": databases, "accounts": accounts, "realm": realm}


def run(name: str) -> None:
    """Carry out one step with the environment of this process. Raises KeyError, and its errors."""
    STEPS[name](os.environ)
