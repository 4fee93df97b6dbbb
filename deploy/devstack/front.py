"""What stands before the services: the gateway, and who signs people in.

In: a deployment and its remembered ports. Out: Caddy and Keycloak as programs, the addresses that
services and portal are told, the realm as its file says.
"""

import json
import os
import secrets
import shutil
import sysconfig
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from deploy.devstack.deployment import REPOSITORY, Deployment, Places
from deploy.devstack.program import MARKER, Program
from deploy.devstack.provisioning import Engines
from deploy.devstack.services import DeployedService
from deploy.keycloak.realm import Realm
from marktbund.testing.engines import keycloak
from marktbund.testing.engines.errors import EngineError
from marktbund.testing.engines.jars import default_cache
from marktbund.testing.engines.ports import PortBook
from marktbund.testing.engines.processes import Launch
from marktbund.testing.engines.records import read_record, write_record
from marktbund.tokens import LOCAL_ISSUER_PATH

REALM_PATH = f"{keycloak.PATH}/realms/marktbund"
DEMO_PASSWORD = "marktbund"  # noqa: S105 - of the demo's people, who stand in no other realm
_CADDYFILE = REPOSITORY / "deploy" / "caddy" / "Caddyfile"
_REALM = REPOSITORY / "deploy" / "keycloak"
_MAIL_FROM = "post@marktbund.example"
_SECRETS = ("admin", "portal", "provisioner", "loader", "machine")

SITE_NAME = "localhost"
SMTP = "smtp"
"""The mail server's second port; its first shows the mails."""

Ports = dict[str, int]


def front_secrets(deployment: Deployment, places: Places) -> Mapping[str, str]:
    """Keycloak's administrator and its clients -> secret, made once (mode 600)."""
    file = places.of(deployment) / "front.json"
    known = {str(name): str(secret) for name, secret in read_record(file).items()}
    missing = [name for name in _SECRETS if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(24) for name in missing}
        write_record(file, known)
    return known


def site(deployment: Deployment, ports: Ports) -> str:
    """The address people open: the gateway's, or without one the portal's own.

    The gateway has a name, for browsers tie security keys to names alone.
    """
    if deployment.gateway is None:
        return _at(ports["portal"])
    return f"http://{SITE_NAME}:{ports[deployment.gateway.name]}"


def addresses(deployment: Deployment, ports: Ports) -> Mapping[str, str]:
    """What every service is told about who signs tokens."""
    if deployment.keycloak is not None:
        return {"MARKTBUND_ISSUER_URL": f"{site(deployment, ports)}{REALM_PATH}"}
    if deployment.issuer is not None:
        issuer = f"{_at(ports[deployment.issuer.name])}{LOCAL_ISSUER_PATH}"
        return {"MARKTBUND_ISSUER_URL": issuer}
    return {}


def environment_of(
    service: DeployedService, deployment: Deployment, places: Places, ports: Ports
) -> Mapping[str, str]:
    """What one service alone is told of its surroundings.

    The portal: where people find it, its client's secret, the services. members: the mail server
    and Keycloak, as far as the deployment has them.
    """
    if service.name == "portal":
        return _portal_environment(deployment, places, ports)
    if service.name == "members":
        mail = _mail_environment(deployment, ports)
        return {**mail, **_identity_environment(deployment, places, ports)}
    return _mail_environment(deployment, ports) if service == deployment.mail else {}


def _portal_environment(deployment: Deployment, places: Places, ports: Ports) -> Mapping[str, str]:
    services = {service.name: _at(ports[service.name]) for service in deployment.services}
    return {
        "MARKTBUND_SITE": site(deployment, ports),
        "MARKTBUND_CLIENT_SECRET": front_secrets(deployment, places)["portal"],
        "MARKTBUND_SERVICES": json.dumps(services),
    }


def _mail_environment(deployment: Deployment, ports: Ports) -> Mapping[str, str]:
    if deployment.mail is None:
        return {}
    return {
        "MARKTBUND_SITE": site(deployment, ports),
        "MARKTBUND_MAIL_HOST": "127.0.0.1",
        "MARKTBUND_MAIL_PORT": str(ports[SMTP]),
        "MARKTBUND_MAIL_ENCRYPTION": "none",  # it never leaves this machine
        "MARKTBUND_MAIL_FROM": _MAIL_FROM,
    }


