"""Why something is refused, one reason each, with its way out."""

from dataclasses import asdict, dataclass

from marktbund.contracts.order_steps import Hindrance
from marktbund.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. code: stable, English. Texts: German, for people. field: what it is about."""

    code: str
    title: str
    detail: str
    way_out: str
    field: str = ""

    def hindrance(self) -> Hindrance:
        """The same as events and answers carry it."""
        return Hindrance(**asdict(self))

    def invalid(self) -> Invalid:
        """The refusal of a request for this reason alone."""
        return Invalid(self.code, self.title, self.detail, field=self.field, way_out=self.way_out)

    def conflict(self) -> Conflict:
        """The refusal of what the present state does not allow, for this reason alone."""
        return Conflict(self.code, self.title, self.detail, field=self.field, way_out=self.way_out)

    @property
    def sentence(self) -> str:
        """Title, detail and way out in one line, as a comment in the file."""
        about = f" ({self.detail.rstrip('.')})" if self.detail else ""
        return f"{self.title}{about}. {self.way_out}".strip()
