"""What a domain may raise. The class says which HTTP status, the instance carries the rest.

DomainError
    NotFound     404, also for what the caller may not see
    Forbidden    403
    Conflict     409, the state does not allow it
    Invalid      422, the request cannot be carried out as asked
Malformed        400, TooLarge 413, Unauthenticated 401, Misdirected 421, TooMany 429,
                 TemporarilyUnavailable 503 belong to the door
"""

from collections.abc import Mapping

from marktbund.jsons import Json


class DomainError(Exception):
    """A refusal people can act on.

    code: stable, snake_case, English. title and detail: German, for people. field: the JSON
    path of the offending input. way_out: German, what to do instead. extra: further members of
    the problem, where one sentence is not enough (every bad row of a file).
    """

    status = 409

    def __init__(
        self,
        code: str,
        title: str,
        detail: str = "",
        *,
        field: str = "",
        way_out: str = "",
        extra: Mapping[str, Json] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.title = title
        self.detail = detail
        self.field = field
        self.way_out = way_out
        self.extra = dict(extra or {})


class Malformed(DomainError):
    """The request cannot be read at all."""

    status = 400


class Unauthenticated(DomainError):
    """Nobody we know."""

    status = 401


class Forbidden(DomainError):
    """Known, but not allowed."""

    status = 403


class NotFound(DomainError):
    """Not there, or not for this caller: the two must look the same."""

    status = 404


class Conflict(DomainError):
    """The present state does not allow it."""

    status = 409


class TooLarge(DomainError):
    """More than a request may carry."""

    status = 413


class Invalid(DomainError):
    """Readable, but it cannot be carried out as asked."""

    status = 422


class Misdirected(DomainError):
    """Sent here under a name nobody has here."""

    status = 421


class TooMany(DomainError):
    """More often than agreed, or while the same still runs; `retry_after` says when again."""

    status = 429

    def __init__(
        self,
        code: str,
        title: str,
        detail: str = "",
        *,
        way_out: str = "",
        extra: Mapping[str, Json] | None = None,
        retry_after: int,
    ) -> None:
        super().__init__(code, title, detail, way_out=way_out, extra=extra)
        self.retry_after = retry_after


class TemporarilyUnavailable(DomainError):
    """Nothing is wrong with the request; the service cannot take it now."""

    status = 503
