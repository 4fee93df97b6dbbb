"""Transient or permanent? Transient: the same record will work later. Everything else parks."""

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_TRANSIENT_CLASSES = ("08", "53", "57", "58", "40")
_TRANSIENT_STATES = {"55P03", "25006", "25P03"}
_OF_THE_DRIVER = (InterfaceError, InternalError, OperationalError)


class TransientError(Exception):
    """An error of ours after which the same record or request works later."""


def is_transient(error: BaseException) -> bool:
    """Whether the error says something about the surroundings and nothing about the record.

    PostgreSQL classes 08, 40, 53, 57, 58 (connection, rollback, resources, operator, system),
    lock timeouts, lost connections, time-outs of ours. What carries no SQLSTATE never reached the
    record: the driver stumbled over a connection that ended under it.
    """
    if isinstance(
        error,
        TransientError | ConnectionError | OSError | TimeoutError | PoolTimeoutError,
    ):
        return True
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        if state:
            return state[:2] in _TRANSIENT_CLASSES or state in _TRANSIENT_STATES
        return error.connection_invalidated or isinstance(error, _OF_THE_DRIVER)
    return False
