"""Every door of documentation at its bounds: what is asked wrongly, and by whom nothing is."""

from typing import Any

import pytest

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors

MEMBER = str(new_id())
CHAINS_OF_ALL = ("/chains", "/chains/cooperative/verification", "/chains/cooperative/export")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/chains?limit=0", "limit"),
        ("/chains?limit=501", "limit"),
        (f"/chains?after={'x' * 65}", "after"),
        (f"/chains/{'x' * 65}/verification", "chain_id"),
        ("/chains/cooperative/export?checkpoint=0", "checkpoint"),
        (f"/chains/cooperative/export?checkpoint={2**53}", "checkpoint"),
        ("/orders/x/file", "order_id"),
        (f"/orders/{new_id()}/file?after=-1", "after"),
        (f"/orders/{new_id()}/file?limit=501", "limit"),
        ("/orders/x/seal", "order_id"),
        ("/checkpoints?after=-1", "after"),
        ("/checkpoints?limit=0", "limit"),
        ("/checkpoints/0", "number"),
        (f"/checkpoints/{2**53}", "number"),
        ("/anchors/gestern", "day"),
        ("/anchors/2026-02-30/time-stamp", "day"),
    ],
)
async def test_what_cannot_be_asked_names_its_field(doors: Doors, path: str, field: str):
    auditor = await doors.account(("auditor", None))
    refused = await doors.client.get(path, headers=auditor)
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"/chains/{new_id()}/verification", "chain_unknown"),
        (f"/chains/{new_id()}/export", "chain_unknown"),
        (f"/orders/{new_id()}/file", "order_file_unknown"),
        (f"/orders/{new_id()}/seal", "order_file_unknown"),
        ("/checkpoints/7", "checkpoint_unknown"),
        ("/checkpoints/latest", "checkpoint_unknown"),
        ("/anchors/2026-05-04", "anchor_unknown"),
        ("/anchors/2026-05-04/time-stamp", "time_stamp_unknown"),
    ],
)
async def test_what_is_not_there_is_said_by_its_code(doors: Doors, path: str, code: str):
    auditor = await doors.account(("auditor", None))
    missing = await doors.client.get(path, headers=auditor)
    assert (missing.status_code, missing.json()["code"]) == (404, code)
    assert missing.json()["title"]


@pytest.mark.parametrize("role", ["procurement", "board"])
@pytest.mark.parametrize("path", [*CHAINS_OF_ALL, f"/orders/{new_id()}/file"])
async def test_other_roles_of_the_cooperative_read_no_chain(doors: Doors, role: str, path: str):
    headers = await doors.account((role, None))
    assert (await doors.client.get(path, headers=headers)).status_code == 403


@pytest.mark.parametrize("role", ["requester", "approver", "finance", "receiver"])
@pytest.mark.parametrize("path", ["/member/verification", "/member/export", *CHAINS_OF_ALL])
async def test_members_people_without_the_office_read_no_chain(doors: Doors, role: str, path: str):
    headers = await doors.account((role, MEMBER)) | {"Member": MEMBER}
    assert (await doors.client.get(path, headers=headers)).status_code == 403


@pytest.mark.parametrize("path", ["/member/verification", "/member/export"])
async def test_a_member_has_to_be_named(doors: Doors, path: str):
    headers = await doors.account(("auditor", MEMBER))
    refused = await doors.client.get(path, headers=headers)
    assert (refused.status_code, refused.json()["field"]) == (400, "Member")


async def test_an_auditor_of_one_member_is_nobody_at_another(doors: Doors):
    headers = await doors.account(("auditor", MEMBER)) | {"Member": str(new_id())}
    for path in ("/member/verification", "/member/export", f"/orders/{new_id()}/file"):
        assert (await doors.client.get(path, headers=headers)).status_code == 403


async def test_without_any_checkpoint_signing_stands_at_its_beginning(doors: Doors):
    anyone = await doors.account(("requester", MEMBER))
    answer = await doors.client.get("/signing", headers=anyone)
    assert answer.status_code == 200
    assert answer.json() == {
        "state": "signing",
        "reason": None,
        "sentence": "Prüfpunkte werden signiert.",
        "detail": "",
        "since": None,
        "number": None,
        "time": None,
    }


async def test_lists_of_an_empty_file_are_empty_and_name_no_next_page(doors: Doors):
    auditor = await doors.account(("auditor", None))
    for path in ("/chains", "/checkpoints"):
        answer = await doors.client.get(path, headers=auditor)
        assert (answer.json(), answer.headers.get("link")) == ([], None)


async def test_no_door_of_the_file_changes_anything(doors: Doors):
    auditor: dict[str, Any] = await doors.account(("auditor", None))
    for path in ("/chains", "/checkpoints", "/signing", "/verifier"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = await doors.client.request(method, path, headers=auditor)
            assert answer.status_code == 405
