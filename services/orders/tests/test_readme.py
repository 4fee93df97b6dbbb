"""The README says what the code does."""

import re
from pathlib import Path

from marktbund.contracts import MESSAGES
from orders import consumers
from orders.agreements.domain import agreement as agreements
from orders.ordering.domain.spot_orders import TRANSITIONS

README = (Path(__file__).parents[1] / "README.md").read_text()
HEADINGS = ["Owns", "Hears", "Announces", "States", "Doors", "Run alone", "Break glass"]


def table(heading: str) -> list[list[str]]:
    """The rows of a section's first table, without its head."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip(" `") for cell in row.strip("|").split("|")] for row in rows]


def types(heading: str) -> dict[str, set[str]]:
    return {topic: set(names.split(", ")) for topic, names, _ in table(heading)}


def of_topic(name: str) -> set[str]:
    return {kind.__name__ for kind in MESSAGES.values() if kind.topic.name == name}


def test_the_headings_are_those_of_every_service():
    assert re.findall(r"^## (.+)$", README, re.MULTILINE) == HEADINGS


def test_the_states_are_those_of_the_domain():
    rows = {(state, verb, after) for state, verb, after in table("States")}
    assert rows == {
        (state, verb, after)
        for machine in (TRANSITIONS, agreements.TRANSITIONS)
        for state, verbs in machine.items()
        for verb, after in verbs.items()
    }


def test_it_hears_what_it_says():
    heard = [topic.name for topic in consumers.hearing().handlers]
    expected = {name: of_topic(name) for name in (*heard, "members.person.state.v1")}
    assert types("Hears") == expected


def test_it_announces_what_it_says():
    own = {kind.topic.name for kind in MESSAGES.values() if kind.topic.owner == "orders"}
    assert types("Announces") == {name: of_topic(name) for name in own}
