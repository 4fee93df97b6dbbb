"""A request must be readable before a door sees it: no NUL, no control characters, real UTF-8."""

from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from marktbund.errors import Invalid
from marktbund.http import refuse

_BLANKS = frozenset("\t\n\r")
"""What a pasted search may hold; text fields strip it or refuse it with their own words."""


class Readable:
    """ASGI middleware: 422 for a path, query or header no text can be made of.

    PostgreSQL stores no NUL and a file system opens no such name, so one that slips through ends
    as a fault of ours. Refused through the app's own handler: a page where people look at pages.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        part = unreadable(scope) if scope["type"] == "http" else None
        if part is None:
            await self._app(scope, receive, send)
            return
        refused = Invalid(
            "request_unreadable",
            "Die Anfrage enthält Zeichen, die kein Text sind",
            "Steuerzeichen und ungültiges UTF-8 werden nicht angenommen.",
            field=part,
            way_out="Bitte öffnen Sie die Adresse neu oder geben Sie sie ohne diese Zeichen ein.",
        )
        await refuse(Request(scope, receive), refused, send)


def unreadable(scope: Scope) -> str | None:
    """`path`, `query` or the name of the header that cannot be read; None when all can."""
    raw = scope.get("raw_path") or scope["path"].encode()
    path = raw.partition(b"?")[0]
    if not _is_text(path) or _controls(scope["path"]):
        return "path"
    query = scope["query_string"].replace(b"+", b" ")
    if not query.isascii() or not _is_text(query, allowed=_BLANKS):
        return "query"
    return _first_unreadable(scope["headers"])


def _is_text(escaped: bytes, allowed: Iterable[str] = ()) -> bool:
    try:
        text = unquote_to_bytes(escaped).decode()
    except UnicodeDecodeError:
        return False
    return not _controls(text, allowed)


def _controls(text: str, allowed: Iterable[str] = ()) -> bool:
    return any((c < " " or "\x7f" <= c <= "\x9f") and c not in allowed for c in text)


def _first_unreadable(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    # Above 0x7f a header is latin-1 by its standard, and its reader decides.
    for name, value in headers:
        if any((c < 0x20 and c != 0x09) or c == 0x7F for c in value):
            return name.decode("latin-1")
    return None
