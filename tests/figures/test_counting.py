"""The counting of figures, on a tree of three files."""

from tests.figures.counting import figures

STORE = '''"""Rows."""

from typing import Any

# One comment.
QUERY = text("SELECT 1")
BODY = Column("body", JSONB, nullable=False)


class Row:
    def read(self, found: Any) -> dict[str, object]:
        each = found
        return cast(dict, each)
'''
TEST = "def test_a():\n    assert True\n\n\n# why\ndef test_b():\n    assert True\n"
PAGE = """class Row:
    name = body["name"]

    def show(self):
        body["x"] = 1
"""
TREE = {
    "services/orders/orders/store.py": STORE,
    "services/orders/tests/test_store.py": TEST,
    "services/portal/portal/rows.py": PAGE,
}


def test_sizes_leave_tests_out_and_ratios_count_no_blanks_and_comments():
    counted = figures(TREE)
    assert counted["source files"] == "2"
    assert counted["lines of a function: median / p95 / max"].endswith("/ 3")
    assert counted["tests : source, orders"] == "0.50"
    assert counted["tests : source, portal"] == "0.00"


def test_what_is_untyped_is_counted_where_it_is_annotated():
    counted = figures(TREE)
    assert counted["untyped: Any"] == "1"
    assert counted["untyped: object"] == "1"
    assert counted["untyped: cast"] == "1"
    assert counted["untyped: dict[str, ...] answered"] == "1"
    assert counted["untyped together"] == "4"


def test_json_is_counted_as_columns_and_as_keys_that_are_read():
    counted = figures(TREE)
    assert (counted["columns of JSON"], counted["statements as SQL text"]) == ("1", "1")
    assert counted["literal JSON keys read in the portal"] == "1"


def test_names_are_counted_where_they_are_given():
    counted = figures(TREE)
    assert (counted["identifiers named found"], counted["identifiers named each"]) == ("1", "1")
    assert counted["class names twice in a distribution"] == "0"
    assert counted["class names in several distributions"] == "1"
