"""A form as it was posted: its texts, its key, and all of it to be sent once more."""

from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile

from marktbund.errors import Invalid
from portal.domain import keys

Typed = dict[str, str]
"""Field of a form -> what stands in it."""
_PROOF = "csrf"


@dataclass(frozen=True, slots=True)
class Posted:
    """A form of ours. more: what became of its files, told again where the form is sent again."""

    form: FormData
    more: dict[str, str] = field(default_factory=dict)

    @property
    def csrf(self) -> str:
        """What proves whose page it came from; empty when it is missing."""
        return self.text(_PROOF, 200)

    def text(self, name: str, longest: int = 500) -> str:
        """A field's text, stripped; empty when it is missing or a file."""
        value = self.form.get(name, "")
        return "" if isinstance(value, UploadFile) else value.strip()[:longest]

    def line(self, name: str, longest: int = 1000) -> str:
        """A field's text on one line, single blanks between its words."""
        return " ".join(self.text(name, longest).split())

    def typed(self, longest: int = 500) -> Typed:
        """Every field's text."""
        return {name: self.text(name, longest) for name in self.form}

    @property
    def key(self) -> str:
        """The key of the state the form was drawn from. Raises Invalid (`form_incomplete`)."""
        key = self.text("key", 100)
        if not keys.is_key(key):
            raise Invalid(
                "form_incomplete",
                "Dieses Formular ist nicht vollständig angekommen",
                "Es wurde nichts geändert.",
                way_out="Bitte laden Sie die Seite neu und senden Sie das Formular noch einmal.",
            )
        return key

    def key_at(self, path: str) -> str:
        """The key for one door of a service. Raises Invalid (`form_incomplete`)."""
        return keys.at_door(self.key, path)

    def require_plain(self) -> None:
        """Raises Invalid (`form_unreadable`) for a NUL, which nobody can type and no text holds."""
        texts = ((name, value) for name, value in self.form.multi_items() if isinstance(value, str))
        if any("\0" in name or "\0" in value for name, value in texts):
            raise Invalid(
                "form_unreadable",
                "Das Formular enthält ein Zeichen, das es nicht geben kann",
                "Es wurde nichts geändert.",
                way_out="Bitte tippen Sie den Text neu ein, statt ihn einzufügen.",
            )

    def again(self) -> list[tuple[str, str]]:
        """Every field but the proof and files, as sent: to send the same form once more."""
        sent = [
            (name, value)
            for name, value in self.form.multi_items()
            if isinstance(value, str) and name != _PROOF and name not in self.more
        ]
        return [*sent, *self.more.items()]
