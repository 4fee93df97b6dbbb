"""A local token issuer for test and demo stacks: hands a token to whoever asks, for any `sub`.

Services verify its tokens with the code that verifies Keycloak's, and refuse it outright unless
the deployment is flagged demo or test. Run: `python -m marktbund.testing.issuer`.
"""

import json
import os
import time
from pathlib import Path
from typing import Annotated, Any

import jwt
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Form
from jwt.algorithms import OKPAlgorithm

from marktbund.hosts import KnownHosts

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

    def token(self, sub: str, **claims: Any) -> str:
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

    def keys(self) -> dict[str, Any]:
        """The public keys, as a JWK set."""
        public: dict[str, Any] = json.loads(OKPAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [public | {"kid": self._kid, "alg": "EdDSA", "use": "sig"}]}


def build(issuer: Issuer) -> FastAPI:
    """The issuer's two doors, at Keycloak's paths."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(KnownHosts, hosts=())
    base = "/local-issuer/protocol/openid-connect"

    @app.get(f"{base}/certs")
    async def certs() -> dict[str, Any]:
        return issuer.keys()

    @app.post(f"{base}/token")
    async def token(client_id: Annotated[str, Form(max_length=200)]) -> dict[str, Any]:
        return {
            "access_token": issuer.token(client_id),
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
        }

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

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
