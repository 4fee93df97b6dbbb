"""The passwords of a deployment's roles and of its accounts on Kafka, made once and kept.

In: a deployment and its directory. Out: role or account -> password.
"""

import secrets
from collections.abc import Mapping
from pathlib import Path

from deploy.devstack.deployment import Deployment
from marktbund.testing.engines.records import read_record, write_record


def passwords(directory: Path, deployment: Deployment) -> Mapping[str, str]:
    """Role or Kafka's account -> password, made once and kept in the deployment's directory."""
    file = directory / "passwords.json"
    known = {str(role): str(password) for role, password in read_record(file).items()}
    roles = [
        role
        for service in deployment.stored
        for role in (
            deployment.owner(service),
            *deployment.working_roles(service),
            deployment.kafka_user(service),
        )
    ]
    missing = [role for role in roles if role not in known]
    if missing:
        known |= {role: secrets.token_urlsafe(24) for role in missing}
        write_record(file, known)
    return known
