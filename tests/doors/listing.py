"""All doors of the house: operations of every OpenAPI document, pages of the portal, their options.

In: the services' routers. Out: rows, each to be called by a test of its service.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from marktbund import operations
from portal import pages as portal_pages
from tests.architecture.tree import SERVICES

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True, order=True)
class Door:
    """An operation or page. option: a parameter or field; value: one of its words, or any. route:
    its path as the router knows it, where the document's, which says less, leads elsewhere.
    """

    service: str
    method: str
    path: str
    option: str = ""
    value: str = ""
    route: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """As it stands in the list."""
        named = f"{self.service} {self.method} {self.path}"
        return f"{named} {self.option}={self.value or '…'}" if self.option else named

    def fits(self, path: str) -> bool:
        """Whether a request's path leads here. The operators' doors are the same everywhere."""
        return _pattern(self.route or self.path).match(path) is not None


@cache
def _pattern(route: str) -> re.Pattern[str]:
    return compile_path(route)[0]


def doors() -> list[Door]:
    """Every row, in order."""
    rows: list[Door] = []
    for folder in SERVICES:
        service = import_module(f"{folder.replace('-', '_')}.main").SERVICE
        app = FastAPI()
        for router in service.routers:
            app.include_router(router, prefix=f"/api/{folder}/v1")
        rows += _rows(folder, app)
    every = FastAPI()
    every.include_router(operations.router, prefix="/api/{service}/v1")
    rows += _rows("every service", every)
    pages = FastAPI()
    for router in portal_pages.routers:
        pages.include_router(router)
    return sorted({*rows, *_rows("portal", pages)})


def _rows(service: str, app: FastAPI) -> Iterator[Door]:
    document = app.openapi()
    # A document says "{group}" for "{group:path}", too, which takes slashes.
    routes = {route.path_format: route.path or "" for route in iter_route_contexts(app.routes)}
    for path, described in document["paths"].items():
        for method in METHODS:
            if method in described:
                options = [("", ""), *_options(described[method], document)]
                for option, value in options:
                    yield Door(service, method.upper(), path, option, value, routes[path])


def _options(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query":
            for value in _words(parameter["schema"], document):
                yield parameter["name"], value
    for media in operation.get("requestBody", {}).get("content", {}).values():
        body = _plain(media["schema"], document)
        for name, schema in body.get("properties", {}).items():
            for value in _words(schema, document):
                yield name, value


def _words(schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """The words of an enumeration, both truths, or "" for a value of any kind."""
    plain = _plain(schema, document)
    if "enum" in plain or "const" in plain:
        return [str(word) for word in plain.get("enum", [plain.get("const")])]
    if plain.get("type") == "boolean":
        return ["false", "true"]
    return [""]


def _plain(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Behind references, and the other half of what may be left out."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return _plain(document["components"]["schemas"][name], document)
    halves = [half for half in schema.get("anyOf", ()) if half.get("type") != "null"]
    return _plain(halves[0], document) if len(halves) == 1 else schema
