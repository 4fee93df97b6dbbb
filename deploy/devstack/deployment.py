"""What a local deployment is, and where its state lies.

In: a name. Out: prefix, flag and services of the deployment; the paths under `.local/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.devstack.services import CADDY, ISSUER, KEYCLOAK, MAIL, SERVICES, DeployedService
from marktbund.kafka_access import user_name

REPOSITORY = Path(__file__).resolve().parents[2]
ENGINES = "engines"


@dataclass(frozen=True)
class Deployment:
    """One set of services on the shared engines.

    `prefix` stands before databases, roles, topics, consumer groups and Kafka's accounts; `flag` is
    demo or test: the local issuer is refused by any other. Tokens come from Keycloak, behind the
    gateway, where the deployment has one, else from the local issuer. `split`: every service as two
    processes, doors (role api) and the work behind them (role worker). `mail`: where mails end that
    people would get; without it none is sent.
    """

    name: str
    prefix: str
    flag: str
    services: tuple[DeployedService, ...] = SERVICES
    issuer: DeployedService | None = ISSUER
    gateway: DeployedService | None = None
    keycloak: DeployedService | None = None
    mail: DeployedService | None = None
    split: bool = False

    @property
    def stored(self) -> tuple[DeployedService, ...]:
        """Everything with a database of its own."""
        return (*self.services, *((self.keycloak,) if self.keycloak is not None else ()))

    def programs(self, service: DeployedService) -> Mapping[str, str]:
        """The processes of a service: name of the program -> role."""
        if not self.split or service not in self.services:
            return {service.name: "all"}
        return {service.name: "api", f"{service.name}-worker": "worker"}

    def database(self, service: DeployedService) -> str:
        """The database of a service."""
        return f"{self.prefix}{service.name}"

    def owner(self, service: DeployedService) -> str:
        """The role that owns the service's database and migrates it."""
        return f"{self.prefix}{service.name}_owner"

    def app(self, service: DeployedService) -> str:
        """The role the service works as."""
        return f"{self.prefix}{service.name}_app"

    def kafka_user(self, service: DeployedService) -> str:
        """The account on Kafka the service works as."""
        return user_name(self.prefix, service.name.replace("_", "-"))

    def working_roles(self, service: DeployedService) -> list[str]:
        """The roles that may connect without owning anything: app and what else there is."""
        further = (f"{self.prefix}{service.name}_{role}" for role in service.further_roles)
        return [self.app(service), *further]


MAIN = Deployment("main", "", "demo", issuer=None, gateway=CADDY, keycloak=KEYCLOAK, mail=MAIL)
DEMO = Deployment("demo", "demo_", "demo", mail=MAIL)
VOLUME = Deployment("volume", "volume_", "demo")
DEPLOYMENTS = (MAIN, DEMO, VOLUME)


@dataclass(frozen=True)
class Places:
    """The paths of one local stack: everything it remembers lies under `state`.

    engine_environment: what the engines are told beyond what they need, e.g. by a test.
    """

    state: Path = REPOSITORY / ".local"
    cache: Path | None = None
    engine_environment: dict[str, str] = field(default_factory=dict)

    @property
    def engines(self) -> Path:
        """The engines' data, logs and supervisor."""
        return self.state / ENGINES

    @property
    def ports(self) -> Path:
        """The remembered ports."""
        return self.state / "ports.json"

    @property
    def lock(self) -> Path:
        """Held by whoever changes the stack."""
        return self.state / "stack.lock"

    def of(self, deployment: Deployment) -> Path:
        """The deployment's secrets, logs and supervisor."""
        return self.state / "deployments" / deployment.name

    def supervised(self) -> list[Path]:
        """Every directory that may have a supervisor, the engines last."""
        return [*sorted((self.state / "deployments").glob("*")), self.engines]
