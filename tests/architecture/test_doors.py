"""Doors deny by default, and find the account before they take a connection for the work."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from marktbund import auth, http, idempotency, operations
from marktbund.auth import AnyAccount, Official, cooperative_role
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from marktbund.quotas import QUOTAS
from tests.architecture.tree import SERVICES, service

LOOKUP = auth._principal
CONNECTIONS = {http.unit_of_work, http._reading}
Office = Annotated[Official, Depends(cooperative_role("office"))]


def routes(router: APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner)
        elif isinstance(route, APIRoute):
            yield route


def solved(dependant: Dependant) -> list[Callable[..., Any]]:
    """The dependencies in the order FastAPI solves them, each once."""
    order: list[Callable[..., Any]] = []
    for inner in dependant.dependencies:
        order += [call for call in solved(inner) if call not in order]
    if dependant.call is not None:
        order.append(dependant.call)
    return order


def faults(route: APIRoute) -> list[str]:
    """A door open to anybody, or one that holds a connection while it waits for another."""
    order = solved(route.dependant)
    wrong = [] if auth.subject in order else ["no account needed"]
    first = next((i for i, call in enumerate(order) if call in CONNECTIONS), len(order))
    if LOOKUP in order[first:]:
        wrong.append("the account is looked up while a connection is held")
    if auth.subject in order[first:]:
        wrong.append("the token is verified while a connection is held")
    return wrong


def doors(folder: str) -> list[APIRoute]:
    """A service's own doors and the operator's, which every service has."""
    routers = (*service(folder).routers, operations.router)
    return [route for router in routers for route in routes(router)]


@pytest.mark.parametrize("folder", SERVICES)
def test_every_door_asks_who_first(folder: str):
    assert len(doors(folder)) > len(list(routes(operations.router)))
    faults_of = {f"{door.methods} {door.path}": faults(door) for door in doors(folder)}
    assert {door: wrong for door, wrong in faults_of.items() if wrong} == {}


@pytest.mark.parametrize("folder", SERVICES)
def test_creations_take_an_idempotency_key(folder: str):
    created = [door for door in doors(folder) if door.status_code == 201]
    assert [d.path for d in created if idempotency._once not in solved(d.dependant)] == []


QUOTA_OF = {".csv": "exports", "/export": "exports", "/price-lists": "uploads"}
QUOTA_OF |= {"/attachments": "uploads", "/verification": "verifications"}
"""What the end of a heavy door's path says of the quota it counts in."""
QUOTA_NAMES = {quota.name for quota in QUOTAS}


def quotas_of(route: APIRoute) -> set[str]:
    """The quotas of its own that a door counts in."""
    return {
        cell.cell_contents
        for call in solved(route.dependant)
        if getattr(call, "__qualname__", "").startswith("within.")
        for cell in call.__closure__ or ()
        if cell.cell_contents in QUOTA_NAMES
    }


@pytest.mark.parametrize("folder", SERVICES)
def test_heavy_doors_count_in_a_quota_of_their_own(folder: str):
    for door in doors(folder):
        writes = bool(door.methods & {"POST", "PUT"})
        wanted = {
            quota
            for end, quota in QUOTA_OF.items()
            if door.path.endswith(end) and writes == (quota == "uploads")
        }
        assert quotas_of(door) == wanted, door.path


async def open_door(uow: Uow) -> None:
    """Nobody is asked."""


async def starving_door(uow: Uow, _: AnyAccount) -> None:
    """The unit of work is opened before the account is known."""


async def late_role(once: Idempotent, _: Office) -> None:
    """The key opens the unit of work, the role comes after it."""


async def early_role(_: Office, once: Idempotent, uow: Uow, reading: Reading) -> None:
    """As it should be."""


@pytest.mark.parametrize(
    ("door", "count"), [(open_door, 1), (starving_door, 2), (late_role, 2), (early_role, 0)]
)
def test_a_planted_door_is_judged(door: Callable[..., Any], count: int):
    assert len(faults(APIRoute("/planted", door, methods=["POST"]))) == count
