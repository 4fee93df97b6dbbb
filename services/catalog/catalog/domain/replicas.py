"""What others announce as state, a batch of it: only the newest of a key is worth keeping."""

from collections.abc import Iterable
from typing import TypeVar

from marktbund.contracts.base import Message

State = TypeVar("State", bound=Message)


def newest(states: Iterable[State]) -> list[State]:
    """The highest version of each key, by key: two writers take the same rows in one order."""
    kept: dict[str, State] = {}
    for state in states:
        known = kept.get(state.key)
        if known is None or known.version < state.version:
            kept[state.key] = state
    return [kept[key] for key in sorted(kept)]
