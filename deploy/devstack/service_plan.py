"""What the services of a deployment are started with.

In: a deployment, running engines, passwords. Out: the programs for its supervisor, each with its
port, database, keys and logs.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.devstack import front
from deploy.devstack.deployment import REPOSITORY, Deployment, Places
from deploy.devstack.program import MARKER, Program, holds_port
from deploy.devstack.provisioning import (
    Engines,
    anchor_folder,
    app_url,
    base_environment,
    channel_key,
    kafka_access,
    signing_key,
)
from deploy.devstack.services import DeployedService
from deploy.devstack.supervising import python_path
from marktbund.testing.engines.ports import PortBook
from marktbund.testing.engines.processes import Launch

_HEALTH = "/health/ready"
_STAMPS = ("MARKTBUND_STAMP_URL", "MARKTBUND_STAMP_CA_FILE")
"""A time stamp authority, where whoever starts the stack names one."""


def all_services(deployment: Deployment) -> list[DeployedService]:
    """The services and what else the deployment has: issuer, Keycloak, gateway, mail server."""
    further = (deployment.issuer, deployment.keycloak, deployment.gateway, deployment.mail)
    return [*(service for service in further if service is not None), *deployment.services]


def service_programs(
    deployment: Deployment, places: Places, engines: Engines, secret: Mapping[str, str]
) -> list[Program]:
    """One program per service, or one per role where the deployment is split.

    Ports are remembered; one taken by a stranger is replaced.
    """
    directory = places.of(deployment)
    book = PortBook(places.ports)

    def held(port: int) -> bool:
        return holds_port(directory, port)

    services = all_services(deployment)
    ports = {
        name: book.port(f"{deployment.name}.{name}", held_by_us=held)
        for service in services
        for name in deployment.programs(service)
    }
    if deployment.mail is not None:
        ports[front.SMTP] = book.port(f"{deployment.name}.{front.SMTP}", held_by_us=held)
    base = {**base_environment(deployment), MARKER: str(directory)}
    base |= {"PYTHONPATH": python_path(), "MARKTBUND_HTTP_HOST": "127.0.0.1"}
    base["MARKTBUND_SECURITY_LOG"] = str(directory / "security")
    base |= front.addresses(deployment, ports)
    programs = front.programs(deployment, places, engines, secret, ports)
    for service in services:
        if service in (deployment.keycloak, deployment.gateway):
            continue
        own = _own(deployment, service, engines, secret, directory)
        surroundings = front.environment_of(service, deployment, places, ports)
        for name, role in deployment.programs(service).items():
            own_role = {"MARKTBUND_HTTP_PORT": str(ports[name]), "MARKTBUND_ROLE": role}
            environment = {**base, **own, **surroundings, **own_role, **service.environment}
            launch = _launch(name, service, environment, directory)
            programs.append(Program(name, launch, ports[name], _HEALTH))
    return programs


def _own(
    deployment: Deployment,
    service: DeployedService,
    engines: Engines,
    secret: Mapping[str, str],
    directory: Path,
) -> Mapping[str, str]:
    """What only this service is told, in every role."""
    if service == deployment.issuer:
        return {"MARKTBUND_ISSUER_KEY_FILE": str(directory / "issuer-key.pem")}
    if service == deployment.mail:
        return {"MARKTBUND_MAIL_FOLDER": str(directory / "mail")}
    own = {"MARKTBUND_DATABASE_URL": app_url(deployment, service, engines, secret)}
    own |= kafka_access(deployment, service, engines, secret).environment()
    if service.name == "documentation":
        own["MARKTBUND_SIGNING_KEY_FILE"] = str(signing_key(directory))
        own["MARKTBUND_ANCHOR_FOLDER"] = str(anchor_folder(directory))
        own |= {name: os.environ[name] for name in _STAMPS if name in os.environ}
    if service.name == "orders":
        own["MARKTBUND_BLOBS_URL"] = (directory / "blobs").as_uri()
    if service.name == "supplier_gateway":
        own["MARKTBUND_CHANNEL_KEY_FILE"] = str(channel_key(directory))
        own["MARKTBUND_PRIVATE_TARGETS"] = "true"  # its suppliers are on this machine
    return own


def addresses(deployment: Deployment, places: Places) -> Mapping[str, str]:
    """Service -> http://host:port, as remembered; empty before the first start."""
    ports = PortBook(places.ports).all()
    return {
        service.name: f"http://{_host(service, deployment)}:{ports[key]}"
        for service in all_services(deployment)
        if (key := f"{deployment.name}.{service.name}") in ports
    }


def _host(service: DeployedService, deployment: Deployment) -> str:
    return front.SITE_NAME if service == deployment.gateway else "127.0.0.1"


def _launch(
    name: str, service: DeployedService, environment: Mapping[str, str], directory: Path
) -> Launch:
    return Launch(
        argv=(sys.executable, *service.command),
        environment=environment,
        directory=str(REPOSITORY),
        log=str(directory / "logs" / f"{name}.log"),
    )
