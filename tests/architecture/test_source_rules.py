"""Ceilings, banned calls and docstrings hold in every file; each rule is red on a plant."""

import ast
import re
from statistics import median

import pytest

from tests.architecture import rules
from tests.architecture.tree import ROOT, files, public_functions, python_files

BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "service", "misc"}
# Put together, so that this file does not hold what it looks for.
HOSTS = [
    "pypi." + "org",
    "python" + "hosted",
    "npm" + "js",
    "maven." + "org",
    "crates." + "io",
    "golang." + "org/",
    "deb." + "debian",
]
MACHINE_PATH = re.compile("/(?:wo" + "rk|ro" + "ot|ho" + r"me|fa" + r"rm)/\w|/tm" + r"p/\w")


RULES = (rules.too_long, rules.chatty, rules.undocumented, rules.mocked, rules.evaded)


@pytest.fixture(scope="module")
def faults() -> dict[str, dict[str, list[str]]]:
    """Rule -> file -> what is wrong; file by file, since reading one takes longest."""
    by_rule: dict[str, dict[str, list[str]]] = {rule.__name__: {} for rule in RULES}
    for name, text in python_files(tests=True):
        for rule in RULES:
            if wrong := rule(text):
                by_rule[rule.__name__][name] = wrong
    return by_rule


def test_files_and_functions_stay_below_their_ceilings(faults):
    assert faults["too_long"] == {}


def test_most_files_are_short():
    lines = [len(text.splitlines()) for _, text in python_files(tests=False)]
    assert median(lines) < 120


def test_comments_are_few(faults):
    assert faults["chatty"] == {}


def test_every_module_says_what_it_is(faults):
    undocumented = faults["undocumented"]
    assert [name for name in undocumented if not name.endswith("conftest.py")] == []


def test_nothing_is_mocked(faults):
    assert faults["mocked"] == {}


def test_nothing_is_skipped_and_nothing_is_left_open(faults):
    assert faults["evaded"] == {}


def test_only_the_platform_commits_produces_subscribes_and_reads_the_clock():
    violations = {
        name: wrong
        for name, text in python_files(tests=False)
        if (wrong := rules.outside_platform(name, text))
    }
    assert violations == {}


def test_public_functions_say_what_they_do():
    rooms = re.compile(
        r"shared/(contracts|kit|ops)/|services/[^/]+/(?!tests/)[^/]+/(\w+/)?(domain|handlers|store)\b"
    )
    undocumented = [
        f"{name}: {function.name}"
        for name, text in python_files(tests=False)
        if rooms.match(name)
        for function in public_functions(ast.parse(text))
        if not ast.get_docstring(function)
    ]
    assert undocumented == []


def test_no_room_is_called_after_nothing():
    named = [name for name in files() if name.endswith(".py")]
    assert [n for n in named if BANNED_NAMES & set(n.removesuffix(".py").split("/"))] == []


def test_no_file_names_a_registry_or_a_machine():
    named = []
    for name in files():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        named += [f"{name}: {host}" for host in HOSTS if host in text]
        named += [f"{name}: {path}" for path in MACHINE_PATH.findall(text)]
    assert named == []


SHORT = "def f():\n" + "    pass\n" * 39
SOURCES = {
    "a file of 401 lines": (rules.too_long, "\n" * 401),
    "a function of 41 lines": (rules.too_long, SHORT + "    pass\n"),
    "comments in one line of five": (rules.chatty, "# why\nx = 1\nx = 1\nx = 1\nx = 1\n" * 4),
    "no docstring": (rules.undocumented, "x = 1\n"),
    "a mock": (rules.mocked, "from unittest.mock import patch\n"),
    "a test skipped": (rules.evaded, "@pytest.mark.skip\ndef test(): ...\n"),
    "a condition without a date": (
        rules.evaded,
        "@pytest.mark.skipif(True, reason='later')\ndef test(): ...\n",
    ),
    "an open end": (rules.evaded, "def f():\n    raise NotImplementedError\n"),
    "an attribute patched": (rules.mocked, "def t(monkeypatch):\n    monkeypatch.setattr(1, 2)\n"),
}
CALLS = (
    "uow.connection.commit()",
    "database.engine.commit()",
    "broker.subscriber('x')",
    "broker.publish_batch()",
    "datetime.now(UTC)",
    "datetime.datetime.now(UTC)",
    "date.today()",
    "from aiokafka import AIOKafkaProducer",
    "from faststream.kafka import KafkaBroker",
)


@pytest.mark.parametrize("plant", SOURCES)
def test_a_plant_turns_a_rule_red(plant: str):
    rule, source = SOURCES[plant]
    assert rule(source) != []


def test_a_function_of_40_lines_passes():
    assert rules.too_long(SHORT) == []


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_only_the_platform_may_make_is_seen(call: str):
    assert rules.outside_platform("services/orders/orders/handlers.py", call + "\n") != []
