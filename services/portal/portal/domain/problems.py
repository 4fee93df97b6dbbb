"""What is wrong with a form."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and at which field of the form. about: what the field is about, by name."""

    field: str
    text: str
    about: str = ""