def _identity_environment(
    deployment: Deployment, places: Places, ports: Ports
) -> Mapping[str, str]:
    if deployment.keycloak is None:
        return {}
    return {
        "MARKTBUND_IDENTITY_URL": f"{_at(ports[deployment.keycloak.name])}{keycloak.PATH}",
        "MARKTBUND_IDENTITY_SECRET": front_secrets(deployment, places)["provisioner"],
        "MARKTBUND_IDENTITY_DEMO_PASSWORD": DEMO_PASSWORD,
    }


def programs(
    deployment: Deployment,
    places: Places,
    engines: Engines,
    secret: Mapping[str, str],
    ports: Ports,
) -> list[Program]:
    """Caddy and Keycloak, as far as the deployment has them.

    Raises EngineError when one of them is not installed or cannot be built.
    """
    planned = []
    if deployment.gateway is not None:
        launch = _caddy(deployment, places, ports)
        planned.append(Program("caddy", launch, ports["caddy"], "/health", SITE_NAME))
    if deployment.keycloak is not None:
        launch = _keycloak(deployment, places, engines, secret, ports)
        planned.append(Program("keycloak", launch, ports["keycloak"], keycloak.READY))
    return planned


def apply_realm(deployment: Deployment, places: Places, *, demo: bool = True) -> None:
    """Bring Keycloak's realm to what `deploy/keycloak/` says; without Keycloak nothing is done.

    What runs on one machine is a demo or a test: without `demo` sign-in is as in production.

    Raises httpx.HTTPError when Keycloak refuses.
    """
    if deployment.keycloak is None:
        return
    ports = {
        name.partition(".")[2]: port
        for name, port in PortBook(places.ports).all().items()
        if name.startswith(f"{deployment.name}.")
    }
    secret = front_secrets(deployment, places)
    values = {f"{name}_secret": secret[name] for name in _SECRETS}
    values |= {"site": site(deployment, ports), "portal": _at(ports["portal"])}
    mail = {}
    if deployment.mail is not None:
        mail = {"host": "127.0.0.1", "port": str(ports[SMTP]), "from": _MAIL_FROM}
    realm_of(deployment, places).apply(values, mail, demo=demo)


def realm_of(deployment: Deployment, places: Places) -> Realm:
    """Keycloak's administration of a deployment, past the gateway."""
    port = PortBook(places.ports).all()[f"{deployment.name}.keycloak"]
    admin = front_secrets(deployment, places)["admin"]
    return Realm(f"{_at(port)}{keycloak.PATH}", admin)


def _at(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _caddy(deployment: Deployment, places: Places, ports: Ports) -> Launch:
    directory = places.of(deployment)
    known = {f"MARKTBUND_{name.upper()}": f"127.0.0.1:{port}" for name, port in ports.items()}
    environment = {
        "MARKTBUND_KEYCLOAK": "127.0.0.1:1",
        **known,
        "MARKTBUND_SITE": site(deployment, ports),
        "MARKTBUND_BIND": "127.0.0.1",
        "MARKTBUND_ACCESS_LOG": str(directory / "logs" / "access.log"),
        "XDG_DATA_HOME": str(directory / "caddy"),
        "XDG_CONFIG_HOME": str(directory / "caddy"),
        "PATH": os.environ.get("PATH", ""),
        MARKER: str(directory),
    }
    command = (_binary("caddy"), "run", "--config", str(_CADDYFILE), "--adapter", "caddyfile")
    log = str(directory / "logs" / "caddy.log")
    return Launch(command, environment, str(REPOSITORY), log)


def _keycloak(
    deployment: Deployment,
    places: Places,
    engines: Engines,
    secret: Mapping[str, str],
    ports: Ports,
) -> Launch:
    assert deployment.keycloak is not None  # noqa: S101 - asked by the caller
    directory = places.of(deployment)
    owner = deployment.owner(deployment.keycloak)
    at = engines.postgres
    name = deployment.database(deployment.keycloak)
    launch = keycloak.launch(
        ports["keycloak"],
        site(deployment, ports),
        keycloak.KeycloakDatabase(at.host, at.port, name, owner, secret[owner]),
        front_secrets(deployment, places)["admin"],
        directory / "logs" / "keycloak.log",
        places.cache or default_cache(),
        _REALM,
    )
    return replace(launch, environment={**launch.environment, MARKER: str(directory)})


def _binary(name: str) -> str:
    beside = Path(sysconfig.get_path("scripts")) / name
    path = str(beside) if beside.exists() else shutil.which(name)
    if path is None:
        raise EngineError(f"{name} is not installed: make venv")
    return path
