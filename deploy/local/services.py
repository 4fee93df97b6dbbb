"""The one list of the services that a local deployment runs.

In: nothing. Out: names (also of databases and roles) and what Python is asked to run.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Service:
    """One service: `name` with underscores, `arguments` for the Python interpreter."""

    name: str
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> tuple[str, ...]:
        """What Python is asked to run: the package's main unless told otherwise."""
        return self.arguments or ("-m", f"{self.name}.main")


SERVICES = (
    Service("members"),
    Service("catalog"),
    Service("orders"),
    Service("supplier_gateway"),
    Service("documentation"),
    Service("tender_planning"),
)

ISSUER = Service("issuer", ("-m", "marktbund.testing.issuer"))
