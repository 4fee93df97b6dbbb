"""The issuer of people's tokens: authorization code with PKCE, renewal, signing out everywhere.

OpenID Connect Core 1.0, RFC 7636 (PKCE, S256), RP-Initiated and Back-Channel Logout 1.0.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import httpx
import jwt
import structlog
from jwt import PyJWKSet
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from portal.clients.services import Unavailable
from portal.domain.sessions import Tokens

_ALGORITHMS = ["RS256", "ES256", "EdDSA"]
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_TIMEOUT_SECONDS = 10.0
_MESSAGE_LASTS = timedelta(minutes=2)
_OWN_SESSIONS = "own-sessions"
_JUDGED = (httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
"""How an issuer refuses (RFC 6749, 5.2). Anything else, such as a gateway's redirect or 404 while
the issuer is moved, says nothing of a sign-in and must not end it."""
_log = structlog.get_logger(__name__)
BACK = "/anmeldung/rueckkehr"
LEFT = "/abgemeldet"


class TokenGrant(BaseModel):
    """What the issuer gives for a code or a refresh token (RFC 6749). expires_in: seconds."""

    model_config = ConfigDict(frozen=True)

    access_token: str
    refresh_token: str = ""
    id_token: str = ""
    expires_in: int = 60


class Claims(BaseModel):
    """What an identity or logout token says (OpenID Connect). iat: seconds since 1970, UTC."""

    model_config = ConfigDict(frozen=True)

    sub: str = ""
    sid: str = ""
    jti: str = ""
    nonce: str = ""
    iat: int = 0
    name: str = ""
    preferred_username: str = ""
    events: dict[str, JsonValue] = Field(default_factory=dict)


class NotIdentified(Exception):
    """The issuer does not vouch for this browser."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the portal is at the issuer."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class LogoutMessage:
    """What the issuer tells of a sign-in that ended there; jti: its number, good once."""

    sign_in: str
    sub: str
    jti: str


class Identity:
    """One issuer as the portal's client sees it. `transport`: instead of the network."""

    def __init__(
        self,
        issuer_url: str,
        client: Client,
        site: str,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._issuer = issuer_url
        self._client = client
        self._site = site
        self._base = f"{issuer_url}/protocol/openid-connect"
        self._http = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, transport=transport)

    def way_in(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent to sign in."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": f"{self._site}{BACK}",
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
            "ui_locales": "de",
        }
        return f"{self._base}/auth?{urlencode(asked)}"

    def way_out(self) -> str:
        """Where the browser is sent to end its sign-in at the issuer, which asks once more.

        Without the identity token, whose claims would stay in histories and logs.
        """
        asked = {
            "client_id": self._client.id,
            "post_logout_redirect_uri": f"{self._site}{LEFT}",
        }
        return f"{self._base}/logout?{urlencode(asked)}"

    async def redeem(
        self, code: str, verifier: str, nonce: str, now: datetime
    ) -> tuple[Claims, Tokens]:
        """The identity token's claims and the tokens for a code.

        Raises NotIdentified; Unavailable when the issuer does not answer, here as everywhere.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": f"{self._site}{BACK}",
            "code_verifier": verifier,
        }
        grant = await self._token(form)
        claims = await self._claims(grant.id_token)
        if claims.nonce != nonce:
            raise NotIdentified("nonce")
        return claims, _tokens(grant, now)

    async def renew(self, tokens: Tokens, now: datetime) -> Tokens:
        """New tokens for old. Raises NotIdentified once the sign-in has ended at the issuer."""
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        grant = await self._token(form)
        return _tokens(
            grant.model_copy(update={"id_token": grant.id_token or tokens.identity}), now
        )

    async def end(self, refresh_token: str) -> None:
        """End one sign-in at the issuer, past the browser. Raises NotIdentified."""
        owned = {"refresh_token": refresh_token, **self._own}
        await self._answer(self._http.build_request("POST", f"{self._base}/logout", data=owned))

    async def end_everywhere(self, access_token: str) -> None:
        """End every sign-in of the account at the issuer. Raises NotIdentified.

        By a token for this one call: those that services get are good for nothing at the account.
        """
        asked = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": access_token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "scope": _OWN_SESSIONS,
        }
        own = await self._token(asked)
        url = f"{self._issuer}/account/sessions"
        headers = {"Authorization": f"Bearer {own.access_token}", "Accept": "application/json"}
        await self._answer(
            self._http.build_request("DELETE", url, params={"current": "true"}, headers=headers)
        )

    async def logged_out(self, logout_token: str, now: datetime) -> LogoutMessage:
        """Which sign-in and account a back-channel message ends. Raises NotIdentified."""
        claims = await self._claims(logout_token, required=["iat", "iss", "aud", "jti"])
        if _LOGOUT_EVENT not in claims.events or "nonce" in claims.model_fields_set:
            raise NotIdentified("not a logout token")
        if now.timestamp() - claims.iat > _MESSAGE_LASTS.total_seconds():
            raise NotIdentified("too old")
        return LogoutMessage(claims.sid, claims.sub, claims.jti)

    async def _token(self, form: dict[str, str]) -> TokenGrant:
        owned = {**form, **self._own}
        request = self._http.build_request("POST", f"{self._base}/token", data=owned)
        answer = await self._answer(request)
        try:
            return TokenGrant.model_validate_json(answer.content)
        except ValidationError as error:
            raise Unavailable("issuer: no token") from error

    @property
    def _own(self) -> Mapping[str, str]:
        return {"client_id": self._client.id, "client_secret": self._client.secret}

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = await self._http.send(request)
        except httpx.HTTPError as error:
            raise Unavailable(f"issuer: {type(error).__name__}") from error
        except Exception as error:
            _log.exception("issuer_call_failed")
            raise Unavailable(f"issuer: {type(error).__name__}") from error
        if answer.status_code in _JUDGED:
            raise NotIdentified(str(answer.status_code))
        if not answer.is_success:
            raise Unavailable(f"issuer: {answer.status_code}")
        return answer

    async def _claims(self, token: str, required: list[str] | None = None) -> Claims:
        # Sign-ins are rare: keys are asked for each time, so a changed key never shuts people out.
        answer = await self._answer(self._http.build_request("GET", f"{self._base}/certs"))
        try:
            keys = PyJWKSet.from_dict(answer.json())
        except (jwt.PyJWTError, AttributeError, TypeError, ValueError) as error:
            raise Unavailable("issuer: no keys") from error
        try:
            key = keys[str(jwt.get_unverified_header(token).get("kid", ""))]
            claims = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=self._client.id,
                issuer=self._issuer,
                leeway=10,
                options={"require": required or ["exp", "iat", "sub", "iss", "aud"]},
            )
            return Claims.model_validate(claims)
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise NotIdentified(type(error).__name__) from error


def _tokens(grant: TokenGrant, now: datetime) -> Tokens:
    try:
        until = now + timedelta(seconds=grant.expires_in)
    except OverflowError as error:
        raise Unavailable("issuer: no end of the token") from error
    return Tokens(
        access=grant.access_token,
        refresh=grant.refresh_token,
        identity=grant.id_token,
        until=until,
    )
