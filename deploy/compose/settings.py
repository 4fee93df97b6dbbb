"""What a deployment by compose knows of itself: names, passwords, keys, certificates, as files.

In: the address people open. Out: `.local/deployments/compose/`, made once: environment files per
container (mode 600), PEM files and Kafka's settings that containers mount. Nothing is overwritten
but what follows from the arguments.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from deploy.compose.authority import certificate
from deploy.compose.broker import broker_properties
from deploy.compose.names import COMPOSE
from deploy.devstack.deployment import Places
from deploy.devstack.front import front_secrets
from deploy.devstack.passwords import passwords
from deploy.devstack.provisioning import channel_key, signing_key
from deploy.devstack.services import KEYCLOAK, DeployedService
from deploy.images import images, variables
from marktbund.testing.engines import scram
from marktbund.testing.engines.records import read_record, write_record, write_text

_MOUNTED = 0o644


@dataclass(frozen=True)
class SiteOptions:
    """What the operator decides. site: `https://name`, without a slash at its end.

    mail_from: the address that mails come from; mail_host: the server that takes them on, by
    STARTTLS on port 587, with a login where mail_user is not empty. stamp_url: a time stamp
    authority (RFC 3161) for checkpoints, stamp_ca: its roots as PEM; both or none. anchors: a
    folder of this machine that takes a file a day, or a volume's name.
    """

    site: str
    mail_from: str
    mail_host: str
    mail_user: str = ""
    mail_password: str = ""
    stamp_url: str = ""
    stamp_ca: str = ""
    anchors: str = "anchors"


def prepare(places: Places, options: SiteOptions) -> Path:
    """Make every file that `docker-compose.yml` names; returns their directory.

    Raises ValueError for a site that is not `https://name`, and for half of a time stamp authority.
    """
    host = urlsplit(options.site).hostname
    if not options.site.startswith("https://") or host is None or options.site.endswith("/"):
        raise ValueError("the site is https://name, without a slash at its end")
    if bool(options.stamp_url) != bool(options.stamp_ca):
        raise ValueError("a time stamp authority is named with its roots: --stamp-url, --stamp-ca")
    directory = places.of(COMPOSE)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = passwords(directory, COMPOSE)
    front = front_secrets(COMPOSE, places)
    engines = _engine_passwords(directory)
    _write(directory, "site", _site(options, host))
    _write(directory, "postgres", {"POSTGRES_PASSWORD": engines["postgres"]})
    _write(directory, "kafka", {"ADMIN": scram.format_arguments(engines["kafka"])[1]})
    _write(directory, "keycloak", _keycloak(secret, front))
    _write(
        directory, "setup", {**_admin(engines), "MARKTBUND_MAIL_PASSWORD": options.mail_password}
    )
    for service in COMPOSE.services:
        _write(directory, service.name, _service(service, secret, front, options))
        owner = {"MARKTBUND_OWNER_DATABASE_URL": _url(service, COMPOSE.owner(service), secret)}
        _write(directory, f"{service.name}-migration", owner)
    _keys(directory)
    write_text(directory / "stamp-ca.pem", options.stamp_ca)
    (directory / "stamp-ca.pem").chmod(_MOUNTED)
    _mount(directory, "server.properties", broker_properties(engines["kafka"]))
    return directory


def _site(options: SiteOptions, host: str) -> Mapping[str, str]:
    return {
        "MARKTBUND_SITE": options.site,
        "MARKTBUND_HOST": host,
        "MARKTBUND_MAIL_HOST": options.mail_host,
        "MARKTBUND_MAIL_FROM": options.mail_from,
        "MARKTBUND_MAIL_USER": options.mail_user,
        "MARKTBUND_ANCHORS": options.anchors,
        "MARKTBUND_STAMP_URL": options.stamp_url,
        "MARKTBUND_STAMPS_CLOSED": str(not options.stamp_url).lower(),
        **variables(images()),
    }


def _keycloak(secret: Mapping[str, str], front: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "KC_DB_PASSWORD": secret[COMPOSE.owner(KEYCLOAK)],
        "KC_BOOTSTRAP_ADMIN_PASSWORD": front["admin"],
    }


def _admin(engines: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "MARKTBUND_POSTGRES_PASSWORD": engines["postgres"],
        "MARKTBUND_KAFKA_USER": scram.ADMIN,
        "MARKTBUND_KAFKA_PASSWORD": engines["kafka"],
    }


def _service(
    service: DeployedService,
    secret: Mapping[str, str],
    front: Mapping[str, str],
    options: SiteOptions,
) -> Mapping[str, str]:
    own = {
        "MARKTBUND_DATABASE_URL": _url(service, COMPOSE.app(service), secret),
        "MARKTBUND_KAFKA_PASSWORD": secret[COMPOSE.kafka_user(service)],
    }
    if service.name == "portal":
        own["MARKTBUND_CLIENT_SECRET"] = front["portal"]
    if service.name == "members":
        own["MARKTBUND_IDENTITY_SECRET"] = front["provisioner"]
        own["MARKTBUND_MAIL_PASSWORD"] = options.mail_password
    return own


def _url(service: DeployedService, role: str, secret: Mapping[str, str]) -> str:
    login = f"{role}:{quote(secret[role], safe='')}"
    return f"postgresql+asyncpg://{login}@postgres:5432/{COMPOSE.database(service)}"


def _engine_passwords(directory: Path) -> Mapping[str, str]:
    file = directory / "engines.json"
    known = {str(name): str(word) for name, word in read_record(file).items()}
    if not known:
        known = {"postgres": secrets.token_urlsafe(24), "kafka": secrets.token_urlsafe(24)}
        write_record(file, known)
    return known


def _keys(directory: Path) -> None:
    for key in (signing_key(directory), channel_key(directory)):
        key.chmod(_MOUNTED)
    for engine in ("kafka", "postgres"):
        for made in certificate(directory, engine, engine):
            made.chmod(_MOUNTED)
    for record in ("passwords.json", "front.json"):
        (directory / record).chmod(_MOUNTED)


def _write(directory: Path, name: str, values: Mapping[str, str]) -> None:
    lines = "".join(f"{key}={value}\n" for key, value in values.items())
    write_text(directory / f"{name}.env", lines)


def _mount(directory: Path, name: str, properties: Mapping[str, str]) -> None:
    text = "".join(f"{key}={value}\n" for key, value in properties.items())
    write_text(directory / name, text)
    # Its directory is closed to other accounts; inside its container another number reads it.
    (directory / name).chmod(_MOUNTED)
