"""Environment -> typed values, the same for every service; read by `main` only."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from marktbund.kafka_access import KafkaAccess, Protocol

_DRIVEN_TIMES = 1_000


class ServiceSettings(BaseSettings):
    """What a service is told from outside. Variables carry the prefix `MARKTBUND_`.

    What is wrong with them is said without their values: a start that fails writes a log.

    prefix: put before databases, roles, topics and consumer groups, so that deployments can
    share one Kafka and one PostgreSQL. role: which half of the service this process runs.
    traces_url: where spans go, OTLP over HTTP; empty: none are made. traces_share: of the traces
    that begin here. kafka: host:port of brokers; kafka_protocol: SASL_SSL, but for engines on
    loopback; kafka_ca_file: the authority of their certificates, None: the machine's list.
    security_log: the directory that takes who was refused and who fetched what, 90 days long;
    None: those lines go to stdout.
    quotas: other numbers than `marktbund.quotas` has, by name, as JSON. trusted_proxies: whose
    X-Forwarded-For is believed, addresses or networks with commas between.
    hosts: names beside loopback and the service's own that requests may be sent to, as JSON.
    flags: of new event types that every reader is out for, as JSON (`contracts.introduced`).
    """

    model_config = SettingsConfigDict(
        env_prefix="MARKTBUND_", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    prefix: str = ""
    deployment: Literal["production", "demo", "test"] = "production"
    role: Literal["api", "worker", "all"] = "all"
    database_url: SecretStr
    kafka: str
    kafka_user: str
    kafka_password: SecretStr
    kafka_protocol: Protocol = "SASL_SSL"
    kafka_ca_file: Path | None = None
    issuer_url: str
    audience: str = "marktbund"
    http_host: str = "127.0.0.1"
    http_port: int
    hosts: tuple[str, ...] = ()
    security_log: Path | None = None
    flags: frozenset[str] = frozenset()
    quotas: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    trusted_proxies: str = "127.0.0.1"
    pool_size: int = Field(default=10, ge=1, le=50)
    max_overflow: int = Field(default=0, ge=0, le=50)
    signing_key_file: Path | None = None
    traces_url: str = ""
    traces_share: float = Field(default=1.0, ge=0, le=1)

    @property
    def driven_clock(self) -> bool:
        """Whether requests may say which business time it is."""
        return self.deployment in {"demo", "test"}

    @property
    def quota_times(self) -> int:
        """How often the quotas' numbers apply: programs drive demos and tests, not people."""
        return _DRIVEN_TIMES if self.driven_clock else 1

    @property
    def kafka_access(self) -> KafkaAccess:
        """The service's own account on Kafka."""
        return KafkaAccess(
            self.kafka,
            self.kafka_user,
            self.kafka_password.get_secret_value(),
            self.kafka_protocol,
            self.kafka_ca_file,
        )
