"""Many questions, or many writes, in one statement: one round trip for all of them.

A clause is SQL with its own values; clauses that name a value alike mean the same. PostgreSQL
carries the writes of one statement out on one snapshot and in no given order: what has to see
another's rows reads them from its clause by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import Row, Table, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.jsons import dumps

Plain = UUID | Decimal | date | datetime | str | int | bool | bytes | JsonValue
Value: TypeAlias = Plain | Sequence[Plain]
"""What PostgreSQL is given and answers: a column's value, a list of them, a document."""
Values = Mapping[str, Value]
"""Name -> value: of a statement's places, or of a row's columns."""
Answers = Row[*tuple[Value, ...]]
"""A row whose columns are known by name."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One question or one write of a statement.

    sql: an expression (`question`) or a statement (`write`). shown: of a write, what is answered
    of it, an expression that may name every clause.
    """

    name: str
    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)
    shown: str = ""


def row_of(query: str) -> str:
    """A query's row as one value: a tuple in the order of its columns, None without a row."""
    return f"(SELECT a FROM ({query}) AS a)"


def rows_of(query: str) -> str:
    """A query's rows as one value: a list of tuples, in the query's order."""
    return f"ARRAY(SELECT a FROM ({query}) AS a)"


async def ask(connection: AsyncConnection, *clauses: Clause) -> Answers:
    """The answers to all questions, each under its clause's name."""
    asked = _asking(tuple((asked.name, asked.sql) for asked in clauses))
    return (await connection.execute(asked, _values(clauses))).one()


async def hold(
    connection: AsyncConnection, order: Sequence[str], *clauses: Clause
) -> Answers | None:
    """Hold rows until the commit, in one statement and by name in everybody's order; what is shown.

    Their SQL has the place `{first}` for the condition that makes a clause wait for the one before.
    Sums behind these locks are another statement's: this one's snapshot may be older than a lock it
    waited for, and only the locked rows' own columns are of afterwards.
    """
    if not clauses:
        return None
    first, held = "true", []
    for clause in sorted(clauses, key=lambda clause: order.index(clause.name)):
        held.append(replace(clause, sql=clause.sql.format(first=first)))
        # PostgreSQL fixes no order among a statement's parts, but reads what one needs before it.
        first = f"(SELECT count(*) FROM {clause.name}) >= 0"
    return await write(connection, *held)


async def write(connection: AsyncConnection, *clauses: Clause) -> Answers:
    """Carry all writes out; what they show, each under its clause's name."""
    written = _writing(tuple((put.name, put.sql, put.shown) for put in clauses))
    return (await connection.execute(written, _values(clauses))).one()


def _values(clauses: Sequence[Clause]) -> Values:
    values: dict[str, Value] = {}
    for clause in clauses:
        for name, value in clause.values.items():
            if name in values and values[name] != value:
                raise ValueError(f"{clause.name} means something else by {name}")
            values[name] = value
    return values


@lru_cache(maxsize=256)
def _asking(parts: tuple[tuple[str, str], ...]) -> TextClause:
    return text("SELECT " + ", ".join(f"{sql} AS {name}" for name, sql in parts))


@lru_cache(maxsize=256)
def _writing(parts: tuple[tuple[str, str, str], ...]) -> TextClause:
    written = ", ".join(f"{name} AS ({sql})" for name, sql, _ in parts)
    shown = ", ".join(f"{answer} AS {name}" for name, _, answer in parts if answer)
    return text(f"WITH {written} SELECT {shown or '1 AS done'}")


def inserting(table: Table, rows: Sequence[Mapping[str, Any]]) -> tuple[Clause, ...]:
    """The write that adds these rows, all with the same columns; none without rows."""
    if not rows:
        return ()
    columns = tuple(rows[0])
    values = {
        f"{table.name}_{column}": [_value(table, column, row[column]) for row in rows]
        for column in columns
    }
    return (Clause(f"put_{table.name}", _insert(table, columns), values),)


def _value(table: Table, column: str, value: Value) -> Value:
    if value is not None and isinstance(table.c[column].type, JSONB):
        return dumps(value)
    return value


@lru_cache(maxsize=64)
def _insert(table: Table, columns: tuple[str, ...]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    arrays = ", ".join(
        f"CAST(:{table.name}_{column} AS {table.c[column].type.compile(dialect)}[])"
        for column in columns
    )
    return f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT * FROM unnest({arrays})"
