"""An HTTP client to the public doors of a deployment, as patient as a careful customer's system.

In: the services' addresses. Out: answers, or the problem a service stated. A request that may have
been lost is sent again with the same Idempotency-Key, so that nothing is done twice.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self, TypeVar
from uuid import uuid4

import httpx
from pydantic import BaseModel, ValidationError

from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.bodies import Body
from marktbund.jsons import dumps, loads
from marktbund.tokens import LOCAL_ISSUER_PATH

_TOKEN_PATH = "/protocol/openid-connect/token"  # noqa: S105 - a path
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 1.0
_TOKEN_SHARE = 0.8
"""Of a token's life, after which a new one is asked for."""


M = TypeVar("M", bound=BaseModel)
Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Loader:
    """The demo's own client at Keycloak: the issuer's URL, and what is sent with every account."""

    issuer: str
    form: Mapping[str, str]


class _Problem(BaseModel):
    """A refusal per RFC 9457, or per RFC 6749, 5.2, as Keycloak answers."""

    code: str = ""
    title: str = ""
    detail: str = ""
    error: str = ""
    error_description: str = ""


class _Token(BaseModel):
    access_token: str
    expires_in: float = 60


class ProblemError(Exception):
    """A service refused: HTTP status and stable `code`. content: the problem as it came."""

    def __init__(self, status: int, content: bytes) -> None:
        self.status = status
        self._content = content
        try:
            problem = _Problem.model_validate_json(content)
        except ValidationError:
            problem = _Problem(detail=content.decode(errors="replace")[:500])
        self.code = problem.code or problem.error or f"http_{status}"
        words = filter(None, (problem.title, problem.detail or problem.error_description))
        super().__init__(f"{status} {self.code}: {' '.join(words)}")

    def read(self, kind: type[M]) -> M:
        """What this kind of problem says beyond its code. Raises ValidationError."""
        return kind.model_validate_json(self._content)


class UnreachableError(Exception):
    """No usable answer within the client's patience."""


