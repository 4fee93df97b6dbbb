"""A table is written in at most two modules of its service: what may become of it is read there."""

import pytest

from tests.architecture.tree import SERVICES, python_files
from tests.architecture.writing import crowded, plain_writes, writers

OPERATED = {"consumer_offset", "outbox", "skipped_type"}
"""Of the platform: beside what writes them with every record, operators set them right."""
STILL_TEXT = {
    ("catalog/catalog/store/catalogues.py", "price_list"),
    ("documentation/documentation/store/checkpoints.py", "checkpoint"),
}
"""Writes of one table that are SQL text yet; whoever changes one writes it in Core."""


def sources(folder: str) -> dict[str, str]:
    return {
        name: text
        for name, text in python_files(tests=False)
        if name.startswith(folder) and "/migrations/" not in name
    }


@pytest.mark.parametrize("folder", SERVICES)
def test_a_table_is_written_in_at_most_two_places(folder: str):
    assert crowded(sources(f"services/{folder}/")) == {}


def test_the_platforms_tables_too_but_for_what_operators_put_right():
    assert crowded(sources("shared/")).keys() == OPERATED


TABLE = 'order_line = Table("order_line", metadata)\n'
WRITES = {
    "text": 'ADD = text("""\n    INSERT INTO order_line (a) VALUES (:a)""")\n',
    "a clause": 'CUT = Clause("cut", "WITH x AS (DELETE FROM order_line) SELECT 1")\n',
    "Core": "def add(c):\n    c.execute(insert(tables.order_line))\n",
    "a method": "def cut(c):\n    c.execute(order_line.update().values(a=1))\n",
    "rows at once": "def many(rows):\n    return inserting(order_line, rows)\n",
    "a name left open": 'Q = f"INSERT INTO {table} VALUES (1)"\nadd(uow, "order_line", 1)\n',
}


@pytest.mark.parametrize("way", WRITES)
def test_every_way_of_writing_is_seen(way: str):
    assert writers({"tables.py": TABLE, "store.py": WRITES[way]}) == {"order_line": {"store.py"}}


@pytest.mark.parametrize(
    "source",
    [
        'Q = text("SELECT a FROM order_line FOR UPDATE OF order_line")',
        'Q = text("SELECT a FROM order_line FOR NO KEY UPDATE SKIP LOCKED")',
        'Q = text("SELECT a FROM other ON CONFLICT (a) DO UPDATE SET a = 1")',
        "def ask(c):\n    c.execute(select(order_line))\n",
    ],
)
def test_reading_and_locking_is_no_writing(source: str):
    assert writers({"tables.py": TABLE, "store.py": source}) == {}


def test_a_third_place_is_seen():
    planted = {f"{number}.py": WRITES["text"] for number in range(3)}
    assert crowded({"tables.py": TABLE, **planted}) == {"order_line": ["0.py", "1.py", "2.py"]}
    del planted["2.py"]
    assert crowded({"tables.py": TABLE, **planted}) == {}


def test_one_tables_rows_are_written_by_core():
    wrong = {
        (name.partition("/")[2], table)
        for folder in SERVICES
        for name, text in sources(f"services/{folder}/").items()
        for table in plain_writes(text)
    }
    assert wrong - STILL_TEXT == set()


@pytest.mark.parametrize(
    ("statement", "plain"),
    [
        ("DELETE FROM order_line WHERE order_id = :id", ["order_line"]),
        ("UPDATE order_line SET a = :a WHERE order_id = :id AND version = :v", ["order_line"]),
        ("INSERT INTO order_line (a, b) VALUES (:a, :b)", ["order_line"]),
        ("INSERT INTO order_line (a) VALUES (:a) ON CONFLICT (a) DO NOTHING", []),
        ("DELETE FROM order_line WHERE order_id = ANY(:ids)", []),
        ("WITH gone AS (DELETE FROM cart_line) INSERT INTO order_line (a) VALUES (1)", []),
        ("SELECT a FROM order_line WHERE order_id = :id", []),
    ],
)
def test_a_write_that_core_says_as_well_is_seen(statement: str, plain: list[str]):
    assert plain_writes(f'Q = text("{statement}")') == plain
