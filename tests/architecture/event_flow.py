"""The event flow of docs/map.md, from contracts and consumers.

`python -m tests.architecture.event_flow` writes it into the map; a test compares.
"""

import re

from marktbund.contracts import MESSAGES, TOPICS
from marktbund.contracts.base import Message
from marktbund.contracts.introduced import flag_of
from marktbund.contracts.members import PERSON_STATE
from tests.architecture.tree import ROOT, SERVICES, service

MAP = ROOT / "docs" / "map.md"
_BLOCK = re.compile(r"(<!-- event flow -->\n).*?(<!-- end -->)", re.DOTALL)


def hearers(topic: str) -> list[str]:
    """The services that subscribe to a topic, for authorisation too."""
    folders = []
    for folder in SERVICES:
        made = service(folder)
        heard = {event.name for event in made.hearing.handlers} if made.hearing else set()
        heard |= {PERSON_STATE.name} if made.keeps_people else set()
        folders += [folder] if topic in heard else []
    return folders


def named(kind: type[Message]) -> str:
    """A type's name, with its flag where it has one: who hears the topic comes before it is on."""
    flag = flag_of(kind.type_name())
    return kind.__name__ if flag is None else f"{kind.__name__} (flag `{flag}`)"


def decides(folder: str, topic: str) -> bool:
    """Whether each event of a topic is a transaction of its own for this service."""
    made = service(folder)
    return made.hearing is not None and topic in {heard.name for heard in made.hearing.deciding}


def table() -> str:
    """One row per topic: key, types in alphabetical order, who hears it, who decides on it."""
    lines = ["| topic | key | types | heard by |", "|---|---|---|---|"]
    for name in TOPICS:
        kinds = [kind for kind in MESSAGES.values() if kind.topic.name == name]
        types = ", ".join(sorted(named(kind) for kind in kinds))
        folders = [f"{f} (deciding)" if decides(f, name) else f for f in hearers(name)]
        heard = ", ".join(folders) or "nobody yet"
        lines.append(f"| `{name}` | {kinds[0].key_field} | {types} | {heard} |")
    return "\n".join(lines) + "\n"


def replaced(text: str) -> str:
    """The map with its event flow as the code has it."""
    return _BLOCK.sub(lambda block: block[1] + table() + block[2], text)


if __name__ == "__main__":
    MAP.write_text(replaced(MAP.read_text(encoding="utf-8")), encoding="utf-8")
