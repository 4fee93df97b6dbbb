"""Cases of tests have the same names in every process, or two processes share no run."""

import ast

import pytest

from tests.architecture.tree import python_files


def cases_named_by_sets(code: str) -> list[int]:
    """Lines where cases are named by `str` and a set is among their values: its order is drawn."""
    return [
        call.lineno
        for call in ast.walk(ast.parse(code))
        if isinstance(call, ast.Call) and _named_by_str(call) and any(map(_is_set, ast.walk(call)))
    ]


def _named_by_str(call: ast.Call) -> bool:
    return any(word.arg == "ids" and ast.unparse(word.value) == "str" for word in call.keywords)


def _is_set(node: ast.AST) -> bool:
    named = isinstance(node, ast.Call) and ast.unparse(node.func) in {"set", "frozenset"}
    return named or isinstance(node, ast.Set | ast.SetComp)


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("p('a', [({'x'}, 1)], ids=str)", [1]),
        ("p('a', [(set(), 1)], ids=str)", [1]),
        ("p('a', [({'x': 1}, 1)], ids=str)", []),
        ("p('a', [({'x'}, 1)])", []),
    ],
)
def test_it_sees_cases_named_by_sets(code: str, lines: list[int]):
    assert cases_named_by_sets(code) == lines


def test_no_case_is_named_by_the_order_of_a_set():
    named = {path: cases_named_by_sets(code) for path, code in python_files(tests=True)}
    assert {path: lines for path, lines in named.items() if lines} == {}
