"""Who was refused and who fetched what: lines of a stream of their own, kept for a stated time.

In: requests answered. Out: `access_refused` (401, 403, 421, 429) and `document_fetched` (an answer
to download), with the opaque account, the route's template and the address of the last trusted
hop. No names, tokens, queries or bodies. An address is personal data: hence the retention.
"""

import os
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path

import structlog
from starlette.requests import Request

from marktbund import clock

LOGGER = "marktbund.security"
KEPT_DAYS = 90
_REFUSALS = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.MISDIRECTED_REQUEST,
    HTTPStatus.TOO_MANY_REQUESTS,
}
_log = structlog.get_logger(LOGGER)


def note(request: Request, status: int, *, download: bool, **about: str) -> None:
    """Write the request's line, if it is one of those that are kept. about: method, route, ids."""
    refused = status in _REFUSALS
    if not refused and not (download and status < HTTPStatus.BAD_REQUEST):
        return
    account = getattr(request.state, "account", None)
    code = getattr(request.state, "problem", None)
    known = {"account": account, "code": code, **about}
    _log.info(
        "access_refused" if refused else "document_fetched",
        status=status,
        address=request.client.host if request.client is not None else None,
        **{name: value for name, value in known.items() if value is not None},
    )


class DailyFiles:
    """One file a day in a directory; those older than KEPT_DAYS go when a new day begins.

    Appended to, never renamed, so that several processes of a service may write the same one.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self._directory = directory
        self._name = name
        self._day: date | None = None
        self._file = -1

    def write(self, text: str) -> None:
        """Append to today's file (UTC). Raises OSError."""
        today = clock.now().date()
        if today != self._day:
            self._turn(today)
        os.write(self._file, text.encode())

    def flush(self) -> None:
        """Nothing is held back."""

    def _turn(self, today: date) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._file >= 0:
            os.close(self._file)
        file_of_day = self._directory / f"{self._name}-{today}.jsonl"
        self._file = os.open(file_of_day, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._day = today
        oldest = f"{self._name}-{today - timedelta(days=KEPT_DAYS)}.jsonl"
        for file in self._directory.glob(f"{self._name}-????-??-??.jsonl"):
            if file.name < oldest:
                file.unlink(missing_ok=True)
