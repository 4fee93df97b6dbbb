"""The doors of documentation: who may read which file, and what they get."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import text

from documentation import handlers
from documentation.domain.footing import Vouched
from documentation.store.sealing import Holder
from documentation.views import exports
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.quotas import Quotas
from marktbund.testing.fixtures import Doors


@pytest.fixture
async def filed(doors: Doors, build: Any, signing_key: Any) -> dict[str, Any]:
    """Two members' orders, sealed and signed within the test's transaction."""
    town, district = new_id(), new_id()
    events = build.orders(town, 4)
    holders = {task: Holder(task, new_id()) for task in ("sealer", "checkpoint")}
    for task, holder in holders.items():
        await doors.database.connection.execute(
            text("UPDATE lease SET owner = :owner, lease_until = 'infinity' WHERE task = :task"),
            {"owner": holder.owner, "task": task},
        )
    async with doors.database.begin(Origin(correlation_id="c")) as uow:
        await build.take_in(uow, [*events, *build.orders(district, 2), *build.persons(1)])
        await handlers.seal_batch(holders["sealer"], uow)
        await handlers.sign_checkpoint(signing_key, holders["checkpoint"], uow, Vouched(None))
    return {"town": town, "district": district, "events": events}


def member(member_id: Any) -> dict[str, str]:
    return {"Member": str(member_id)}


async def test_the_cooperatives_auditor_sees_all_chains(doors: Doors, filed: dict[str, Any]):
    auditor = await doors.account(("auditor", None))
    answer = await doors.client.get("/chains", headers=auditor)
    assert answer.status_code == 200, answer.text
    seen = {chain["chain_id"]: (chain["records"], chain["covered"]) for chain in answer.json()}
    expected = {str(filed["town"]): (4, 4), str(filed["district"]): (2, 2), "cooperative": (1, 1)}
    assert seen == expected
    after = answer.json()[0]["chain_id"]
    rest = await doors.client.get(f"/chains?after={after}&limit=1", headers=auditor)
    assert [chain["chain_id"] for chain in rest.json()] == [answer.json()[1]["chain_id"]]


@pytest.mark.parametrize("role", ["auditor", "office", "operator"])
async def test_cooperative_roles_verify_any_chain(doors: Doors, filed: dict[str, Any], role: str):
    headers = await doors.account((role, None))
    answer = await doors.client.get(f"/chains/{filed['town']}/verification", headers=headers)
    assert answer.json()["verdict"] == "Akte unverändert bis Datensatz 4", answer.text
    assert answer.json()["unchanged"] is True
    unknown = await doors.client.get(f"/chains/{new_id()}/verification", headers=headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "chain_unknown")


@pytest.mark.parametrize("role", ["auditor", "award_office"])
async def test_a_members_auditor_reads_the_own_chain_only(
    doors: Doors, filed: dict[str, Any], role: str
):
    own = await doors.account((role, filed["town"])) | member(filed["town"])
    for path in ("/member/verification", f"/chains/{filed['town']}/verification"):
        answer = await doors.client.get(path, headers=own)
        assert (answer.json()["chain_id"], answer.json()["records"]) == (str(filed["town"]), 4)
    for path in (
        f"/chains/{filed['district']}/verification",
        f"/chains/{filed['district']}/export",
        "/chains/cooperative/verification",
    ):
        refused = await doors.client.get(path, headers=own)
        assert (refused.status_code, refused.json()["code"]) == (404, "chain_unknown")
    foreign = await doors.client.get(
        "/member/verification", headers=own | member(filed["district"])
    )
    assert (foreign.status_code, foreign.json()["code"]) == (403, "not_authorised")
    listing = await doors.client.get("/chains", headers=own)
    assert listing.status_code == 403


@pytest.mark.parametrize("role", ["requester", "approver"])
async def test_who_orders_for_a_member_reads_its_orders_files_and_nothing_else(
    doors: Doors, filed: dict[str, Any], role: str
):
    headers = await doors.account((role, filed["town"])) | member(filed["town"])
    order = filed["events"][0].event.order_id
    for path in ("/member/verification", "/member/export"):
        assert (await doors.client.get(path, headers=headers)).status_code == 403
    assert (await doors.client.get(f"/orders/{order}/file", headers=headers)).status_code == 200
    foreign = await doors.account((role, filed["district"])) | member(filed["district"])
    assert (await doors.client.get(f"/orders/{order}/file", headers=foreign)).status_code == 404


async def test_an_orders_file_shows_what_happened_and_what_it_was(
    doors: Doors, filed: dict[str, Any]
):
    own = await doors.account(("award_office", filed["town"])) | member(filed["town"])
    order = filed["events"][0].event.order_id
    answer = (await doors.client.get(f"/orders/{order}/file", headers=own)).json()
    assert (answer["order_id"], answer["chain_id"]) == (str(order), str(filed["town"]))
    first, second = answer["records"]
    assert (first["seq"], first["type"]) == (1, "marktbund.orders.OrderApproved.v1")
    assert first["payload"] == json.loads(filed["events"][0].value)
    assert (second["payload"]["reason"], second["covered"], second["disposed"]) == (
        "other",
        True,
        False,
    )
    assert len(second["hash"]) == 64
    later = await doors.client.get(f"/orders/{order}/file?after=1", headers=own)
    assert [record["seq"] for record in later.json()["records"]] == [2]
    seal = (await doors.client.get(f"/orders/{order}/seal", headers=own)).json()
    assert (seal["state"], seal["verdict"], seal["records"]) == (
        "unchanged",
        "Akte unverändert",
        2,
    )


async def test_another_members_order_looks_like_an_unknown_one(doors: Doors, filed: dict[str, Any]):
    other = await doors.account(("auditor", filed["district"])) | member(filed["district"])
    order = filed["events"][0].event.order_id
    foreign = await doors.client.get(f"/orders/{order}/file", headers=other)
    unknown = await doors.client.get(f"/orders/{new_id()}/file", headers=other)
    assert (foreign.status_code, foreign.json()) == (404, unknown.json())
    whole = await doors.account(("auditor", None))
    assert (await doors.client.get(f"/orders/{order}/file", headers=whole)).status_code == 200


async def test_checkpoints_key_and_verifier_are_for_every_account(
    doors: Doors, filed: dict[str, Any], signing_key: Any
):
    anyone = await doors.account(("requester", filed["town"]))
    listed = (await doors.client.get("/checkpoints", headers=anyone)).json()
    assert [(checkpoint["chains"], checkpoint["records"]) for checkpoint in listed] == [(3, 7)]
    latest = (await doors.client.get("/checkpoints/latest", headers=anyone)).json()
    assert latest == listed[0]["document"]
    assert set(latest) == {"format", "number", "time", "root", "previous", "signature"}
    assert (await doors.client.get("/checkpoints/1", headers=anyone)).json() == latest
    assert (await doors.client.get("/checkpoints?after=1", headers=anyone)).json() == []
    gone = await doors.client.get("/checkpoints/2", headers=anyone)
    assert (gone.status_code, gone.json()["code"]) == (404, "checkpoint_unknown")
    pem = (await doors.client.get("/public-key", headers=anyone)).content
    assert load_pem_public_key(pem) == signing_key.public_key()
    verifier = await doors.client.get("/verifier", headers=anyone)
    assert verifier.headers["content-type"].startswith("text/x-python")
    compile(verifier.text, "marktbund_verify.py", "exec")


@pytest.mark.parametrize("path", ["/checkpoints", "/public-key", "/verifier", "/chains"])
async def test_strangers_get_nothing(doors: Doors, path: str):
    assert (await doors.client.get(path)).status_code == 401
    unknown = await doors.client.get(path, headers=doors.token("nobody"))
    assert (unknown.status_code, unknown.json()["code"]) == (403, "not_authorised")


async def test_an_export_names_the_checkpoint_it_proves(doors: Doors, filed: dict[str, Any]):
    own = await doors.account(("auditor", filed["town"])) | member(filed["town"])
    answer = await doors.client.get("/member/export", headers=own)
    document = answer.json()
    assert (document["chain"], document["covered"]["checkpoint"]) == (str(filed["town"]), 1)
    assert [record["seq"] for record in document["records"]] == [1, 2, 3, 4]
    assert answer.headers["content-disposition"] == 'attachment; filename="akte-1.json"'
    named = await doors.client.get("/member/export?checkpoint=1", headers=own)
    assert named.json() == document
    missing = await doors.client.get("/member/export?checkpoint=7", headers=own)
    assert (missing.status_code, missing.json()["code"]) == (404, "checkpoint_unknown")


async def test_an_export_is_written_page_by_page(
    doors: Doors, filed: dict[str, Any], signing_key: Any
):
    key = signing_key.public_key()
    export = await exports.prepared(doors.database, key, str(filed["town"]), None)
    parts = [part async for part in exports.stream(doors.database, export)]
    assert len(parts) == 3
    assert json.loads("".join(parts))["format"] == "marktbund-export/1"


@pytest.mark.parametrize(
    ("quota", "ends"),
    [("verifications", "verification"), ("exports", "export")],
)
async def test_whole_chains_are_read_one_at_a_time_and_so_often(
    doors: Doors, filed: dict[str, Any], quota: str, ends: str
):
    own = await doors.account(("auditor", filed["town"])) | member(filed["town"])
    paths = (f"/member/{ends}", f"/chains/{filed['town']}/{ends}")
    person = await doors.database.connection.scalar(text("SELECT person_id FROM principal"))
    usual = doors.app.state.quotas
    doors.app.state.quotas = Quotas({quota: 2})
    try:
        with doors.app.state.quotas.alone(quota, str(person), "Etwas"):
            busy = [await doors.client.get(path, headers=own) for path in paths]
        read = [await doors.client.get(path, headers=own) for path in (*paths, *paths)]
    finally:
        doors.app.state.quotas = usual
    assert [answer.json()["code"] for answer in busy] == ["already_running"] * 2
    assert [answer.status_code for answer in read] == [200, 200, 429, 429]


async def test_a_chain_without_checkpoint_is_exported_without_proof(doors: Doors, build: Any):
    auditor = await doors.account(("auditor", None))
    holder = Holder("sealer", new_id())
    await doors.database.connection.execute(
        text("UPDATE lease SET owner = :owner, lease_until = 'infinity' WHERE task = 'sealer'"),
        {"owner": holder.owner},
    )
    async with doors.database.begin(Origin(correlation_id="c")) as uow:
        await build.take_in(uow, build.persons(1))
        await handlers.seal_batch(holder, uow)
    answer = await doors.client.get("/chains/cooperative/export", headers=auditor)
    assert (answer.json()["covered"], len(answer.json()["records"])) == (None, 1)
    latest = await doors.client.get("/checkpoints/latest", headers=auditor)
    assert (latest.status_code, latest.json()["code"]) == (404, "checkpoint_unknown")
