"""No statement looks into a JSON document: what SQL reads is a column (ADR 0045)."""

import ast
import re

import pytest

from tests.architecture.tree import python_files

INTO = re.compile(r"->>|->\s*'|#>>?|jsonb_array_elements|jsonb_path_")
SERVICES = ("services/orders/orders/",)


def looking_into_documents(code: str) -> list[int]:
    """Lines of texts in code that read a value out of a document."""
    texts = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant))
    return [
        text.lineno for text in texts if isinstance(text.value, str) and INTO.search(text.value)
    ]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("""ASK = "SELECT terms->>'unit_id' FROM spot_order" """, [1]),
        ("""ASK = "SELECT FROM a, jsonb_array_elements(changes)" """, [1]),
        ("""ASK = 'SELECT unit_id FROM spot_order'  # not terms->>'unit_id'""", []),
    ],
)
def test_it_sees_who_looks_into_a_document(code: str, lines: list[int]):
    assert looking_into_documents(code) == lines


def test_statements_read_columns():
    looking = [
        f"{path}:{line}"
        for path, code in python_files(tests=False)
        if path.startswith(SERVICES) and not path.endswith("tables.py")
        for line in looking_into_documents(code)
    ]
    assert looking == []
