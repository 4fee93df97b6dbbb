"""What Keycloak is asked in which order, and how each of its answers ends: kept, again, never."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest

from members.domain.sign_ins import SignInOutcome, WantedSignIn
from members.gateways.identities import Administration, Keycloak

ERIKA = UUID(int=100)
KNOWN = {
    "id": "kc-1",
    "username": str(ERIKA),
    "email": "erika@stadt.example",
    "emailVerified": True,
    "enabled": True,
    "firstName": "Erika",
    "attributes": {"locale": ["de"]},
    "notBefore": 0,
}
FACTOR = {"id": "r-1", "name": "second-factor", "composite": False}


@dataclass
class Administrator:
    """Keycloak's administration as one account sees it, with what it was asked.

    failing: method and path -> the status it answers instead.
    """

    account: dict[str, Any] | None = field(default_factory=lambda: dict(KNOWN))
    held: list[dict[str, Any]] = field(default_factory=list)
    failing: dict[tuple[str, str], int] = field(default_factory=dict)
    expires_in: float = 300
    asked: list[tuple[str, str]] = field(default_factory=list)
    bodies: dict[tuple[str, str], Any] = field(default_factory=dict)
    signed_in: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/auth/realms/marktbund/protocol/openid-connect/token":
            self.signed_in += 1
            status = self.failing.get(("POST", "token"), 200)
            body = {"access_token": f"t-{self.signed_in}", "expires_in": self.expires_in}
            return httpx.Response(status, json=body)
        raw = request.url.raw_path.decode().partition("?")[0]
        asked = request.method, raw.removeprefix("/auth/admin/realms/marktbund/users")
        self.asked.append(asked)
        self.bodies[asked] = json.loads(request.content) if request.content else None
        assert request.headers["Authorization"] == f"Bearer t-{self.signed_in}"
        if asked in self.failing:
            return httpx.Response(self.failing[asked])
        return self.answer(request, asked)

    def answer(self, request: httpx.Request, asked: tuple[str, str]) -> httpx.Response:
        match asked:
            case ("GET", ""):
                assert request.url.params == httpx.QueryParams(username=str(ERIKA), exact="true")
                return httpx.Response(200, json=[self.account] if self.account else [])
            case ("POST", ""):
                return httpx.Response(201, headers={"location": "http://k/users/kc-new"})
            case ("GET", path) if path.endswith("/available"):
                return httpx.Response(200, json=[FACTOR, {"id": "r-2", "name": "other"}])
            case ("GET", path) if path.endswith("/realm"):
                return httpx.Response(200, json=self.held)
            case ("GET", _):
                known = self.account is not None
                return httpx.Response(200 if known else 404, json=self.account)
            case _:
                return httpx.Response(204)

    @property
    def changes(self) -> list[tuple[str, str]]:
        """What was asked for that changes something."""
        return [asked for asked in self.asked if asked[0] != "GET"]


def wanted(**changed: Any) -> WantedSignIn:
    usual = {"sub": "kc-1", "made": True, "active": True, "email": "erika@stadt.example"}
    return WantedSignIn(ERIKA, **({**usual, "invited": True} | changed))


async def tell(there: Administrator, *accounts: WantedSignIn) -> list[SignInOutcome]:
    at = Administration("http://k/auth", "marktbund", "people-provisioner", "secret")
    keycloak = Keycloak(at, httpx.AsyncClient(transport=httpx.MockTransport(there)))
    try:
        return [await keycloak(account) for account in accounts]
    finally:
        await keycloak.close()


KEPT = SignInOutcome(done=True, sub="kc-1")


async def test_an_account_as_it_shall_be_is_left_alone():
    there = Administrator()
    assert await tell(there, wanted()) == [KEPT]
    assert there.changes == []


@pytest.mark.parametrize(
    "differs",
    [{"email": "old@stadt.example"}, {"emailVerified": False}, {"enabled": False}],
)
async def test_an_account_that_differs_is_set_and_keeps_all_else_that_keycloak_said(differs):
    there = Administrator(account=KNOWN | differs)
    assert await tell(there, wanted()) == [KEPT]
    assert there.changes == [("PUT", "/kc-1")]
    assert there.bodies["PUT", "/kc-1"] == KNOWN


async def test_an_account_without_an_address_gets_it():
    account = {name: value for name, value in KNOWN.items() if name != "email"}
    there = Administrator(account=account)
    await tell(there, wanted())
    assert there.bodies["PUT", "/kc-1"] == KNOWN


async def test_a_new_account_is_made_under_the_persons_id_and_invited():
    there = Administrator(account=None)
    [outcome] = await tell(there, wanted(invited=False))
    assert outcome == SignInOutcome(done=True, sub="kc-new", invited=True)
    assert there.changes == [("POST", ""), ("PUT", "/kc-new/execute-actions-email")]
    assert there.bodies["POST", ""] == {
        "username": str(ERIKA),
        "email": "erika@stadt.example",
        "emailVerified": True,
        "enabled": True,
        "requiredActions": ["UPDATE_PASSWORD"],
    }


async def test_who_was_invited_is_not_invited_again():
    there = Administrator(account=None)
    assert await tell(there, wanted()) == [SignInOutcome(done=True, sub="kc-new")]
    assert there.changes == [("POST", "")]


async def test_an_invitation_that_fails_is_tried_again_with_the_account_that_is_there():
    there = Administrator(failing={("PUT", "/kc-1/execute-actions-email"): 500})
    assert await tell(there, wanted(invited=False)) == [
        SignInOutcome(done=False, sub="kc-1", reason="invitation_http_500")
    ]


async def test_a_closed_account_is_disabled_and_signed_out_and_keeps_all_else():
    there = Administrator()
    assert await tell(there, wanted(active=False, email=None)) == [KEPT]
    assert there.changes == [("PUT", "/kc-1"), ("POST", "/kc-1/logout")]
    assert there.bodies["PUT", "/kc-1"] == KNOWN | {"enabled": False}


async def test_an_account_that_is_not_there_is_closed_already():
    for made in (True, False):
        there = Administrator(account=None)
        closed = wanted(active=False, email=None, made=made)
        assert await tell(there, closed) == [SignInOutcome(done=True)]
        assert there.changes == []


async def test_an_account_of_somebody_else_is_found_by_its_id_whatever_is_in_it():
    there = Administrator()
    await tell(there, wanted(made=False, sub="a/b?c", active=False))
    assert there.asked[0] == ("GET", "/a%2Fb%3Fc")


async def test_an_account_of_somebody_else_is_never_set():
    there = Administrator(account=KNOWN | {"email": "theirs@stadt.example"})
    assert await tell(there, wanted(made=False)) == [SignInOutcome(done=True)]
    assert there.changes == []


async def test_a_second_factor_comes_with_its_role_once_and_ends_the_sign_in():
    there = Administrator()
    assert await tell(there, wanted(second_factor=True)) == [KEPT]
    role = "/kc-1/role-mappings/realm"
    assert there.changes == [("POST", role), ("POST", "/kc-1/logout")]
    assert there.bodies["POST", role] == [FACTOR]
    there = Administrator(held=[FACTOR])
    await tell(there, wanted(second_factor=True))
    assert there.changes == []


async def test_a_second_factor_goes_with_its_role_and_leaves_the_others():
    there = Administrator(held=[{"id": "r-2", "name": "other"}, FACTOR])
    await tell(there, wanted())
    role = "/kc-1/role-mappings/realm"
    assert (there.changes, there.bodies["DELETE", role]) == ([("DELETE", role)], [FACTOR])


@pytest.mark.parametrize("status", [400, 409, 422])
async def test_what_keycloak_does_not_take_is_refused_until_it_changes(status: int):
    there = Administrator(account=None, failing={("POST", ""): status})
    assert await tell(there, wanted()) == [
        SignInOutcome(done=False, reason=f"http_{status}", refused=True)
    ]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_what_keycloak_cannot_do_now_is_tried_again(status: int):
    there = Administrator(account=None, failing={("POST", ""): status})
    assert await tell(there, wanted()) == [SignInOutcome(done=False, reason=f"http_{status}")]


@pytest.mark.parametrize("status", [400, 409, 500])
async def test_closing_is_never_given_up(status: int):
    there = Administrator(failing={("PUT", "/kc-1"): status})
    [outcome] = await tell(there, wanted(active=False, email=None))
    assert outcome == SignInOutcome(done=False, reason=f"http_{status}")
    there = Administrator(failing={("POST", "/kc-1/logout"): status})
    assert not (await tell(there, wanted(active=False, email=None)))[0].done


async def test_one_sign_in_serves_many_calls_until_shortly_before_its_end():
    there = Administrator()
    await tell(there, wanted(), wanted(), wanted())
    assert there.signed_in == 1
    there = Administrator(expires_in=20)
    await tell(there, wanted())
    assert there.signed_in == len(there.asked) == 2


async def test_a_token_that_is_taken_no_more_is_asked_for_anew():
    there = Administrator(failing={("GET", ""): 401})
    [first] = await tell(there, wanted())
    assert first.reason == "http_401"
    there = Administrator(failing={("GET", ""): 401})
    await tell(there, wanted(), wanted())
    assert there.signed_in == 2


@pytest.mark.parametrize("status", [401, 500])
async def test_without_a_sign_in_nothing_is_asked_and_nothing_is_given_up(status: int):
    there = Administrator(failing={("POST", "token"): status})
    assert await tell(there, wanted()) == [SignInOutcome(done=False, reason=f"http_{status}")]
    assert there.asked == []
