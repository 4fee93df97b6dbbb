"""The other services' public doors, called with the person's own token and nothing else."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from marktbund.jsons import loads

_TIMEOUT_SECONDS = 10.0


class Refused(Exception):
    """A service's problem+json: what people are told, and which field it is about."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(document.get("code", f"http_{status}"))
        self.title = str(document.get("title", "Das hat nicht geklappt"))
        self.detail = str(document.get("detail", ""))
        self.way_out = str(document.get("way_out", ""))
        self.field = str(document.get("field", ""))
        self.document = dict(document)
        super().__init__(f"{status} {self.code}")

    @property
    def sentence(self) -> str:
        """Title, detail and way out in one line."""
        return " ".join(part for part in (f"{self.title}.", self.detail, self.way_out) if part)

    def error(self, fields: Collection[str], otherwise: str) -> dict[str, str]:
        """The refusal at its field of a form with these fields, else at `otherwise`."""
        field = self.field if self.field in fields else otherwise
        return {"field": field, "text": self.sentence}


class Unavailable(Exception):
    """A service did not answer, or not as it should."""


@dataclass(frozen=True, slots=True)
class Caller:
    """In whose name a service is called; `member_id` where it is for a member."""

    token: str
    member_id: UUID | None = None
    traceparent: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What goes along with every request."""
        found = {"Authorization": f"Bearer {self.token}"}
        if self.member_id is not None:
            found["Member"] = str(self.member_id)
        if self.traceparent is not None:
            found["traceparent"] = self.traceparent
        return found


class Services:
    """`addresses`: package name -> http://host:port. `transport`: instead of the network."""

    def __init__(
        self, addresses: Mapping[str, str], transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._addresses = dict(addresses)
        self._http = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, transport=transport)

    async def ask(
        self, caller: Caller, service: str, path: str, params: Mapping[str, Any] | None = None
    ) -> Any:
        """The answer to a question. Raises Refused and Unavailable."""
        answer = await self._send(
            self._http.build_request(
                "GET", self._url(service, path), params=params, headers=caller.headers
            )
        )
        return loads(answer.content)

    async def fetch(
        self, caller: Caller, service: str, path: str, params: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        """A document as it is. Raises Refused and Unavailable."""
        return await self._send(
            self._http.build_request(
                "GET", self._url(service, path), params=params, headers=caller.headers
            )
        )

    async def tell(
        self, caller: Caller, service: str, path: str, body: Any = None, *, key: str
    ) -> Any:
        """Change something, once per `key`. Raises Refused and Unavailable."""
        headers = {**caller.headers, "Idempotency-Key": key}
        request = self._http.build_request(
            "POST", self._url(service, path), json=body, headers=headers
        )
        return loads((await self._send(request)).content)

    async def replace(self, caller: Caller, service: str, path: str, body: Any) -> Any:
        """Put something in place of what is there; the same again changes nothing. Raises Refused
        and Unavailable.
        """
        request = self._http.build_request(
            "PUT", self._url(service, path), json=body, headers=caller.headers
        )
        return loads((await self._send(request)).content)

    async def upload(
        self, caller: Caller, service: str, path: str, content: AsyncIterator[bytes]
    ) -> Any:
        """Hand a document over as it is; the same again changes nothing. Raises Refused and
        Unavailable.
        """
        request = self._http.build_request(
            "POST", self._url(service, path), content=content, headers=caller.headers
        )
        return loads((await self._send(request)).content)

    async def ready(self, service: str) -> dict[str, Any]:
        """What a service says of its own health; `status` is `unreachable` without an answer."""
        try:
            answer = await self._http.get(f"{self._addresses[service]}/health/ready", timeout=2.0)
            said: dict[str, Any] = loads(answer.content)
        except (httpx.HTTPError, ValueError):
            return {"status": "unreachable"}
        return said

    def names(self) -> list[str]:
        """The services there are."""
        return list(self._addresses)

    def _url(self, service: str, path: str) -> str:
        return f"{self._addresses[service]}/api/{service.replace('_', '-')}/v1{path}"

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = await self._http.send(request)
        except httpx.HTTPError as error:
            raise Unavailable(f"{request.url.path}: {type(error).__name__}") from error
        if answer.is_success:
            return answer
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise Unavailable(f"{request.url.path}: {answer.status_code}")
        try:
            document = loads(answer.content)
        except ValueError:
            document = {}
        raise Refused(answer.status_code, document)
