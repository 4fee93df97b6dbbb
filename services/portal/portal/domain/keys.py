"""Keys of forms: they belong to the state a form was drawn from, not to each drawn page.

The same state gives the same key however often a page is drawn, so a click that comes twice, or
again after an answer that stayed out, has its effect once: services answer a key they know with
the answer they gave.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence

from marktbund.jsons import dumps

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


State = str | int | None | Sequence["State"] | Mapping[str, "State"]
"""What a form was drawn from, as JSON holds it."""


def key_of(*state: State) -> str:
    """The key of a form drawn from this state: whose it is, and what it is about, as JSON."""
    return hashlib.sha256(dumps(list(state)).encode()).hexdigest()[:40]


def is_key(text: str) -> bool:
    """Whether a form of ours can have carried it."""
    return _KEY.fullmatch(text) is not None


def at_door(key: str, path: str) -> str:
    """The key for one door of a service: several forms of a page share the state they rest on."""
    return hashlib.sha256(f"{key} {path}".encode()).hexdigest()[:40]
