"""What PostgreSQL says of a failure: whether the same works later, by class and by code."""

import asyncio

import pytest
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from marktbund.failures import TransientError, is_transient


class Cause(Exception):
    """What a driver raises, with the code PostgreSQL sent."""

    def __init__(self, sqlstate: object) -> None:
        super().__init__("in words nobody should read")
        if sqlstate is not None:
            self.sqlstate = sqlstate


def raised(
    sqlstate: object, kind: type[DBAPIError] = DBAPIError, *, lost: bool = False
) -> DBAPIError:
    return kind("SELECT 1", {}, Cause(sqlstate), connection_invalidated=lost)


LATER = {
    "08000": "connection exception",
    "08003": "connection does not exist",
    "08006": "connection failure",
    "25006": "read-only transaction: a standby was asked, or it is being switched over",
    "25P03": "idle in transaction for too long",
    "40001": "serialization failure",
    "40P01": "deadlock",
    "53100": "disk full",
    "53200": "out of memory",
    "53300": "too many connections",
    "55P03": "lock not available",
    "57014": "query cancelled, by the statement's time as well",
    "57P01": "admin shutdown",
    "57P02": "crash shutdown",
    "57P03": "cannot connect now",
    "58030": "input or output",
}
NEVER = {
    "22001": "too long for its column",
    "22003": "number out of range",
    "22012": "division by zero",
    "22021": "a character no text may hold",
    "22P02": "no number, no UUID",
    "23502": "not null",
    "23503": "foreign key",
    "23505": "unique",
    "23514": "check",
    "25001": "active transaction",
    "25P02": "the transaction was aborted before",
    "28P01": "wrong password",
    "3D000": "no such database",
    "42501": "no right to it",
    "42703": "no such column",
    "42P01": "no such table",
    "55006": "object in use",
    "P0001": "raised by a function of ours",
    "XX000": "a fault of PostgreSQL's own",
}


@pytest.mark.parametrize("sqlstate", LATER, ids=LATER.get)
@pytest.mark.parametrize("kind", [DBAPIError, OperationalError, InternalError])
def test_what_is_the_surroundings_fault_passes(sqlstate: str, kind: type[DBAPIError]):
    """PostgreSQL 18, appendix A: classes of codes."""
    assert is_transient(raised(sqlstate, kind))


@pytest.mark.parametrize("sqlstate", NEVER, ids=NEVER.get)
@pytest.mark.parametrize("kind", [DBAPIError, OperationalError, InternalError])
def test_what_is_the_records_fault_stays(sqlstate: str, kind: type[DBAPIError]):
    assert not is_transient(raised(sqlstate, kind))
    assert not is_transient(raised(sqlstate, kind, lost=True))


@pytest.mark.parametrize("sqlstate", [None, ""])
@pytest.mark.parametrize(
    ("kind", "lost", "transient"),
    [
        (DBAPIError, False, False),
        (DBAPIError, True, True),
        (InterfaceError, False, True),
        (InternalError, False, True),
        (OperationalError, False, True),
    ],
)
def test_without_a_code_the_driver_stumbled_over_its_connection(sqlstate, kind, lost, transient):
    assert is_transient(raised(sqlstate, kind, lost=lost)) is transient


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        BrokenPipeError(),
        TimeoutError(),
        OSError("no route to host"),
        PoolTimeoutError("every connection is in use"),
        TransientError("of ours"),
    ],
    ids=repr,
)
def test_what_a_pause_mends_passes(error: Exception):
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        KeyError("x"),
        ZeroDivisionError(),
        MemoryError(),
        SQLAlchemyError("no error of a driver"),
        asyncio.CancelledError(),
        AssertionError(),
    ],
    ids=repr,
)
def test_a_fault_of_ours_is_never_called_the_surroundings(error: BaseException):
    assert not is_transient(error)


def test_what_caused_an_error_says_nothing_about_it():
    error = ValueError("the record")
    error.__cause__ = ConnectionResetError()
    assert not is_transient(error)
