"""What the services of a deployment are started with.

In: a deployment, running engines, passwords. Out: the programs for its supervisor, each with its
port, database, keys and logs.
"""

import sys
from pathlib import Path

from deploy.local.deployment import REPOSITORY, Deployment, Places
from deploy.local.program import MARKER, Program, holds_port
from deploy.local.provisioning import (
    Engines,
    app_url,
    base_environment,
    channel_key,
    kafka_access,
    signing_key,
)
from deploy.local.services import Service
from deploy.local.supervising import python_path
from marktbund.testing.engines.ports import PortBook
from marktbund.testing.engines.processes import Launch
from marktbund.tokens import LOCAL_ISSUER_PATH

_HEALTH = "/health/ready"


def all_services(deployment: Deployment) -> list[Service]:
    """The issuer, where the deployment has one, and the services."""
    issuer = [deployment.issuer] if deployment.issuer is not None else []
    return [*issuer, *deployment.services]


def service_programs(
    deployment: Deployment, places: Places, engines: Engines, secret: dict[str, str]
) -> list[Program]:
    """One program per service, on remembered ports; a port taken by a stranger is replaced."""
    directory = places.of(deployment)
    book = PortBook(places.ports)

    def held(port: int) -> bool:
        return holds_port(directory, port)

    services = all_services(deployment)
    ports = {
        each.name: book.port(f"{deployment.name}.{each.name}", held_by_us=held) for each in services
    }
    base = {**base_environment(deployment), MARKER: str(directory)}
    base |= {"PYTHONPATH": python_path(), "MARKTBUND_HTTP_HOST": "127.0.0.1"}
    if deployment.issuer is not None:
        issuer_port = ports[deployment.issuer.name]
        base["MARKTBUND_ISSUER_URL"] = f"http://127.0.0.1:{issuer_port}{LOCAL_ISSUER_PATH}"
    programs = []
    for service in services:
        own = {"MARKTBUND_HTTP_PORT": str(ports[service.name]), "MARKTBUND_ROLE": "all"}
        if service == deployment.issuer:
            own["MARKTBUND_ISSUER_KEY_FILE"] = str(directory / "issuer-key.pem")
        else:
            own["MARKTBUND_DATABASE_URL"] = app_url(deployment, service, engines, secret)
            own |= kafka_access(deployment, service, engines, secret).environment()
        if service.name == "documentation":
            own["MARKTBUND_SIGNING_KEY_FILE"] = str(signing_key(directory))
        if service.name == "supplier_gateway":
            own["MARKTBUND_CHANNEL_KEY_FILE"] = str(channel_key(directory))
            own["MARKTBUND_PRIVATE_TARGETS"] = "true"  # its suppliers are on this machine
        environment = {**base, **own, **service.environment}
        launch = _launch(service, environment, directory)
        programs.append(Program(service.name, launch, ports[service.name], _HEALTH))
    return programs


def addresses(deployment: Deployment, places: Places) -> dict[str, str]:
    """Service -> http://host:port, as remembered; empty before the first start."""
    ports = PortBook(places.ports).all()
    return {
        service.name: f"http://127.0.0.1:{ports[key]}"
        for service in all_services(deployment)
        if (key := f"{deployment.name}.{service.name}") in ports
    }


def _launch(service: Service, environment: dict[str, str], directory: Path) -> Launch:
    return Launch(
        argv=(sys.executable, *service.command),
        environment=environment,
        directory=str(REPOSITORY),
        log=str(directory / "logs" / f"{service.name}.log"),
    )
