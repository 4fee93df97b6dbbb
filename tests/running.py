"""A running platform for tests: the local stack under a prefix of its own, and a client to it.

The client is the tests' own, so that nothing is checked with the code under test.
"""

import asyncio
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import httpx

from acceptance.actors.people import loader_of, person
from deploy.devstack import stack
from deploy.devstack.deployment import REPOSITORY, Deployment, Places
from deploy.devstack.front import realm_of
from deploy.devstack.program import read_plan, read_state
from deploy.devstack.provisioning import Contents, Engines, create_contents
from deploy.devstack.service_plan import addresses
from deploy.devstack.supervising import end_all
from marktbund.testing.calls import recorded
from marktbund.testing.engines.processes import ProcessIdentity, identity_in, own_identity
from marktbund.testing.engines.records import read_record, write_record
from tests.clock import Clock

Answer = TypeVar("Answer")
_FOLDER = "marktbund-test-"
_OWNER = "processes.json"
SERVICES = (
    "members",
    "catalog",
    "orders",
    "supplier-gateway",
    "documentation",
    "tender-planning",
    "portal",
)


@dataclass
class Platform:
    """Addresses, engines and an HTTP client of a running deployment."""

    deployment: Deployment
    places: Places
    engines: Engines
    clock: Clock | None = None
    http: httpx.AsyncClient = field(default_factory=lambda: recorded(httpx.AsyncClient(timeout=30)))
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    _signing_in: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def addresses(self) -> dict[str, str]:
        by_name = addresses(self.deployment, self.places)
        return {name.replace("_", "-"): address for name, address in by_name.items()}

    async def token(self, sub: str) -> str:
        # One at a time: Keycloak refuses an account that signs in twice at once.
        async with self._signing_in:
            token, until = self._tokens.get(sub, ("", 0.0))
            if time.monotonic() > until:
                url, form = self._way_in(sub)
                answer = (await self.http.post(url, data=form)).json()
                token, until = answer["access_token"], time.monotonic() + answer["expires_in"] - 60
                self._tokens[sub] = token, until
            return token

    def forget_token(self, sub: str) -> None:
        """The next call of this account signs in anew."""
        self._tokens.pop(sub, None)

    def _way_in(self, sub: str) -> tuple[str, dict[str, str]]:
        token = "/protocol/openid-connect/token"
        if self.deployment.keycloak is None:
            return f"{self.addresses['issuer']}/local-issuer{token}", {"client_id": sub}
        realm_of(self.deployment, self.places).add_people([person(sub, "Konto", sub)])
        loader = loader_of(self.deployment, self.places)
        return loader.issuer + token, {**loader.form, "username": sub}

    async def call(
        self,
        method: str,
        service: str,
        path: str,
        *,
        sub: str,
        member: str = "",
        key: str = "",
        **how: Any,
    ) -> httpx.Response:
        """One request; every change gets an Idempotency-Key unless one is given."""
        headers = {"Authorization": f"Bearer {await self.token(sub)}"} | how.pop("headers", {})
        if member:
            headers["Member"] = member
        if method != "GET":
            headers["Idempotency-Key"] = key or str(uuid4())
        url = f"{self.addresses[service]}/api/{service}/v1{path}"
        return await self.http.request(method, url, headers=headers, **how)

    def process(self, name: str) -> ProcessIdentity:
        """The process that runs for a service (or an engine)."""
        for directory in (self.places.of(self.deployment), self.places.engines):
            running = read_state(directory).get(name)
            if running is not None:
                return running.identity
        raise LookupError(name)

    async def rows(self, service: str, query: str) -> list[asyncpg.Record]:
        """What a service's database holds, asked as superuser."""
        database = self.deployment.prefix + service.replace("-", "_")
        connection = await asyncpg.connect(self.engines.postgres.url(database))
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    def command(
        self, service: str, *arguments: str, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a service's command line with the service's own environment, and more."""
        name = service.replace("-", "_")
        plan = read_plan(self.places.of(self.deployment))
        launch = next(program.launch for program in plan if program.name == name)
        return subprocess.run(
            [launch.argv[0], "-m", f"{name}.main", *arguments],
            env={**launch.environment, **(environment or {})},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@contextmanager
def running(
    deployment: Deployment, contents: Contents = create_contents, clock: Clock | None = None
) -> Iterator[Platform]:
    """The deployment on engines of its own, gone at the end of the block.

    What an earlier run left because it was killed is ended first. `contents` runs once the engines
    answer, before any service does. `clock`: services and engines read it.
    """
    _sweep()
    deployment = clock.read_by(deployment) if clock else deployment
    with TemporaryDirectory(prefix=_FOLDER) as directory:
        environment = clock.environment if clock else {}
        places = Places(state=Path(directory), engine_environment=environment)
        write_record(places.state / _OWNER, {"owner": asdict(own_identity())})
        try:
            engines = stack.start(deployment, places, lambda _: None, contents=contents)
            yield Platform(deployment, places, engines, clock)
        finally:
            stack.stop(deployment, places, lambda _: None)


def _sweep() -> None:
    for directory in Path(gettempdir()).glob(f"{_FOLDER}*"):
        owner = identity_in(read_record(directory / _OWNER).get("owner"))
        if owner is not None and not owner.alive:
            for supervised in Places(state=directory).supervised():
                end_all(supervised)
            rmtree(directory, ignore_errors=True)


async def eventually(
    ask: Callable[[], Awaitable[Answer]], good: Callable[[Answer], bool], seconds: float = 30
) -> Answer:
    """Ask until the answer is good; fails with the last answer when time is up."""
    deadline = time.monotonic() + seconds
    while True:
        answer = await ask()
        if good(answer):
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"still {answer!r} after {seconds} s")
        await asyncio.sleep(0.1)
