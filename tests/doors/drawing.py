"""Requests drawn from an OpenAPI document, half of them pointed at things there are.

In: a service's document and ids by the names of their parameters. Out: hypothesis strategies of
requests as httpx sends them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis.core import NotSet

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A request without its sender."""

    method: str
    path: str
    query: list[tuple[str, str]]
    body: Json

    def request(self, base: str, headers: Mapping[str, str]) -> httpx.Request:
        """The same for one address and sender. Raises where httpx itself refuses to send it."""
        kind = {"content-type": self.body["type"]} if "type" in self.body else {}
        return httpx.Request(
            self.method,
            httpx.URL(base + self.path, params=self.query),
            headers={**headers, **kind},
            json=self.body.get("json"),
            content=self.body.get("content"),
        )


def operations(document: Json) -> dict[tuple[str, str], Any]:
    """Method and path -> the operation as schemathesis knows it."""
    schema = schemathesis.openapi.from_dict(document)
    drawn = (result.ok() for result in schema.get_all_operations())
    return {(operation.method.upper(), operation.path): operation for operation in drawn}


@st.composite
def requests(draw: st.DrawFn, operation: Any, ids: Mapping[str, str]) -> Drawn:
    """One request of an operation: as the document allows it, its ids known in every second."""
    case = draw(operation.as_strategy())
    known = ids if draw(st.booleans()) else {}
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        path = path.replace(f"{{{name}}}", quote(str(known.get(name, value)), safe=""))
    query = [(name, _word(value)) for name, value in (case.query or {}).items()]
    return Drawn(case.method.upper(), path, query, _body(case, known))


def _body(case: Any, known: Mapping[str, str]) -> Json:
    if isinstance(case.body, NotSet) or case.body is None:
        return {}
    if isinstance(case.body, bytes):
        return {"content": case.body, "type": case.media_type}
    return {"json": _pointed(case.body, known)}


def _pointed(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: known.get(name) or _pointed(inner, known) for name, inner in value.items()}
    return [_pointed(inner, known) for inner in value] if isinstance(value, list) else value


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