class DemoClient:
    """Calls the services of one deployment. Use as an async context manager.

    addresses: service (underscores) -> http://host:port, the issuer among them. loader: what the
    demo's own client says at Keycloak to get an account's token; without, the local issuer is
    asked. patience_seconds: how long a request is tried again. transport: instead of the network.
    requests, repeats: what was sent, and sent again.
    """

    def __init__(
        self,
        addresses: Mapping[str, str],
        *,
        loader: Loader | None = None,
        patience_seconds: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._addresses = dict(addresses)
        self._loader = loader
        self._patience = patience_seconds
        self._http = httpx.AsyncClient(
            timeout=30.0,
            limits=httpx.Limits(max_connections=40, max_keepalive_connections=40),
            transport=transport,
        )
        self._tokens: dict[str, tuple[str, float]] = {}
        self._signing_in = asyncio.Lock()
        self.requests = 0
        self.repeats = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def get(
        self,
        account: DemoAccount,
        service: str,
        path: str,
        kind: type[M],
        *,
        params: Params | None = None,
        awaiting: Collection[str] = (),
    ) -> M:
        """The answer to a question, read as `kind`.

        Raises ProblemError, UnreachableError and ValidationError.
        """
        return kind.model_validate_json(await self._ask(account, service, path, params, awaiting))

    async def rows(
        self,
        account: DemoAccount,
        service: str,
        path: str,
        kind: type[M],
        *,
        params: Params | None = None,
        awaiting: Collection[str] = (),
    ) -> list[M]:
        """The rows of an answer that is a plain list; raises what `get` does."""
        content = await self._ask(account, service, path, params, awaiting)
        return [kind.model_validate(row) for row in loads(content)]

    async def send(
        self,
        account: DemoAccount,
        service: str,
        path: str,
        content: Body | str | None = None,
        *,
        method: str = "POST",
        at: datetime | None = None,
        awaiting: Collection[str] = (),
    ) -> bytes:
        """Make a change, with one Idempotency-Key over all tries; its answer as it came.

        content: JSON, or the text of a CSV file. at: business time. awaiting: codes that only say
        that one service has not yet heard of another's news; tried again until patience ends.
        Raises ProblemError and UnreachableError.
        """
        headers = {"Idempotency-Key": str(uuid4())}
        if at is not None:
            headers["Business-Time"] = at.isoformat()
        body: bytes | None = None
        if isinstance(content, str):
            body, headers["Content-Type"] = content.encode(), "text/csv; charset=utf-8"
        elif content is not None:
            body, headers["Content-Type"] = dumps(content).encode(), "application/json"
        url = self._url(service, path)
        request = self._http.build_request(method, url, content=body, headers=headers)
        return await self._call(account, request, awaiting)

    async def pages(
        self,
        account: DemoAccount,
        service: str,
        path: str,
        kind: type[M],
        key: Callable[[M], str],
        *,
        size: int = 500,
    ) -> AsyncIterator[M]:
        """Every item of a list whose pages go on `after` the last item's `key`."""
        params: Params = {"limit": size}
        while True:
            page = await self.rows(account, service, path, kind, params=params)
            for item in page:
                yield item
            if len(page) < size:
                return
            params = {"limit": size, "after": key(page[-1])}

    async def _ask(
        self,
        account: DemoAccount,
        service: str,
        path: str,
        params: Params | None,
        awaiting: Collection[str],
    ) -> bytes:
        request = self._http.build_request("GET", self._url(service, path), params=params)
        return await self._call(account, request, awaiting)

    def _url(self, service: str, path: str) -> str:
        return f"{self._addresses[service]}/api/{service.replace('_', '-')}/v1{path}"

    async def _call(
        self, account: DemoAccount, request: httpx.Request, awaiting: Collection[str]
    ) -> bytes:
        request.headers.update(await self._credentials(account))
        return await self._answer(request, awaiting)

    async def _credentials(self, account: DemoAccount) -> Mapping[str, str]:
        # One at a time: Keycloak refuses an account that signs in twice at once.
        async with self._signing_in:
            token, until = self._tokens.get(account.sub, ("", 0.0))
            if time.monotonic() >= until:
                asked = time.monotonic()
                content = await self._answer(self._token_request(account), ())
                answer = _Token.model_validate_json(content)
                token, until = answer.access_token, asked + answer.expires_in * _TOKEN_SHARE
                self._tokens[account.sub] = token, until
        credentials = {"Authorization": f"Bearer {token}"}
        return credentials | ({"Member": account.member_id} if account.member_id else {})

    def _token_request(self, account: DemoAccount) -> httpx.Request:
        if self._loader is None:
            url = f"{self._addresses['issuer']}{LOCAL_ISSUER_PATH}{_TOKEN_PATH}"
            return self._http.build_request("POST", url, data={"client_id": account.sub})
        form = {**self._loader.form, "username": account.sub}
        return self._http.build_request("POST", self._loader.issuer + _TOKEN_PATH, data=form)

    async def _answer(self, request: httpx.Request, awaiting: Collection[str]) -> bytes:
        deadline = time.monotonic() + self._patience
        pause = _FIRST_PAUSE_SECONDS
        while True:
            self.requests += 1
            try:
                answer = await self._http.send(request)
            except httpx.TransportError as error:
                trouble: Exception = UnreachableError(f"{request.url}: {error!r}")
            else:
                if answer.is_success:
                    return answer.content
                problem = ProblemError(answer.status_code, answer.content)
                if not _passing(problem, awaiting):
                    raise problem
                trouble = problem
            if time.monotonic() + pause > deadline:
                raise trouble
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            self.repeats += 1


def _passing(problem: ProblemError, awaiting: Collection[str]) -> bool:
    """Whether the same request may succeed later."""
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return True
    return problem.code == "request_in_flight" or problem.code in awaiting
