"""Nobody sees or changes what is another's: every operation, every account, own and foreign."""

from collections import Counter
from uuid import uuid4

import httpx
import pytest

from tests.front import Front
from tests.security import matrix
from tests.security.matrix import ACCOUNTS, FOREIGN, Account, Operation

# Doors that decide by more than a role: whose order it is, which chain, who is asked about.
BY_OBJECT = {
    ("documentation", "GET", "/orders/{order_id}/file"),
    ("documentation", "GET", "/orders/{order_id}/seal"),
    ("documentation", "GET", "/chains/{chain_id}/verification"),
    ("documentation", "GET", "/chains/{chain_id}/export"),
}


pytestmark = pytest.mark.timeout(900)


class Matrix:
    """All operations of a running platform, and how they are called."""

    def __init__(self, front: Front, operations: list[Operation], ids: dict[str, str]) -> None:
        self.front = front
        self.operations = operations
        self.ids = ids

    @property
    def secrets(self) -> frozenset[str]:
        """What nobody but member a, its suppliers and the cooperative may read."""
        return frozenset({self.ids["order_id"], self.ids["supplier_order_id"], "Amt 40/17"})

    async def call(
        self, operation: Operation, sub: str, town: str = "", *, token: bool = True
    ) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid4()), "Connection": "close"}
        if token:
            headers["Authorization"] = f"Bearer {await self.front.platform.token(sub)}"
        if town:
            headers["Member"] = self.front.market.members[town]
        base = self.front.platform.addresses[operation.service]
        url = f"{base}/api/{operation.service}/v1{operation.filled(self.ids)}"
        body = None if operation.method == "GET" else {}
        return await self.front.platform.http.request(
            operation.method, url, headers=headers, json=body
        )


@pytest.fixture(scope="module")
async def all_of(front: Front) -> Matrix:
    operations: list[Operation] = []
    for service in matrix.services():
        requester = front.market.requester("a")
        answer = await front.platform.call("GET", service, "/openapi.json", **requester)
        operations += matrix.operations_of(service, answer.json())
    ids = await front.ids()
    ids |= {"member_id": front.market.members["a"], "supplier_id": front.market.suppliers[0]}
    ids |= {"chain_id": front.market.members["a"], "number": "1"}
    return Matrix(front, operations, ids)


async def order(all_of: Matrix) -> dict[str, object]:
    path = f"/orders/{all_of.ids['order_id']}"
    requester = all_of.front.market.requester("a")
    answer = await all_of.front.platform.call("GET", "orders", path, **requester)
    assert answer.status_code == 200, answer.text
    shown: dict[str, object] = answer.json()
    return shown


def test_every_operation_has_a_row(all_of: Matrix):
    assert len(all_of.operations) > 60
    assert [operation.name for operation in all_of.operations if not operation.known] == []


async def test_nobody_is_let_in_without_a_token(all_of: Matrix):
    answers = {
        operation.name: await all_of.call(operation, "", token=False)
        for operation in all_of.operations
    }
    assert {name: a.status_code for name, a in answers.items() if a.status_code != 401} == {}


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.sub)
async def test_a_door_stays_closed_to_other_roles(all_of: Matrix, account: Account):
    opened = {}
    for operation in all_of.operations:
        by_object = (operation.service, operation.method, operation.path) in BY_OBJECT
        if operation.closed_to(account) and not by_object:
            answer = await all_of.call(operation, account.sub, account.town)
            if answer.status_code not in {400, 403}:
                opened[operation.name] = answer.status_code
    assert opened == {}


@pytest.mark.parametrize("sub", FOREIGN)
async def test_what_is_foreign_is_neither_shown_nor_changed(all_of: Matrix, sub: str):
    account = next(known for known in ACCOUNTS if known.sub == sub)
    before = await order(all_of)
    crossed: dict[str, object] = {}
    for operation in all_of.operations:
        for town in {account.town, "a"} if account.town else {""}:
            answer = await all_of.call(operation, sub, town)
            shown = matrix.leaks(answer, all_of.secrets)
            changed = "order_id}" in operation.path and answer.is_success
            if shown or changed:
                crossed[f"{operation.name} for {town}"] = shown or answer.status_code
    assert crossed == {}
    assert await order(all_of) == before


async def test_the_same_questions_show_their_owner_what_is_theirs(all_of: Matrix):
    shown: Counter[str] = Counter()
    for operation in all_of.operations:
        if operation.method == "GET":
            for sub, town in (("requester-a", "a"), ("auditor-a", "a"), ("seller-0", "")):
                answer = await all_of.call(operation, sub, town)
                shown[sub] += bool(matrix.leaks(answer, all_of.secrets))
    assert {sub for sub, count in shown.items() if count >= 2} == {
        "requester-a",
        "auditor-a",
        "seller-0",
    }


def test_a_planted_leak_is_seen():
    answer = httpx.Response(200, json={"reference": "Amt 40/17"})
    assert matrix.leaks(answer, frozenset({"Amt 40/17", "other"})) == ["Amt 40/17"]
