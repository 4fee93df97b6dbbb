"""The very statements of one POST, as PostgreSQL logged them, as a pgbench script.

In: a server log with `log_statement = all`, and the ids that were new in the request. Out: one
script per request, the new ids drawn afresh in every transaction, all else as captured. Rows sent
in one round trip (asyncpg's executemany) become a pipeline, so that no round trip is added.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

_ENTRY = re.compile(r"^\S+ \S+ \S+ \[\d+\] \S*@(?P<database>\S+) (?P<kind>[A-Z]+):  (?P<text>.*)$")
_EXECUTE = re.compile(r"^(?:execute [^:]+|statement): (?P<sql>.*)$", re.DOTALL)
_VALUE = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')", re.DOTALL)
_PLACE = re.compile(r"\$(\d+)")
HEALTH = "SELECT 1"


@dataclass(frozen=True)
class Statement:
    """One execution: SQL with $1..., and the texts that were bound; None is NULL."""

    sql: str
    values: tuple[str | None, ...]


@dataclass
class LogEntry:
    """What PostgreSQL logged at once: database, kind (LOG, DETAIL) and the text with all lines."""

    database: str
    kind: str
    text: str


def entries(lines: Iterable[str]) -> list[LogEntry]:
    """The entries of a server log, in order; what stands before the first one is left out."""
    read: list[LogEntry] = []
    for line in lines:
        match = _ENTRY.match(line)
        if match:
            read.append(LogEntry(match["database"], match["kind"], match["text"]))
        elif read and line.startswith("\t"):
            read[-1].text += "\n" + line[1:]
    return read


def read_log(lines: Iterable[str], database: str) -> list[Statement]:
    """What was executed in a database, in order."""
    statements: list[Statement] = []
    for entry in entries(lines):
        where, kind, text = entry.database, entry.kind, entry.text
        if where != database:
            continue
        executed = _EXECUTE.match(text)
        if kind == "LOG" and executed:
            statements.append(Statement(executed["sql"], ()))
        elif kind == "DETAIL" and text.lower().startswith("parameters:"):
            statements[-1] = Statement(statements[-1].sql, _values(text))
    return [statement for statement in statements if statement.sql != HEALTH]


def _values(text: str) -> tuple[str | None, ...]:
    values = {int(number): value for number, value in _VALUE.findall(text)}
    return tuple(
        None if (value := values[number]) == "NULL" else value[1:-1].replace("''", "'")
        for number in range(1, len(values) + 1)
    )


def script(statements: Sequence[Statement], new_ids: Sequence[str], key: str) -> str:
    """A pgbench script of one request. `new_ids`: UUIDs drawn by it; `key`: its Idempotency-Key.

    Needs the variable `n`, at first a number no other run has begun with.
    """
    fresh = {value: _fresh_uuid(number) for number, value in enumerate(new_ids, start=1)}
    fresh[key] = "('key-' || :id1::text)"
    parts = ["\\set n :n + 1"]
    parts += [
        f"\\set id{number} {number} * 1000000000000000000 + :client_id * 1000000000000 + :n"
        for number in range(1, len(new_ids) + 1)
    ]
    for _, same in groupby(statements, key=lambda statement: statement.sql):
        run = [_rendered(statement, fresh) for statement in same]
        parts += ["\\startpipeline", *run, "\\endpipeline"] if len(run) > 1 else run
    return "\n".join(parts) + "\n"


def _fresh_uuid(number: int) -> str:
    # Nineteen decimal digits are hexadecimal ones too: ids that grow per client, as UUIDv7 do.
    return f"(('0190000000000' || :id{number}::text)::uuid)"


def _rendered(statement: Statement, fresh: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        bound = statement.values[int(match[1]) - 1]
        if bound is None:
            return "NULL"
        return fresh.get(bound) or _around(bound, fresh)

    return _PLACE.sub(value, statement.sql).strip().rstrip(";") + ";"


def _around(bound: str, fresh: Mapping[str, str]) -> str:
    """A text with new ids in it, an array of them say, as its pieces joined again by the server."""
    pieces = re.split("(" + "|".join(map(re.escape, fresh)) + ")", bound)
    if len(pieces) == 1:
        return _literal(bound)
    joined = (f"{fresh[piece]}::text" if piece in fresh else _literal(piece) for piece in pieces)
    return f"({' || '.join(joined)})"


def _literal(text: str) -> str:
    # pgbench would take `:null` inside a literal for a variable.
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3A")
    return f"E'{escaped}'"
