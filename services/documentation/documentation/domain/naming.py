"""What is found, by name, within what a note can hold."""

from collections.abc import Sequence

CHARACTERS = 900


def listed(names: Sequence[str]) -> str:
    """As many names as fit into CHARACTERS, and how many more there are."""
    shown: list[str] = []
    room = CHARACTERS
    for name in names:
        room -= len(name) + 2
        if room < 0:
            break
        shown.append(name)
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
