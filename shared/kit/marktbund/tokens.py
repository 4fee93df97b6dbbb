"""JWT access tokens: verified against the issuer's published keys."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import TypedDict
from urllib.parse import urlsplit

import httpx
import jwt
from jwt import PyJWK, PyJWKSet

from marktbund.errors import Unauthenticated
from marktbund.jsons import Json
from marktbund.texts import is_barred

LOCAL_ISSUER_PATH = "/local-issuer"
_KEYS_FOR = 300.0
_UNKNOWN_AGAIN = 10.0
_LONGEST_SUBJECT = 255
_ALGORITHMS = ["RS256", "ES256", "EdDSA"]


_REALM = re.compile(r"/auth/realms/[A-Za-z0-9_-]+")


class JwkSet(TypedDict):
    """An issuer's published keys (RFC 7517, section 5)."""

    keys: list[dict[str, Json]]


KeySource = Callable[[str], Awaitable[JwkSet]]
"""Issuer URL -> its JWK set."""


async def published_keys(issuer_url: str) -> JwkSet:
    """The issuer's keys over HTTP. Raises httpx.HTTPError."""
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.get(f"{issuer_url}/protocol/openid-connect/certs")
        answer.raise_for_status()
    keys: JwkSet = answer.json()
    return keys


class TokenVerifier:
    """Verifies tokens of one issuer; keys are fetched when needed and kept five minutes."""

    def __init__(self, issuer_url: str, audience: str, keys: KeySource = published_keys) -> None:
        self._issuer = issuer_url
        self._audience = audience
        self._source = keys
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def subject_of(self, token: str) -> str:
        """The token's `sub`. Raises Unauthenticated (`token_invalid`) for anything wrong."""
        try:
            key = await self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                leeway=10,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
        except (jwt.PyJWTError, KeyError) as error:
            raise _invalid() from error
        sub = str(claims["sub"])
        if not sub or len(sub) > _LONGEST_SUBJECT or any(map(is_barred, sub)):
            raise _invalid()
        return sub

    async def _key(self, kid: str) -> PyJWK:
        if self._due(kid):
            async with self._fetching:
                if self._due(kid):
                    await self._renew(kid)
        return self._keys[kid]

    def _due(self, kid: str) -> bool:
        # An unknown kid may be a new key, but not more than once in ten seconds.
        pause = _KEYS_FOR if kid in self._keys else _UNKNOWN_AGAIN
        return time.monotonic() - self._fetched_at > pause

    async def _renew(self, kid: str) -> None:
        try:
            await self._fetch()
        except Exception as error:
            # A key we know stays good while its issuer is away or answers anything else; what is
            # signed still expires.
            if kid not in self._keys:
                raise _invalid() from error
            self._fetched_at = time.monotonic() - _KEYS_FOR + _UNKNOWN_AGAIN

    async def _fetch(self) -> None:
        keys = PyJWKSet((await self._source(self._issuer))["keys"]).keys
        self._keys = {str(key.key_id): key for key in keys}
        self._fetched_at = time.monotonic()


def _invalid() -> Unauthenticated:
    return Unauthenticated(
        "token_invalid",
        "Anmeldung ungültig oder abgelaufen",
        way_out="Bitte melden Sie sich neu an.",
    )


def refuse_unsafe_issuer(issuer_url: str, deployment: str) -> None:
    """The local issuer hands tokens to anybody: only for deployments flagged demo or test.

    Raises ValueError for a production deployment whose issuer is not `https://host/` and exactly
    one realm of Keycloak: whatever path leads to the local issuer has another form.
    """
    if deployment != "production":
        return
    parts = urlsplit(issuer_url)
    realm = _REALM.fullmatch(parts.path)
    if parts.scheme != "https" or not parts.hostname or realm is None or "@" in parts.netloc:
        raise ValueError("in production the issuer is https://host/auth/realms/<realm>")
    if "?" in issuer_url or "#" in issuer_url:
        raise ValueError("an issuer has neither query nor fragment")
