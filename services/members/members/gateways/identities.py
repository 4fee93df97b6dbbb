"""Accounts at Keycloak by its administration: made, kept, closed; all of it can be repeated.

Signs in as a client of the realm that may manage users and nothing else.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self
from urllib.parse import quote

import httpx
import structlog
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter
from pydantic.alias_generators import to_camel

from members.domain.sign_ins import SignInOutcome, WantedSignIn

SECONDS = 15.0
INVITATION_SECONDS = 3 * 24 * 3600
SECOND_FACTOR = "second-factor"
"""The realm's role of those whom it asks for a second factor."""
_RENEW_BEFORE = 20.0
_log = structlog.get_logger(__name__)
_GONE, _UNAUTHENTICATED = 404, 401
_NEVER = frozenset({400, 409, 422})
"""Keycloak does not take the account as it is, or its address belongs to another one there."""


class Identities(Protocol):
    """Whoever signs people in."""

    async def __call__(self, wanted: WantedSignIn) -> SignInOutcome:
        """Bring one account to what is wanted; every way to fail is an answer."""


@dataclass(frozen=True, slots=True)
class Administration:
    """Where and as whom. url: up to what stands before `/realms`.

    demo_password: every new account's, in a demo; None: people are invited by mail to set one.
    """

    url: str
    realm: str
    client_id: str
    secret: str
    demo_password: str | None = None


class _Representation(BaseModel):
    """What Keycloak says of something; what is not named here goes back to it as it came."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True
    )

    @property
    def document(self) -> JsonValue:
        """The JSON that Keycloak takes: what it said itself, and what was changed of it."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class KeycloakAccount(_Representation):
    """An account there, by its id there."""

    id: str
    email: str | None = None
    email_verified: bool | None = None
    enabled: bool | None = None

    def having(self, **changed: str | bool) -> Self:
        """The same with these fields changed."""
        return self.model_copy(update=changed)


class KeycloakRole(_Representation):
    """A role of the realm."""

    name: str


class _GivenToken(BaseModel):
    access_token: str
    expires_in: float


_ACCOUNTS = TypeAdapter(list[KeycloakAccount])
_ROLES = TypeAdapter(list[KeycloakRole])


class RefusedError(Exception):
    """Keycloak answered with an error; `code` says which."""

    def __init__(self, status: int) -> None:
        super().__init__(f"http_{status}")
        self.status = status
        self.code = f"http_{status}"


class RoleMissingError(RefusedError):
    """The realm has no role for those who need a second factor: it was not brought up to date."""

    def __init__(self) -> None:
        super().__init__(_GONE)
        self.code = "role_missing"


