"""What compose's one broker is told: the local node's settings, and TLS for everybody who comes.

In: the admin's password. Out: `server.properties`; the paths are those inside the container.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines import scram
from marktbund.testing.engines.broker_settings import properties


@dataclass(frozen=True)
class Broker:
    """Where the broker keeps what it has, and under which name clients find it."""

    host: str = "kafka"
    bound: str = "0.0.0.0"  # noqa: S104 - of its container, on a network of its own
    port: int = 9092
    controller_port: int = 9093
    directory: Path = Path("/var/lib/kafka")
    certificate: Path = Path("/run/secrets/kafka_certificate")
    authority: Path = Path("/run/secrets/kafka_authority")


def broker_properties(password: str, at: Broker = Broker()) -> Mapping[str, str]:
    """The broker's whole configuration, clients inside TLS and by SCRAM only."""
    admin = KafkaAccess(f"{at.host}:{at.port}", scram.ADMIN, password, "SASL_SSL")
    return properties(at.directory, at.controller_port, admin) | {
        "listeners": f"CLIENTS://{at.bound}:{at.port},CONTROLLER://127.0.0.1:{at.controller_port}",
        "listener.security.protocol.map": "CONTROLLER:SASL_PLAINTEXT,CLIENTS:SASL_SSL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(at.certificate),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(at.authority),
    }
