"""Mutants are made where rules are, tried in a copy, and named when nobody notices them."""

from pathlib import Path

import pytest

from tests.mutants.choosing import asked_tests, rooms, sample
from tests.mutants.mutating import mutants
from tests.mutants.reporting import report
from tests.mutants.trying import RedTestsError, Tree, Tried, copied

RULES = '''"""Rules."""

from decimal import Decimal

LIMIT = Decimal("100.00")


def is_free(net: Decimal) -> bool:
    """Up to the limit."""
    return net <= LIMIT


def parcels(pieces: int) -> int:
    """Full ones and the rest; ValueError for none."""
    if pieces < 1:
        raise ValueError("nothing to pack")
    return (pieces + 9) // 10
'''
TESTS = """
from decimal import Decimal

from toy.domain.rules import is_free, parcels


def test_a_limit_is_not_passed():
    assert is_free(Decimal("100.00"))
    assert not is_free(Decimal("100.01"))


def test_the_rest_is_a_parcel():
    assert [parcels(pieces) for pieces in (1, 10, 11)] == [1, 1, 2]
"""
TOY = {
    "services/toy/toy/__init__.py": "",
    "services/toy/toy/domain/__init__.py": "",
    "services/toy/toy/domain/rules.py": RULES,
    "services/toy/toy/handlers.py": "from toy.domain.rules import parcels\n",
    "services/toy/tests/domain/test_rules.py": TESTS,
    "services/toy/tests/test_api.py": "from toy import handlers\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['--import-mode=importlib']\n",
}


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def made(text: str) -> list[str]:
    return [mutant.after for mutant in mutants("services/toy/toy/domain/rules.py", text)]


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Tried]]:
    """A tree, and three of its mutants tried in a copy of it: by what stands there instead."""
    folder = tmp_path_factory.mktemp("mutants")
    root = written(folder / "root", TOY)
    copied(root, TOY, folder / "tree")
    planted = {"net < LIMIT", "(pieces + 9) * 10", "pass"}
    chosen = [m for m in mutants("services/toy/toy/domain/rules.py", RULES) if m.after in planted]
    with Tree(folder / "tree", TOY) as tree:
        tried = {mutant.after: tree.tried(mutant) for mutant in chosen}
    return folder, tried


def test_a_fault_that_a_test_notices_is_killed_and_the_test_is_named(
    toy: tuple[Path, dict[str, Tried]],
):
    _, tried = toy
    by = "services/toy/tests/domain/test_rules.py::"
    assert (tried["net < LIMIT"].outcome, tried["net < LIMIT"].by) == (
        "killed",
        f"{by}test_a_limit_is_not_passed",
    )
    assert tried["(pieces + 9) * 10"].by == f"{by}test_the_rest_is_a_parcel"


def test_a_fault_that_no_test_notices_survives(toy: tuple[Path, dict[str, Tried]]):
    _, tried = toy
    assert (tried["pass"].outcome, tried["pass"].by) == ("survived", "")


def test_the_tree_and_its_copy_are_as_before(toy: tuple[Path, dict[str, Tried]]):
    folder, _ = toy
    for tree in ("root", "tree"):
        assert {name: (folder / tree / name).read_text() for name in TOY} == TOY


def test_tests_that_fail_without_a_fault_judge_nothing(tmp_path: Path):
    red = TOY | {"services/toy/tests/domain/test_rules.py": "def test_no():\n    assert False\n"}
    copied(written(tmp_path / "root", red), red, tmp_path / "tree")
    (mutant, *_) = mutants("services/toy/toy/domain/rules.py", RULES)
    with Tree(tmp_path / "tree", red) as tree, pytest.raises(RedTestsError):
        tree.tried(mutant)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b < c\n", ["b <= c"]),
        ("a = b not in c\n", ["b in c"]),
        ("a = (b) is None\n", ["(b) is not None"]),
        ("a = b and c or d\n", ["b and c and d", "b or c"]),
        ("a = not b\n", ["b"]),
        ("a = b * (c + 1)\n", ["b / (c + 1)", "c - 1", "2"]),
        ("a = True\n", ["False"]),
        ("def a():\n    return [b]\n", ["[]"]),
        ("def a():\n    return b\n", ["None"]),
        ("if a:\n    raise B\n", ["False", "True", "pass"]),
        ("grün = 'ü' if b else 1\n", ["False", "True", "2"]),
    ],
)
def test_each_kind_of_fault_is_made(text: str, expected: list[str]):
    assert sorted(made(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        '"""A sentence of 3 words."""\n',
        "a: Annotated[int, 3] | None\n",
        "def a(b: Literal[3]) -> tuple[3]: ...\n",
        "@dataclass(frozen=True)\nclass A: ...\n",
        "a = f'{b + 1} Stück'\n",
        "a = 'b' + c\n",
        "def a():\n    return None\n",
        "a = zip(b, c, strict=True)\n",
        "A = int | str\n",
    ],
)
def test_what_no_test_could_notice_is_left_alone(text: str):
    assert made(text) == []


def test_domain_rooms_are_found_wherever_they_lie():
    names = [
        "services/a/a/domain.py",
        "services/a/a/domain/limits.py",
        "services/a/a/ordering/domain/deep/limits.py",
        "services/a/a/handlers/limits.py",
        "services/a/tests/domain/test_limits.py",
        "services/a/a/domain/README.md",
        "shared/kit/marktbund/domain/limits.py",
    ]
    assert rooms(names) == sorted(names[:3])


def test_a_sample_is_the_same_for_the_same_seed_and_never_larger_than_there_is():
    assert sample(TOY, 3, 4) == sample(TOY, 3, 4)
    assert len(sample(TOY, 3, 4)) == 4
    assert sample(TOY, 3, 10_000) == mutants("services/toy/toy/domain/rules.py", RULES)


def test_tests_named_after_a_module_come_first_and_those_far_away_last():
    more = TOY | {
        "services/toy/tests/domain/test_other.py": "from toy.domain import rules\n",
        "services/toy/tests/test_a_far.py": "from toy import main\n",
        "services/other/tests/domain/test_rules.py": TESTS,
    }
    domain, others = asked_tests("services/toy/toy/domain/rules.py", more)
    assert domain == [f"services/toy/tests/domain/test_{name}.py" for name in ("rules", "other")]
    assert others == ["services/toy/tests/test_api.py", "services/toy/tests/test_a_far.py"]


def test_a_report_counts_per_service_and_names_survivors(toy: tuple[Path, dict[str, Tried]]):
    _, tried = toy
    text = report(list(tried.values()), "abc1234", 14, 3)
    assert "| toy | 2 | 1 | 67% |" in text
    assert (
        '- services/toy/toy/domain/rules.py:16: `raise ValueError("nothing to pack")` -> `pass`'
        in text
    )
    assert [Tried.parse(result.line()) for result in tried.values()] == list(tried.values())
