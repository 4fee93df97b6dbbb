"""Lists say where they go on, and no door stumbles over characters that are none."""

from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import text

from documentation import handlers
from documentation.domain.footing import Vouched
from documentation.store.sealing import Holder
from marktbund.contracts.orders import OrderApproved
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors

BARRED = ["\x00", "a\x00b", "gnp\u202eexe", "a\u2028b"]


@pytest.fixture
async def order(doors: Doors, build: Any, signing_key: Any) -> tuple[Any, Any]:
    """One order with 501 records in one chain, beside two other chains; member and order."""
    member, number = new_id(), new_id()
    events = [
        build.event(
            OrderApproved(version=n, basis="not_required", order_id=number, member_id=member)
        )
        for n in range(1, 502)
    ]
    owner = {task: new_id() for task in ("sealer", "checkpoint")}
    for task, owner_id in owner.items():
        await doors.database.connection.execute(
            text("UPDATE lease SET owner = :owner, lease_until = 'infinity' WHERE task = :task"),
            {"owner": owner_id, "task": task},
        )
    sealer = Holder("sealer", owner["sealer"])
    notary = Holder("checkpoint", owner["checkpoint"])
    vouched = Vouched(None)
    for more in (events, build.orders(new_id(), 1), build.persons(1)):
        async with doors.database.begin(Origin(correlation_id="c")) as uow:
            await build.take_in(uow, more)
            await handlers.seal_batch(sealer, uow)
            signed = await handlers.sign_checkpoint(signing_key, notary, uow, vouched)
        vouched = Vouched(signed)
    return member, number


async def test_a_file_longer_than_a_page_says_where_it_goes_on(
    doors: Doors, order: tuple[Any, Any]
):
    member, number = order
    own = await doors.account(("auditor", member)) | {"Member": str(member)}
    path = f"/orders/{number}/file"
    first = (await doors.client.get(path, headers=own)).json()
    assert (len(first["records"]), first["next_after"]) == (500, 500)
    rest = (await doors.client.get(f"{path}?after=500", headers=own)).json()
    assert [record["seq"] for record in rest["records"]] == [501]
    assert rest["next_after"] is None
    behind = await doors.client.get(f"{path}?after=501", headers=own)
    assert (behind.status_code, behind.json()["records"]) == (200, [])
    whole = (await doors.client.get(f"{path}?after=1&limit=500", headers=own)).json()
    assert (len(whole["records"]), whole["next_after"]) == (500, None)


@pytest.mark.parametrize(
    ("path", "total"), [("/chains", 3), ("/checkpoints", 3)], ids=["chains", "checkpoints"]
)
async def test_a_list_that_ends_at_its_limit_names_its_next_page(
    doors: Doors, order: tuple[Any, Any], path: str, total: int
):
    auditor = await doors.account(("auditor", None))
    whole = await doors.client.get(f"{path}?limit={total}", headers=auditor)
    assert (len(whole.json()), "Link" in whole.headers) == (total, False)
    page = await doors.client.get(f"{path}?limit=2", headers=auditor)
    assert page.json() == whole.json()[:2]
    assert page.links["next"]["url"].endswith("&limit=2")
    rest = await doors.client.get(path + page.links["next"]["url"], headers=auditor)
    assert rest.json() == whole.json()[2:]
    assert "Link" not in rest.headers


@pytest.mark.parametrize("barred", BARRED, ids=["NUL", "NUL inside", "override", "separator"])
async def test_a_character_that_is_none_is_refused_by_its_field(doors: Doors, barred: str):
    auditor = await doors.account(("auditor", None))
    for path, field in (
        (f"/chains?after={quote(barred)}", "after"),
        (f"/chains/{quote(barred)}/verification", "chain_id"),
        (f"/chains/{quote(barred)}/export", "chain_id"),
        (f"/anchors/{quote(barred)}", "day"),
        (f"/orders/{quote(barred)}/file", "order_id"),
        (f"/orders/{quote(barred)}/seal", "order_id"),
    ):
        answer = await doors.client.get(path, headers=auditor)
        assert answer.status_code == 422, path
        # The platform refuses NUL before it looks for a door.
        assert answer.json()["field"] in ({"query", "path"} if "\x00" in barred else {field}), path
