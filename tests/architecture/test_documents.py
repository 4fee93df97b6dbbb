"""The documents say what the code is: map, links, commands, length of decisions."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.event_flow import MAP, replaced
from tests.architecture.tree import ROOT, SERVICES, files

DECISIONS = ROOT / "docs" / "decisions"
REFERENCE = re.compile(r"`((?:shared|services|acceptance|deploy|tests|docs)/[^`\s*<]+)`")
PARTS = ("Context", "Decision", "Consequences", "Alternatives", "Revisit when")


def documents() -> Iterator[tuple[Path, str]]:
    for name in files():
        if name.endswith(".md"):
            yield ROOT / name, (ROOT / name).read_text(encoding="utf-8")


def test_the_event_flow_is_the_codes():
    text = MAP.read_text(encoding="utf-8")
    assert "<!-- event flow -->" in text
    assert text == replaced(text)


def test_the_map_names_every_room_of_the_platform_and_every_service():
    text = MAP.read_text(encoding="utf-8")
    rooms = {
        parts[3].removesuffix(".py")
        for name in files()
        if len(parts := Path(name).parts) > 3 and (parts[0], parts[2]) == ("shared", "marktbund")
    }
    wanted = rooms | {f"services/{folder}/" for folder in SERVICES}
    assert {name for name in wanted if f"`{name}" not in text} == set()


def test_every_link_leads_somewhere():
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document, text in documents()
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert broken == []


def test_every_make_command_in_the_documents_exists():
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    targets |= {f"dev-{folder}" for folder in SERVICES}
    named = {
        command
        for document, text in documents()
        for command in re.findall(r"(?:`|^    )make ([a-z-]+)", text, re.MULTILINE)
    }
    assert named - targets == set()


@pytest.mark.parametrize("folder", SERVICES)
def test_every_service_has_an_inner_loop_of_its_own(folder: str):
    command = ["make", "--dry-run", f"dev-{folder}"]
    recipe = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert [line.split()[-1] for line in recipe.splitlines() if "pytest" in line] == [
        f"services/{folder}"
    ]


def test_decisions_are_short_and_built_alike():
    for file in sorted(DECISIONS.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 70, file.name
        assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == PARTS, file.name


def test_every_code_reference_of_a_decision_exists():
    gone = [
        f"{file.name}: {name}"
        for file in sorted(DECISIONS.glob("*.md"))
        for name in re.findall(
            r"`((?:shared|services|acceptance|deploy|tests|docs)/[^`\s*<]+)`", file.read_text()
        )
        if not (ROOT / name).exists()
    ]
    assert gone == []
