"""Names say what a value is: no `each`, `found` or `place`; a class has one name and one meaning.

FREE lists the folders that hold it.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import is_test, python_files
from tests.figures.counting import BANNED
from tests.figures.naming import answer_models, defined_classes, identifiers, values

FREE = (
    "acceptance",
    "benchmarks",
    "deploy",
    "services/catalog",
    "services/documentation",
    "services/members",
    "services/orders",
    "services/portal",
    "services/supplier-gateway",
    "services/tender-planning",
    "shared/contracts",
    "shared/devkit",
    "shared/kit",
    "shared/ops",
    "shared/tests",
    "tests",
)
EVERYWHERE = {"Settings"}
"""One meaning wherever it is: what every service has of its own."""


@cache
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def _is_free(name: str) -> bool:
    return name.startswith(tuple(f"{folder}/" for folder in FREE))


def _distribution(name: str) -> str:
    parts = PurePosixPath(name).parts
    return "/".join(parts[:2]) if parts[0] in {"services", "shared"} else parts[0]


def nameless(name: str, text: str) -> list[str]:
    """Names that say nothing; `place` is a verb, never a value: a topic, a path, a position."""
    tree = _tree(text)
    given = [identifier.strip("_") for identifier in identifiers(tree)]
    wrong = [identifier for identifier in given if identifier in BANNED]
    wrong += [value for value in values(tree) if value.strip("_") == "place"]
    stem = PurePosixPath(name).stem
    return wrong + [stem] * (stem.strip("_") in {*BANNED, "place"})


def shared_class_names(files: Mapping[str, str]) -> set[str]:
    """Classes whose name is defined again, in their distribution or in another.

    A private class is known in its own distribution only.
    """
    defined = [
        (_distribution(name), defined_class)
        for name, text in files.items()
        for defined_class in defined_classes(_tree(text))
        if defined_class not in EVERYWHERE
    ]
    within = Counter(defined)
    across = Counter(known for _, known in within if not known.startswith("_"))
    return {known for (_, known), count in within.items() if count > 1 or across[known] > 1}


def misnamed_answers(text: str, models: Iterable[str]) -> list[str]:
    """Classes among `models` that a door answers with and that do not end in `Answer`."""
    known = set(models)
    return [
        name for name in answer_models(_tree(text)) if name in known and not name.endswith("Answer")
    ]


@pytest.fixture(scope="module")
def distributions() -> dict[str, str]:
    """Name -> text of all but tests: of services, shared, acceptance, deploy and benchmarks."""
    return {
        name: text
        for name, text in python_files(tests=False)
        if name.startswith(("services/", "shared/", "acceptance/", "deploy/", "benchmarks/"))
    }


def test_no_name_of_a_free_folder_says_nothing():
    wrong = {
        name: names
        for name, text in python_files(tests=True)
        if _is_free(name) and (names := nameless(name, text))
    }
    assert wrong == {}


def test_a_class_name_exists_once_in_its_distribution_and_with_one_meaning_in_the_tree(
    distributions: dict[str, str],
):
    assert shared_class_names(distributions) == set()


def test_what_a_door_of_a_free_folder_answers_is_called_an_answer(distributions: dict[str, str]):
    models = {name for text in distributions.values() for name in defined_classes(_tree(text))}
    wrong = {
        name: answers
        for name, text in distributions.items()
        if _is_free(name) and not is_test(name) and (answers := misnamed_answers(text, models))
    }
    assert wrong == {}


SAYS_NOTHING = {
    "an argument": "def read(found): ...\n",
    "a loop": "for each in rows: ...\n",
    "an attribute": "row.told = 1\n",
    "a field": "class Row:\n    one: int\n",
    "a function": "def said(): ...\n",
    "a private function": "def _found(): ...\n",
    "a comprehension": "ids = [each.id for each in rows]\n",
    "a pattern": "match rows:\n    case [one, *_]: ...\n",
    "an import": "import rows as found\n",
    "an error": "try: ...\nexcept OSError as thing: ...\n",
    "a place": "place = {'supplier_id': 1}\n",
    "an argument that is a place": "def read(place): ...\n",
}


@pytest.mark.parametrize("plant", SAYS_NOTHING)
def test_a_planted_name_is_seen(plant: str):
    assert nameless("services/tender-planning/rows.py", SAYS_NOTHING[plant]) != []


def test_a_module_that_says_nothing_is_seen():
    assert nameless("services/tender-planning/tender_planning/found.py", "") == ["found"]


def test_words_of_a_sentence_and_a_verb_are_no_faults():
    text = 'def place(order):\n    """Each one found, told of a place."""\n    return order.one()\n'
    assert nameless("services/tender-planning/rows.py", text) == []


OWN = "services/tender-planning/tender_planning"
TWICE = {
    "in a distribution": {f"{OWN}/a.py": "class _Row: ...\n", f"{OWN}/b.py": "class _Row: ...\n"},
    "across": {f"{OWN}/a.py": "class Row: ...\n", "shared/kit/b.py": "class Row: ...\n"},
}


@pytest.mark.parametrize("where", TWICE)
def test_a_planted_second_class_is_seen(where: str):
    [name] = shared_class_names(TWICE[where])
    assert name.strip("_") == "Row"


def test_a_planted_answer_by_another_name_is_seen():
    door = '@router.get("/orders")\nasync def orders() -> list[OrderView]: ...\n'
    assert misnamed_answers(door, ["OrderView"]) == ["OrderView"]
    assert misnamed_answers(door.replace("OrderView", "OrderAnswer"), ["OrderAnswer"]) == []
