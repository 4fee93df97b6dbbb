"""Which doors a test run called: every request of the tests' own clients, with the test's name."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import httpx
from pydantic import JsonValue

CALLS: list["RecordedCall"] = []
"""Of this process, in the order they were answered."""
FOLDER = ".local/doors"
"""Where a run writes them down, below the root of the tree."""
_MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One request and its status. options: query and top-level body fields with short values; to:
    where it was sent on.
    """

    test: str
    method: str
    path: str
    options: tuple[tuple[str, str], ...]
    status: int
    to: str = ""


def recorded(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The client, whose answers are written into CALLS from now on."""

    async def keep(answer: httpx.Response) -> None:
        request = answer.request
        to = answer.headers.get("location") or answer.headers.get("hx-redirect", "")
        record(request.method, str(request.url), answer.status_code, _body(request), to=to)

    client.event_hooks["response"].append(keep)
    return client


def record(
    method: str,
    url: str,
    status: int,
    fields: Iterable[tuple[str, str]] = (),
    *,
    to: str = "",
) -> None:
    """Write an answered request into CALLS, as one of the running test."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
    options = tuple(sorted([*query, *fields]))
    CALLS.append(RecordedCall(test, method, parts.path, options, status, urlsplit(to).path))


def _body(request: httpx.Request) -> list[tuple[str, str]]:
    kind = request.headers.get("content-type", "")
    try:
        content = request.content
    except httpx.RequestNotRead:
        return []
    if len(content) > _MOST_BYTES:
        return []
    if kind.startswith("application/x-www-form-urlencoded"):
        return parse_qsl(content.decode(errors="replace"), keep_blank_values=True)
    if not kind.startswith("application/json"):
        return []
    try:
        body: JsonValue = json.loads(content)
    except (ValueError, RecursionError):
        return []
    fields = body.items() if isinstance(body, dict) else ()
    return [(name, _written(value)) for name, value in fields]


def _written(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:60] if isinstance(value, str | int) else ""
