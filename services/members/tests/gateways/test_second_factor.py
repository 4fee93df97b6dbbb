"""Whoever moves money or gives roles is asked for a second factor: Keycloak is told of it."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, get_args
from uuid import UUID

import httpx
import pytest

from marktbund import clock
from marktbund.contracts.members import Grant, Role
from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from members.commands import FirstOffice
from members.domain.sign_ins import SignInOutcome, WantedSignIn, demands_second_factor
from members.gateways.identities import SECOND_FACTOR, Administration, Keycloak
from members.jobs import Provisioner, bootstrap
from services.members.tests.people import House, settled

TOWN = UUID(int=1)
AT_MEMBER = {"approver", "award_office", "finance", "member_admin"}
HARMLESS = {"requester", "receiver", "expert"}


@pytest.mark.parametrize("role", get_args(Role))
def test_roles_of_the_cooperative_and_those_that_move_money_demand_a_second_factor(role: Role):
    assert demands_second_factor("person", [Grant(role=role)])
    at_member = [Grant(role=role, member_id=TOWN)]
    assert demands_second_factor("person", at_member) == (role in AT_MEMBER)
    assert not demands_second_factor("machine", [Grant(role=role)])


def test_roles_that_come_later_are_looked_at_too():
    of_cooperative = {"procurement", "office", "board", "operator", "auditor"}
    assert set(get_args(Role)) == AT_MEMBER | HARMLESS | of_cooperative


@dataclass
class Realm:
    """Keycloak's administration of users in memory, as far as members asks it."""

    roles: list[str] = field(default_factory=lambda: [SECOND_FACTOR])
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    held: dict[str, set[str]] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    invited: dict[str, list[str]] = field(default_factory=dict)

    def user(self, sub: str) -> None:
        self.users[sub] = {"id": sub, "username": sub}
        self.held[sub] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json={"access_token": "x", "expires_in": 300})
        path = request.url.path.removeprefix("/auth/admin/realms/marktbund/users")
        sub, _, rest = path.removeprefix("/").partition("/")
        if not sub:
            return self._all(request)
        if sub not in self.users:
            return httpx.Response(404)
        body = httpx.Response(200, content=request.content or b"[]").json()
        return self._answer_to(request.method, sub, rest, body)

    def _all(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            name = request.url.params["username"]
            known = [user for user in self.users.values() if user["username"] == name]
            return httpx.Response(200, json=known)
        self.user("made")
        return httpx.Response(201, headers={"location": "http://k/users/made"})

    def _answer_to(self, method: str, sub: str, rest: str, body: Any) -> httpx.Response:
        held = self.held[sub]
        if rest == "logout":
            self.ended.append(sub)
        elif rest == "execute-actions-email":
            self.invited[sub] = body
        elif re.fullmatch("role-mappings/realm(/available)?", rest):
            if method == "GET":
                free = rest.endswith("available")
                names = [name for name in self.roles if (name in held) != free]
                return httpx.Response(200, json=[{"id": name, "name": name} for name in names])
            names = {role["name"] for role in body}
            self.held[sub] = held | names if method == "POST" else held - names
        return httpx.Response(200, json=self.users[sub])


def wanted(sub: str, *, made: bool = False, second_factor: bool = True) -> WantedSignIn:
    return WantedSignIn(
        new_id(),
        sub,
        made=made,
        active=True,
        email="e@stadt.example" if made else None,
        invited=False,
        second_factor=second_factor,
    )


async def provide(
    realm: Realm, *accounts: WantedSignIn, demo: str | None = None
) -> list[SignInOutcome]:
    at = Administration("http://k/auth", "marktbund", "people-provisioner", "secret", demo)
    keycloak = Keycloak(at, httpx.AsyncClient(transport=httpx.MockTransport(realm)))
    try:
        return [await keycloak(account) for account in accounts]
    finally:
        await keycloak.close()


async def test_an_account_of_somebody_else_gets_the_role_and_signs_in_anew():
    realm = Realm()
    realm.user("known")
    assert await provide(realm, *[wanted("known")] * 2) == [SignInOutcome(done=True)] * 2
    assert realm.held == {"known": {SECOND_FACTOR}}
    assert realm.ended == ["known"]


async def test_a_new_account_is_invited_to_enrol_with_its_password():
    realm = Realm()
    (answer,) = await provide(realm, wanted("x", made=True))
    assert answer == SignInOutcome(done=True, sub="made", invited=True)
    assert realm.held == {"made": {SECOND_FACTOR}}
    assert (realm.invited, realm.ended) == ({"made": ["UPDATE_PASSWORD", "CONFIGURE_TOTP"]}, [])


async def test_who_needs_none_is_not_asked_and_a_role_taken_away_takes_it_away():
    realm = Realm()
    realm.user("known")
    await provide(realm, wanted("known"), wanted("known", second_factor=False))
    assert realm.held == {"known": set()}
    await provide(realm, wanted("x", made=True, second_factor=False))
    assert (realm.held["made"], realm.invited["made"]) == (set(), ["UPDATE_PASSWORD"])


async def test_an_account_that_is_not_there_yet_is_told_of_again():
    realm = Realm()
    assert await provide(realm, wanted("later")) == [
        SignInOutcome(done=False, reason="account_unknown")
    ]
    realm.user("later")
    assert await provide(realm, wanted("later")) == [SignInOutcome(done=True)]
    assert realm.held == {"later": {SECOND_FACTOR}}


async def test_a_realm_without_the_role_is_a_reason_to_try_again():
    realm = Realm(roles=[])
    realm.user("known")
    assert await provide(realm, wanted("known")) == [
        SignInOutcome(done=False, reason="role_missing")
    ]


async def test_a_demo_throws_nobody_out():
    realm = Realm()
    realm.user("known")
    await provide(realm, wanted("known"), demo="marktbund")
    assert (realm.held, realm.ended) == ({"known": {SECOND_FACTOR}}, [])


async def demanded(house: House) -> dict[str, bool]:
    """What Keycloak is told now: token subject -> whether a second factor is demanded."""
    demands: dict[str, bool] = {}

    async def heard(account: WantedSignIn) -> SignInOutcome:
        demands[account.sub] = account.second_factor
        return SignInOutcome(done=True)

    await Provisioner(heard, lambda: clock.now() + timedelta(seconds=1))(house.doors.database)
    return demands


async def test_keycloak_hears_of_a_role_that_comes_and_of_one_that_goes(doors: Doors):
    house = await settled(doors)
    requester = {"role": "requester", "member_id": house.town}
    person = await house.register(requester, {"role": "approver", "member_id": house.town})
    assert await demanded(house) == {}
    request = await house.request(person["person_id"], "approver", house.town)
    assert (await house.confirm(request, house.second))[0] == 200
    assert await demanded(house) == {person["sub"]: True}
    assert await demanded(house) == {}
    path = f"/persons/{person['person_id']}/grants"
    status, _ = await house.call("PUT", path, house.office, {"grants": [requester], "mandates": []})
    assert status == 200
    assert await demanded(house) == {person["sub"]: False}


async def test_the_first_office_account_is_told_of(doors: Doors):
    await bootstrap(doors.database, [FirstOffice(sub="first")])
    house = House(doors, {}, {}, "", "")
    assert await demanded(house) == {"first": True}
