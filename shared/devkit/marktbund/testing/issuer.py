"""A local token issuer for test and demo stacks: hands a token to whoever asks, for any `sub`.

Services verify its tokens with the code that verifies Keycloak's, and refuse it outright unless
the deployment is flagged demo or test. Run: `python -m marktbund.testing.issuer`.
"""

import os
import time
from pathlib import Path
from typing import Annotated

import jwt
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Form
from fastapi.responses import JSONResponse
from jwt.algorithms import OKPAlgorithm

from marktbund.contracts.http import Answer
from marktbund.hosts import KnownHosts
from marktbund.jsons import Json
from marktbund.testing.readiness import ReadyAnswer
from marktbund.tokens import JwkSet

LIFETIME_SECONDS = 12 * 3600


def load_or_make_key(path: Path | None) -> Ed25519PrivateKey:
    """The issuer's key from a PEM file (mode 600), made when missing; in memory without a path."""
    if path is not None and path.exists():
        loaded = serialization.load_pem_private_key(path.read_bytes(), None)
        if isinstance(loaded, Ed25519PrivateKey):
            return loaded
    key = Ed25519PrivateKey.generate()
    if path is not None:
        path.touch(mode=0o600)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    return key


class Issuer:
    """Signs tokens for one issuer URL and audience."""

    def __init__(self, url: str, key: Ed25519PrivateKey, audience: str = "marktbund") -> None:
        self.url = url
        self._key = key
        self._audience = audience
        self._kid = "local"

    def token(self, sub: str, **claims: Json) -> str:
        """An access token for `sub`, valid twelve hours; `claims` override."""
        now = int(time.time())
        body = {
            "iss": self.url,
            "aud": self._audience,
            "sub": sub,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
        } | claims
        return jwt.encode(body, self._key, "EdDSA", headers={"kid": self._kid})

    def keys(self) -> JwkSet:
        """The public keys, as a JWK set."""
        public = OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self._kid, "alg": "EdDSA", "use": "sig"}]}


class TokenAnswer(Answer):
    """What a token endpoint answers (RFC 6749, 5.1)."""

    access_token: str
    token_type: str = "Bearer"
    expires_in: int = LIFETIME_SECONDS


def build(issuer: Issuer) -> FastAPI:
    """The issuer's two doors, at Keycloak's paths."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(KnownHosts, hosts=())
    base = "/local-issuer/protocol/openid-connect"

    @app.get(f"{base}/certs")
    async def certs() -> JSONResponse:
        return JSONResponse(issuer.keys())

    @app.post(f"{base}/token")
    async def token(client_id: Annotated[str, Form(max_length=200)]) -> TokenAnswer:
        return TokenAnswer(access_token=issuer.token(client_id))

    @app.get("/health/ready")
    async def ready() -> ReadyAnswer:
        return ReadyAnswer()

    return app


if __name__ == "__main__":
    key_file = os.environ.get("MARKTBUND_ISSUER_KEY_FILE")
    uvicorn.run(
        build(
            Issuer(
                os.environ["MARKTBUND_ISSUER_URL"],
                load_or_make_key(Path(key_file) if key_file else None),
            )
        ),
        host="127.0.0.1",
        port=int(os.environ["MARKTBUND_HTTP_PORT"]),
        log_level="warning",
    )
