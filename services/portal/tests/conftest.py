import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.composition import build
from marktbund.contracts.members import Grant, PersonState, Role
from marktbund.ids import new_id
from marktbund.principals import keep_principal
from marktbund.testing.calls import recorded
from marktbund.testing.databases import PinnedDatabase, ServiceDatabase
from marktbund.testing.fixtures import Engines, rolled_back
from marktbund.testing.issuer import Issuer as Signer
from marktbund.testing.issuer import load_or_make_key
from portal.clients.identity import Client, Identity
from portal.clients.services import Services
from portal.main import composed
from portal.settings import Settings

ISSUER_URL = "https://id.example.org/realms/marktbund"
SECRET = "of the portal"


class Issuer:
    """An issuer in memory that holds the portal to PKCE, its secret, one use per code and per
    refresh token. `down`: it does not answer; asked: what it was asked for, by method and path.
    instead: what it answers beneath paths that end so, or the error that a call raises.
    """

    def __init__(self) -> None:
        self.signer = Signer(ISSUER_URL, load_or_make_key(None), "portal")
        self.codes: dict[str, dict[str, str]] = {}
        self.lifetime = 300
        self.signed_in = True
        self.down = False
        self.instead: dict[str, httpx.Response | Exception] = {}
        self.renewals = 0
        self.refreshing: set[str] = set()
        self.asked: list[httpx.Request] = []

    def authorize(self, way_in: str, sub: str) -> dict[str, str]:
        """What the browser brings back after the person signed in."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(way_in).query).items()}
        code = f"code-{new_id()}"
        self.codes[code] = asked | {"sub": sub}
        return {"code": code, "state": asked["state"]}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.down:
            raise httpx.ConnectError("nobody there", request=request)
        for ends, answer in self.instead.items():
            if request.url.path.endswith(ends) and isinstance(answer, Exception):
                raise answer
            if request.url.path.endswith(ends):
                return answer
        if request.url.path.endswith("/certs"):
            return httpx.Response(200, json=self.signer.keys())
        if request.url.path.endswith("/account/sessions"):
            known = request.headers["authorization"] == "Bearer of the account"
            return httpx.Response(204 if known else 401)
        return self._answer(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        if form.get("client_secret") != SECRET or not self.signed_in:
            return httpx.Response(400, json={"error": "invalid_grant"})
        if "grant_type" not in form or form["grant_type"] == "refresh_token":
            return self._spent(request, form["refresh_token"])
        if form["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange":
            return self._tokens("of the account", {})
        asked = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(form["code_verifier"].encode()).digest()
        )
        if asked is None or asked["code_challenge"] != challenge.decode().rstrip("="):
            return httpx.Response(400, json={"error": "invalid_grant"})
        claims = {"nonce": asked["nonce"], "sid": "sign-in-1", "name": "Bestellung Stadt Köln"}
        token = self.signer.token(asked["sub"], **claims)
        return self._tokens("first", {"id_token": token})

    def _spent(self, request: httpx.Request, refresh: str) -> httpx.Response:
        if refresh not in self.refreshing:
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.refreshing.remove(refresh)
        if request.url.path.endswith("/logout"):
            return httpx.Response(204)
        self.renewals += 1
        return self._tokens("renewed", {})

    def _tokens(self, access: str, more: dict[str, str]) -> httpx.Response:
        refresh = f"again-{new_id()}"
        self.refreshing.add(refresh)
        tokens = {"access_token": access, "refresh_token": refresh, "expires_in": self.lifetime}
        return httpx.Response(200, json=tokens | more)


class Shelf:
    """The other services in memory: answers by method and path, and what was asked.

    failing: doors whose answer stays out, with the error the network would raise. paged: doors
    whose answer follows from the question.
    """

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.failing: dict[tuple[str, str], httpx.TransportError] = {}
        self.paged: dict[str, Callable[[httpx.Request], tuple[int, Any]]] = {}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        door = (request.method, request.url.path)
        if door in self.failing:
            raise self.failing[door]
        if request.url.path in self.paged:
            status, body = self.paged[request.url.path](request)
            return httpx.Response(status, json=body)
        status, body = self.answers.get(door, (404, {}))
        return httpx.Response(status, json=body)


@cache
def _app(app_url: str, site: str) -> FastAPI:
    settings = Settings(
        deployment="test",
        role="api",
        database_url=app_url,
        kafka="127.0.0.1:1",
        kafka_user="portal",
        kafka_password=SecretStr("unused"),
        issuer_url=ISSUER_URL,
        http_port=1,
        hosts=(urlsplit(site).netloc,),
        site=site,
    )
    return build(composed(settings), settings)


class Visitor:
    """A browser at the portal, over one rolled-back transaction."""

    def __init__(self, connection: AsyncConnection, app_url: str, site: str) -> None:
        self.connection = connection
        self.issuer, self.shelf = Issuer(), Shelf()
        self.app = _app(app_url, site)
        self.app.state.database = PinnedDatabase(connection, "portal")
        self.app.state.gate.open()
        self.app.state.identity = Identity(
            ISSUER_URL, Client("portal", SECRET), site, httpx.MockTransport(self.issuer)
        )
        names = ("members", "catalog", "orders", "supplier_gateway", "documentation")
        addresses = {name: f"http://{name}" for name in (*names, "tender_planning", "portal")}
        self.app.state.services = Services(addresses, httpx.MockTransport(self.shelf))
        self.site = site
        self.browser = self.another()

    def another(self) -> httpx.AsyncClient:
        """A browser of its own."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return recorded(httpx.AsyncClient(transport=transport, base_url=self.site))

    async def person(self, sub: str, *roles: tuple[Role, UUID | None], active: bool = True) -> None:
        state = PersonState(
            version=1 if active else 2,
            person_id=UUID(int=sum(sub.encode())),
            kind="person",
            sub=sub,
            grants=tuple(Grant(role=role, member_id=member) for role, member in roles),
            active=active,
        )
        await keep_principal(state, self.connection)

    async def sign_in(self, sub: str, target: str = "/") -> httpx.Response:
        """The whole way to the issuer and back."""
        sent = await self.browser.get("/anmeldung", params={"ziel": target})
        back = self.issuer.authorize(sent.headers["location"], sub)
        return await self.browser.get("/anmeldung/rueckkehr", params=back)

    async def csrf(self) -> str:
        """The proof in the forms of this browser's session."""
        row = await self.connection.exec_driver_sql("SELECT csrf FROM session")
        return str(row.scalar_one())

    async def proof(self, key: str = "k" * 36) -> dict[str, str]:
        """What every form of a page brings along."""
        return {"csrf": await self.csrf(), "key": key}

    async def sessions(self) -> int:
        return int(
            (await self.connection.exec_driver_sql("SELECT count(*) FROM session")).scalar_one()
        )


@pytest.fixture(scope="session")
def portal_database(databases: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return databases("portal")


@pytest.fixture
async def connection(
    portal_database: ServiceDatabase, engines: Engines
) -> AsyncIterator[AsyncConnection]:
    async for made in rolled_back(engines(portal_database)):
        yield made


@pytest.fixture
async def visitor(
    connection: AsyncConnection, portal_database: ServiceDatabase
) -> AsyncIterator[Visitor]:
    made = Visitor(connection, portal_database.app_url, "http://portal.example.org")
    async with made.browser:
        yield made


@pytest.fixture
async def secure_visitor(
    connection: AsyncConnection, portal_database: ServiceDatabase
) -> AsyncIterator[Visitor]:
    made = Visitor(connection, portal_database.app_url, "https://portal.example.org")
    async with made.browser:
        yield made
