"""Requests drawn from every OpenAPI document, sent by every role that may: no answer is a fault.

On the platform that browser tests share, after them: what is drawn changes whatever it may.
"""

import json
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from marktbund import operations as operators
from marktbund.testing.calls import FOLDER
from tests.architecture.tree import ROOT, SERVICES, service
from tests.doors.drawing import Drawn, operations, requests
from tests.doors.pointing import SELLER, things
from tests.failures.load import Log
from tests.failures.processes import PACKAGES
from tests.failures.rest import at_rest
from tests.front import Front
from tests.security import matrix
from tests.security.matrix import ACCOUNTS, Account, Operation

EXAMPLES = 20
BY_OBJECT = ("requester-a", SELLER, "auditor-a")
"""Accounts for doors that decide by more than a role."""
ANSWERS: dict[str, Counter[int]] = {}
PARKED_BEFORE: set[tuple[object, ...]] = set()
"""The drill gives orders up; what is said of them later waits for an operator."""

pytestmark = pytest.mark.timeout(900)


def document(folder: str) -> dict[str, Any]:
    """The OpenAPI document of a service; the operators' doors with the first."""
    app = FastAPI()
    for router in service(folder).routers:
        app.include_router(router, prefix=f"/api/{folder}/v1")
    if folder == next(iter(SERVICES)):
        app.include_router(operators.router, prefix=f"/api/{folder}/v1")
    return app.openapi()


DRAWN = {folder: operations(document(folder)) for folder in SERVICES}
ROWS = [row for folder in SERVICES for row in matrix.operations_of(folder, document(folder))]


def senders(row: Operation) -> list[Account]:
    """One account for each role that may, or those that doors know by more than a role."""
    by_role = {}
    for account in ACCOUNTS:
        for role in account.at_member & (row.at_member or frozenset()):
            by_role.setdefault(role, account)
        for role in account.for_all & (row.for_all or frozenset()):
            by_role.setdefault(role, account)
    by_object = {SELLER} if row.service == "supplier-gateway" else BY_OBJECT
    return list(dict.fromkeys(by_role.values())) or [a for a in ACCOUNTS if a.sub in by_object]


def sample(row: Operation, ids: dict[str, str]) -> list[tuple[Account, Drawn]]:
    """Requests of one operation and their senders, as the run's seed draws them."""
    operation = DRAWN[row.service][row.method, f"/api/{row.service}/v1{row.path}"]
    drawn: list[tuple[Account, Drawn]] = []

    # The number makes examples of a door without parameters different, so that there are as many.
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(senders(row)), requests(operation, ids), st.integers(0, 2**31))
    def collect(account: Account, request: Drawn, _: int) -> None:
        drawn.append((account, request))

    collect()
    return drawn


@pytest.fixture(scope="session")
async def ids(front: Front) -> dict[str, str]:
    """What drawn requests are pointed at: nothing of whom later tests need."""
    PARKED_BEFORE.update(await parked(front))
    return await things(front)


async def send(front: Front, row: Operation, account: Account, drawn: Drawn) -> int:
    """The status of one request."""
    headers = {"Authorization": f"Bearer {await front.platform.token(account.sub)}"}
    headers |= {"Idempotency-Key": str(uuid4())}
    if account.town:
        headers["Member"] = front.market.members[account.town]
    request = drawn.request(front.platform.addresses[row.service], headers)
    return (await front.platform.http.send(request)).status_code


async def parked(front: Front) -> set[tuple[object, ...]]:
    """What services could not take in."""
    query = "SELECT topic, key, code, cause FROM dead_letter WHERE status = 'parked'"
    return {(name, *row) for name in PACKAGES for row in await front.platform.rows(name, query)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_no_drawn_request_is_a_fault(front: Front, ids: dict[str, str], row: Operation):
    answers = ANSWERS.setdefault(row.name, Counter())
    faults = []
    for account, drawn in sample(row, ids):
        status = await send(front, row, account, drawn)
        answers[status] += 1
        if status >= 500:
            faults.append((account.sub, drawn))
    assert faults == []


async def test_nothing_drawn_was_parked_on_its_way(front: Front):
    await at_rest(front.platform, Log())
    assert await parked(front) - PARKED_BEFORE == set()


@pytest.mark.usefixtures("front")  # in the process that sent the requests
def test_what_was_answered_is_written_down():
    folder = ROOT / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    rows = {name: dict(sorted(answers.items())) for name, answers in sorted(ANSWERS.items())}
    (folder / "generated.json").write_text(json.dumps(rows, indent=1))
    assert len(rows) == len(ROWS)
    assert min(sum(answers.values()) for answers in ANSWERS.values()) >= EXAMPLES
