"""The one list of the services that a local deployment runs.

In: nothing. Out: names (also of databases and roles) and what Python is asked to run.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class DeployedService:
    """One service: `name` with underscores, `arguments` for the Python interpreter.

    further_roles: database roles beside owner and app, without their prefix.
    """

    name: str
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    further_roles: tuple[str, ...] = ()

    @property
    def command(self) -> tuple[str, ...]:
        """What Python is asked to run: the package's main unless told otherwise."""
        return self.arguments or ("-m", f"{self.name}.main")


SERVICES = (
    DeployedService("members"),
    DeployedService("catalog"),
    DeployedService("orders"),
    DeployedService("supplier_gateway"),
    DeployedService("documentation", further_roles=("disposal",)),
    DeployedService("tender_planning"),
    DeployedService("portal"),
)

ISSUER = DeployedService("issuer", ("-m", "marktbund.testing.issuer"))

MAIL = DeployedService("mail", ("-m", "marktbund.testing.mail"))
"""Keeps every mail of a demo or test; its page shows them. No deployment but a local one has it."""

CADDY = DeployedService("caddy")
KEYCLOAK = DeployedService("keycloak")
"""Not Python: how they start is in `front`; Keycloak has a database like a service."""
