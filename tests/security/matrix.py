"""The matrix of tenancy: every operation of every OpenAPI document x every account.

In: a running platform, its documents, and the services' own routers, which know the roles of each
door. Out: operations with their roles, accounts with their grants, and the judge of an answer.
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

import httpx
from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from marktbund import auth, operations
from tests.running import SERVICES

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
NOBODYS = str(UUID(int=4711))


@dataclass(frozen=True, slots=True)
class Account:
    """A token subject, the member whose header it sends, and its grants there and for all."""

    sub: str
    town: str = ""
    at_member: frozenset[str] = frozenset()
    for_all: frozenset[str] = frozenset()


ACCOUNTS = (
    Account("requester-a", "a", frozenset({"requester"})),
    Account("auditor-a", "a", frozenset({"auditor"})),
    Account("approver-a", "a", frozenset({"approver"})),
    Account("award-office-a", "a", frozenset({"award_office"})),
    Account("member-admin-a", "a", frozenset({"member_admin"})),
    Account("further-a", "a", frozenset({"finance", "receiver", "expert"})),
    Account("requester-b", "b", frozenset({"requester"})),
    Account("auditor-b", "b", frozenset({"auditor"})),
    Account("auditor-all", for_all=frozenset({"auditor"})),
    Account("procurement-1", for_all=frozenset({"procurement"})),
    Account("office-1", for_all=frozenset({"office", "operator"})),
    Account("board-1", for_all=frozenset({"board"})),
    Account("operator-1", for_all=frozenset({"operator"})),
    Account("seller-0"),
    Account("seller-1"),
    Account("stranger"),
)
FOREIGN = ("requester-b", "auditor-b", "seller-1", "stranger")
"""Accounts to whom member a and its order must stay invisible."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `at_member` and `for_all`: the roles its door opens for, None if it has no
    such dependency.
    """

    service: str
    method: str
    path: str
    at_member: frozenset[str] | None
    for_all: frozenset[str] | None
    known: bool

    @property
    def name(self) -> str:
        """As it stands in a report."""
        return f"{self.service} {self.method} {self.path}"

    def filled(self, ids: dict[str, str]) -> str:
        """The path with ids; one that nobody has where there is none to point at."""
        path = self.path
        for part in self.path.split("{")[1:]:
            parameter = part.split("}")[0]
            path = path.replace(f"{{{parameter}}}", ids.get(parameter, NOBODYS))
        return path

    def closed_to(self, account: Account) -> bool | None:
        """Whether the roles say no; None where the door decides by something else."""
        if self.at_member is None and self.for_all is None:
            return None
        mine = account.at_member & (self.at_member or frozenset())
        return not (mine or account.for_all & (self.for_all or frozenset()))


def operations_of(service: str, document: dict[str, object]) -> Iterator[Operation]:
    """Every operation of a service's OpenAPI document, with the roles of its door."""
    made = import_module(f"{service.replace('-', '_')}.main").SERVICE
    doors = {
        (method, path): route
        for router in (*made.routers, operations.router)
        for path, route in _routes(router)
        for method in route.methods
    }
    paths = document["paths"]
    assert isinstance(paths, dict)
    for full, described in paths.items():
        path = full.removeprefix(f"/api/{service}/v1")
        for method in (m for m in METHODS if m.lower() in described):
            route = doors[method, path]
            roles = dict(_roles(route.dependant))
            calls = {dependency.call for dependency in _all(route.dependant)}
            known = bool(roles) or auth.subject in calls
            yield Operation(service, method, path, roles.get("actor"), roles.get("official"), known)


def _routes(router: APIRouter) -> Iterator[tuple[str, APIRoute]]:
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from ((router.prefix + path, inner_route) for path, inner_route in _routes(inner))
        elif isinstance(route, APIRoute):
            yield route.path_format, route


def _all(dependant: Dependant) -> Iterator[Dependant]:
    for dependency in dependant.dependencies:
        yield dependency
        yield from _all(dependency)


def _roles(dependant: Dependant) -> Iterator[tuple[str, frozenset[str]]]:
    for dependency in _all(dependant):
        if dependency.call is not None and inspect.isfunction(dependency.call):
            held = inspect.getclosurevars(dependency.call).nonlocals
            if "roles" in held:
                yield dependency.call.__name__, frozenset(held["roles"])


def leaks(answer: httpx.Response, secrets: frozenset[str]) -> list[str]:
    """Which of the secrets an answer holds."""
    return sorted(secret for secret in secrets if secret in answer.text)


def services() -> tuple[str, ...]:
    """All services with an OpenAPI document."""
    return SERVICES