class Keycloak:
    """The real one."""

    def __init__(self, at: Administration, client: httpx.AsyncClient | None = None) -> None:
        self._at = at
        self._client = client or httpx.AsyncClient(timeout=SECONDS, trust_env=False)
        self._token = ""
        self._ends = 0.0

    async def __call__(self, wanted: WantedSignIn) -> SignInOutcome:
        """Make, keep or close one account. A closed one is signed out everywhere."""
        try:
            account = await self._find(wanted)
            if not wanted.active:
                return await self._close(account)
            if not wanted.made or wanted.email is None:
                return await self._of_others(account, wanted)
            sub = await self._keep(account, wanted.email) if account else await self._make(wanted)
            await self._keep_factor(sub, wanted, known=account is not None)
            return await self._invited(sub, wanted)
        except RefusedError as error:
            # Closing is never given up: somebody could still sign in.
            never = wanted.active and error.status in _NEVER
            return SignInOutcome(done=False, reason=error.code, refused=never)
        except (httpx.HTTPError, KeyError, ValueError) as error:
            return SignInOutcome(done=False, reason=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - whatever it is, this call is over
            _log.exception("sign_in_call_failed", person_id=str(wanted.person_id))
            return SignInOutcome(done=False, reason=type(error).__name__)

    async def close(self) -> None:
        """Give up the connections."""
        await self._client.aclose()

    async def _find(self, wanted: WantedSignIn) -> KeycloakAccount | None:
        if wanted.made:
            asked = {"username": str(wanted.person_id), "exact": "true"}
            matching = _ACCOUNTS.validate_json((await self._call("GET", "", params=asked)).content)
            return matching[0] if matching else None
        answer = await self._call("GET", f"/{quote(wanted.sub, safe='')}", allowed=_GONE)
        if answer.status_code == _GONE:
            return None
        return KeycloakAccount.model_validate_json(answer.content)

    async def _make(self, wanted: WantedSignIn) -> str:
        password = self._at.demo_password
        account: dict[str, JsonValue] = {
            "username": str(wanted.person_id),
            "email": wanted.email,
            "emailVerified": True,
            "enabled": True,
        }
        if password is None:
            account["requiredActions"] = ["UPDATE_PASSWORD"]
        else:
            account["credentials"] = [{"type": "password", "value": password, "temporary": False}]
        answer = await self._call("POST", "", body=account)
        return answer.headers["location"].rpartition("/")[2]

    async def _keep(self, account: KeycloakAccount, email: str) -> str:
        changed = account.having(email=email, email_verified=True, enabled=True)
        if changed != account:
            await self._call("PUT", f"/{account.id}", body=changed.document)
        return account.id

    async def _close(self, account: KeycloakAccount | None) -> SignInOutcome:
        if account is None:
            return SignInOutcome(done=True)
        await self._call("PUT", f"/{account.id}", body=account.having(enabled=False).document)
        await self._call("POST", f"/{account.id}/logout")
        return SignInOutcome(done=True, sub=account.id)

    async def _of_others(
        self, account: KeycloakAccount | None, wanted: WantedSignIn
    ) -> SignInOutcome:
        # Whoever made the account keeps it; what its roles demand of it is ours to say.
        if account is None:
            return SignInOutcome(done=not wanted.second_factor, reason="account_unknown")
        await self._keep_factor(account.id, wanted, known=True)
        return SignInOutcome(done=True)

    async def _keep_factor(self, sub: str, wanted: WantedSignIn, *, known: bool) -> None:
        path = f"/{quote(sub, safe='')}/role-mappings/realm"
        held = await self._factors(path)
        if held and not wanted.second_factor:
            await self._call("DELETE", path, body=held)
        if held or not wanted.second_factor:
            return
        roles = await self._factors(f"{path}/available")
        if not roles:
            raise RoleMissingError
        await self._call("POST", path, body=roles)
        if known and self._at.demo_password is None:
            # A sign-in by password alone must not go on for the rest of the day.
            await self._call("POST", f"/{quote(sub, safe='')}/logout")

    async def _factors(self, path: str) -> list[JsonValue]:
        roles = _ROLES.validate_json((await self._call("GET", path)).content)
        return [role.document for role in roles if role.name == SECOND_FACTOR]

    async def _invited(self, sub: str, wanted: WantedSignIn) -> SignInOutcome:
        if self._at.demo_password is not None or wanted.invited:
            return SignInOutcome(done=True, sub=sub)
        asked = {"lifespan": str(INVITATION_SECONDS)}
        path = f"/{sub}/execute-actions-email"
        steps: list[JsonValue] = ["UPDATE_PASSWORD"]
        if wanted.second_factor:
            steps.append("CONFIGURE_TOTP")
        try:
            await self._call("PUT", path, params=asked, body=steps)
        except RefusedError as error:  # the account is there: only its mail has to be sent again
            return SignInOutcome(done=False, sub=sub, reason=f"invitation_{error.code}")
        return SignInOutcome(done=True, sub=sub, invited=True)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        allowed: int | None = None,
        params: Mapping[str, str] | None = None,
        body: JsonValue = None,
    ) -> httpx.Response:
        if time.monotonic() >= self._ends:
            await self._sign_in()
        url = f"{self._at.url}/admin/realms/{self._at.realm}/users{path}"
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = await self._client.request(method, url, headers=headers, params=params, json=body)
        if answer.status_code == _UNAUTHENTICATED:
            self._ends = 0.0
        if answer.is_error and answer.status_code != allowed:
            raise RefusedError(answer.status_code)
        return answer

    async def _sign_in(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._at.client_id,
            "client_secret": self._at.secret,
        }
        url = f"{self._at.url}/realms/{self._at.realm}/protocol/openid-connect/token"
        answer = await self._client.post(url, data=form)
        if answer.is_error:
            raise RefusedError(answer.status_code)
        given = _GivenToken.model_validate_json(answer.content)
        self._token = given.access_token
        self._ends = time.monotonic() + given.expires_in - _RENEW_BEFORE
