"""What a service's README says it hears, announces and goes through is what the code does."""

import importlib
import re
import tomllib
from collections.abc import Iterator, Mapping

import pytest

from marktbund.contracts import MESSAGES
from marktbund.contracts.members import PERSON_STATE
from tests.architecture.tree import ROOT, SERVICES, package_of, rows, sections, service

HEADINGS = ["Owns", "Hears", "Announces", "States", "Doors", "Run alone", "Break glass"]


def table(folder: str, heading: str) -> dict[str, set[str]]:
    """Topic -> types, from a README."""
    listed = rows(sections(folder)[heading])
    return {topic: {name.strip(" `") for name in types.split(",")} for topic, types, _ in listed}


def types_of(topic: str) -> set[str]:
    return {kind.__name__ for kind in MESSAGES.values() if kind.topic.name == topic}


@pytest.mark.parametrize("folder", SERVICES)
def test_the_headings_are_the_same_everywhere(folder: str):
    assert list(sections(folder)) == HEADINGS


@pytest.mark.parametrize("folder", SERVICES)
def test_hears_what_the_code_hears(folder: str):
    made = service(folder)
    topics = {topic.name for topic in made.hearing.handlers} if made.hearing else set()
    topics |= {PERSON_STATE.name} if made.keeps_people else set()
    listed = table(folder, "Hears")
    assert set(listed) == topics
    assert {topic: types for topic, types in listed.items() if not types <= types_of(topic)} == {}


@pytest.mark.parametrize("folder", SERVICES)
def test_announces_what_the_contracts_hold(folder: str):
    own = {kind.topic.name for kind in MESSAGES.values() if kind.topic.owner == folder}
    assert table(folder, "Announces") == {topic: types_of(topic) for topic in own}


def machines(folder: str) -> Iterator[Mapping[str, Mapping[str, str]]]:
    """Every TRANSITIONS of a service's domain."""
    package = package_of(folder)
    for file in sorted(package.rglob("*.py")):
        room = file.relative_to(package).with_suffix("").parts
        if "domain" in room and file.stem != "__init__":
            module = importlib.import_module(".".join((SERVICES[folder], *room)))
            if hasattr(module, "TRANSITIONS"):
                yield module.TRANSITIONS


@pytest.mark.parametrize("folder", SERVICES)
def test_states_are_those_of_the_domain(folder: str):
    coded = {
        (state, verb, after)
        for machine in machines(folder)
        for state, verbs in machine.items()
        for verb, after in verbs.items()
    }
    listed = {tuple(row) for row in rows(sections(folder)["States"])} if coded else set()
    assert listed == coded


def first_change(text: str) -> tuple[str, int]:
    """The version a change log begins with, and how many changes it lists."""
    heading, _, rest = re.split(r"^## ", text, flags=re.MULTILINE)[1].partition("\n")
    return heading.split()[0], len(re.findall(r"^- ", rest, re.MULTILINE))


@pytest.mark.parametrize("folder", SERVICES)
def test_every_version_of_a_service_says_what_changed(folder: str):
    home = ROOT / "services" / folder
    version = tomllib.loads((home / "pyproject.toml").read_text())["project"]["version"]
    changed, lines = first_change((home / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert (changed, lines > 0) == (version, True)


def test_a_version_without_its_changes_is_seen():
    text = "# Changes\n\n## 0.2.0 (2026-12-01)\n\n## 0.1.0 (2026-11-01)\n\n- All of it.\n"
    assert first_change(text) == ("0.2.0", 0)


def test_the_first_readme_explains_before_it_reports():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "How it works",
        "Services",
        "Run it",
        "The first run",
        "What was run, and what was not",
    ]


@pytest.mark.parametrize("folder", SERVICES)
def test_the_rooms_to_start_reading_are_there(folder: str):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    row = next(row for row in rows(text) if f"[{folder}]" in row[0])
    assert (package_of(folder) / row[2].strip("`")).exists()


def test_orders_has_a_state_machine_to_compare():
    assert list(machines("orders"))
