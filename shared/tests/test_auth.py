"""Who may pass which door: the token says who, the people replica decides."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock
from marktbund.auth import (
    Actor,
    AnyAccount,
    Official,
    cooperative_role,
    member_role,
)
from marktbund.composition import Service
from marktbund.contracts.members import Grant, Mandate, PersonState
from marktbund.ids import new_id
from marktbund.principals import keep_principal
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, doors_of

router = APIRouter()


@router.get("/member")
async def member_door(
    actor: Annotated[Actor, Depends(member_role("requester", "approver"))],
) -> dict[str, Any]:
    return asdict(actor)


@router.get("/cooperative")
async def cooperative_door(
    official: Annotated[Official, Depends(cooperative_role("office", "auditor"))],
) -> dict[str, Any]:
    return asdict(official)


@router.get("/anybody")
async def open_door(account: AnyAccount) -> dict[str, Any]:
    return {"person_id": account.person_id}


@pytest.fixture
def doors(connection: AsyncConnection, platform: ServiceDatabase) -> Doors:
    service = Service(name="members", title="Türen", routers=[router])
    return doors_of(service, connection, platform.app_url)


def day(ahead: int) -> date:
    """So many days after today in Berlin, which a long run of tests does not end on."""
    return clock.business_date(clock.now()) + timedelta(days=ahead)


def person(**more: Any) -> PersonState:
    usual = {"version": 1, "person_id": new_id(), "kind": "person", "sub": "sub-1", "active": True}
    return PersonState.model_validate({"grants": ()} | usual | more)


async def knock(
    doors: Doors, path: str, state: PersonState | None, **headers: str
) -> httpx.Response:
    if state is not None:
        await keep_principal(state, doors.database.connection)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await doors.client.get(path, headers=doors.token("sub-1") | named)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_role_opens_at_its_member(doors: Doors):
    town = new_id()
    state = person(grants=(Grant(role="auditor"), Grant(role="approver", member_id=town)))
    answer = await knock(doors, "/member", state, Member=str(town))
    expected = {"person_id": str(state.person_id), "role": "approver"}
    assert answer.json() == expected | {"member_id": str(town), "acting_member_id": str(town)}


@pytest.mark.parametrize(
    "grants",
    [
        (),
        (Grant(role="requester", member_id=new_id()),),
        (Grant(role="award_office", member_id=UUID(int=1)),),
        (Grant(role="requester"),),
    ],
    ids=["none", "at another member", "another role", "of the cooperative"],
)
async def test_nothing_else_opens_a_members_door(doors: Doors, grants: tuple[Grant, ...]):
    answer = await knock(doors, "/member", person(grants=grants), Member=str(UUID(int=1)))
    assert code(answer) == (403, "not_authorised")
    assert answer.json()["detail"] == "Dafür ist eine dieser Rollen nötig: Bestellung, Genehmigung."


@pytest.mark.parametrize("member", [None, "Musterstadt", "", f"{UUID(int=1)}0"])
async def test_the_member_must_be_named(doors: Doors, member: str | None):
    headers = {} if member is None else {"Member": member}
    answer = await knock(doors, "/member", person(), **headers)
    assert answer.status_code in {400, 422}
    assert answer.json()["field"].lower() == "member"


@pytest.mark.parametrize(
    ("starts", "ends", "opens"),
    [(0, None, True), (0, 0, True), (-1, 1, True), (1, None, False), (-2, -1, False)],
)
async def test_a_mandate_holds_between_its_dates_inclusive(doors: Doors, starts, ends, opens):
    acting, needing = new_id(), new_id()
    dates = {"valid_from": day(starts), "valid_to": None if ends is None else day(ends)}
    mandate = Mandate(acting_member_id=acting, member_id=needing, **dates)
    state = person(grants=(Grant(role="requester", member_id=acting),), mandates=(mandate,))
    answer = await knock(doors, "/member", state, Member=str(acting), On_Behalf_Of=str(needing))
    if opens:
        body = answer.json()
        assert (body["member_id"], body["acting_member_id"]) == (str(needing), str(acting))
    else:
        assert code(answer) == (403, "no_mandate")


@pytest.mark.parametrize(("at", "opens"), [(day(-3), True), (day(0), False), (day(9), False)])
async def test_a_mandate_is_judged_by_the_business_day(doors: Doors, at: date, opens: bool):
    acting, needing = new_id(), new_id()
    dates = {"valid_from": day(-5), "valid_to": day(-2)}
    mandate = Mandate(acting_member_id=acting, member_id=needing, **dates)
    state = person(grants=(Grant(role="requester", member_id=acting),), mandates=(mandate,))
    named = {"Member": str(acting), "On_Behalf_Of": str(needing)}
    driven = {"Business_Time": f"{at}T10:00:00+02:00"}
    answer = await knock(doors, "/member", state, **named, **driven)
    assert answer.status_code == (200 if opens else 403)
    doors.app.state.driven_clock = False
    try:
        answer = await knock(doors, "/member", None, **named, **driven)
    finally:
        doors.app.state.driven_clock = True
    assert code(answer) == (403, "no_mandate")


async def test_a_mandate_is_for_one_member_and_of_one_member(doors: Doors):
    acting, needing, third = new_id(), new_id(), new_id()
    mandate = Mandate(acting_member_id=acting, member_id=needing, valid_from=day(0))
    grants = tuple(Grant(role="requester", member_id=holder) for holder in (acting, third))
    state = person(grants=grants, mandates=(mandate,))
    for member, behalf in ((acting, third), (third, needing), (needing, acting)):
        answer = await knock(doors, "/member", state, Member=str(member), On_Behalf_Of=str(behalf))
        assert answer.status_code == 403
    own = await knock(doors, "/member", state, Member=str(third), On_Behalf_Of=str(third))
    assert own.status_code == 200


async def test_a_mandate_without_a_role_opens_nothing(doors: Doors):
    acting, needing = new_id(), new_id()
    mandate = Mandate(acting_member_id=acting, member_id=needing, valid_from=day(0))
    state = person(mandates=(mandate,))
    answer = await knock(doors, "/member", state, Member=str(acting), On_Behalf_Of=str(needing))
    assert code(answer) == (403, "not_authorised")


async def test_a_cooperative_role_is_held_for_all(doors: Doors):
    state = person(grants=(Grant(role="office"),))
    answer = await knock(doors, "/cooperative", state)
    assert answer.json() == {"person_id": str(state.person_id), "role": "office"}
    assert code(await knock(doors, "/member", None, Member=str(new_id())))[0] == 403


async def test_a_role_at_a_member_is_none_for_the_cooperative(doors: Doors):
    state = person(grants=(Grant(role="auditor", member_id=new_id()), Grant(role="operator")))
    assert code(await knock(doors, "/cooperative", state)) == (403, "not_authorised")


@pytest.mark.parametrize("path", ["/member", "/cooperative", "/anybody"])
async def test_inactive_and_unknown_accounts_look_the_same(doors: Doors, path: str):
    town = new_id()
    unknown = await knock(doors, path, None, Member=str(town))
    grants = (Grant(role="requester", member_id=town), Grant(role="office"))
    inactive = await knock(doors, path, person(active=False, grants=grants), Member=str(town))
    assert code(unknown) == code(inactive) == (403, "not_authorised")
    assert unknown.json() == inactive.json()


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Basic YTpi", "token"])
async def test_without_a_bearer_token_nobody_is_known(doors: Doors, header: str | None):
    headers = {} if header is None else {"Authorization": header}
    answer = await doors.client.get("/anybody", headers=headers)
    assert code(answer) == (401, "token_missing")


async def test_a_bad_token_ends_at_the_door(doors: Doors):
    answer = await doors.client.get("/anybody", headers={"Authorization": "Bearer a.b.c"})
    assert code(answer) == (401, "token_invalid")


async def test_an_older_state_of_an_account_changes_nothing(doors: Doors):
    town = new_id()
    state = person(version=2, grants=(Grant(role="requester", member_id=town),))
    assert (await knock(doors, "/member", state, Member=str(town))).status_code == 200
    older = state.model_copy(update={"version": 1, "grants": ()})
    assert (await knock(doors, "/member", older, Member=str(town))).status_code == 200
    newer = state.model_copy(update={"version": 3, "active": False})
    assert (await knock(doors, "/member", newer, Member=str(town))).status_code == 403
