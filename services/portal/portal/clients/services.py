"""The other services' public doors, called with the person's own token and nothing else."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import httpx
import structlog
from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from marktbund.contracts.http import Answer
from marktbund.jsons import loads
from portal.clients.bodies import Body
from portal.domain.problems import Problem

Kind = TypeVar("Kind")
Question = Mapping[str, str | int | UUID | date | tuple[str, ...] | None]
"""What a list is narrowed down to; what is None or empty is not asked."""

READ_SECONDS = 10.0
WRITE_SECONDS = 40.0
"""Longer than a service waits for a lock or a statement (marktbund.unit_of_work): whoever gives up
before the service does cannot say what became of it."""
_LIMITS = httpx.Timeout(READ_SECONDS, connect=5.0)
_WRITING = httpx.Timeout(WRITE_SECONDS, connect=5.0)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_log = structlog.get_logger(__name__)
_STILL_AT_WORK = "request_in_flight"
"""The same request has come before, and its outcome is not known yet."""
_FOR_PEOPLE: Mapping[str, tuple[str, str, str]] = {
    "idempotency_key_reused": (
        "Dieses Formular wurde schon abgeschickt",
        "Hier steht der neue Stand.",
        "Bitte prüfen Sie ihn, bevor Sie noch einmal senden.",
    ),
}
"""What a key means is a matter of programs; people are told what became of their form."""


class Refused(Exception):
    """A service's problem+json: what people are told, and which field it is about."""

    def __init__(self, status: int, document: Mapping[str, JsonValue]) -> None:
        self.status = status
        self.code = _text(document, "code") or f"http_{status}"
        sentences = (
            _text(document, "title") or "Das hat nicht geklappt",
            _text(document, "detail"),
            _text(document, "way_out"),
        )
        self.title, self.detail, self.way_out = _FOR_PEOPLE.get(self.code, sentences)
        self.field = _text(document, "field")
        self.document = dict(document)
        super().__init__(f"{status} {self.code}")

    @property
    def sentence(self) -> str:
        """Title, detail and way out in one line."""
        return " ".join(part for part in (f"{self.title}.", self.detail, self.way_out) if part)

    def error(self, fields: Collection[str], otherwise: str) -> Problem:
        """The refusal at its field of a form with these fields, else at `otherwise`. A service's
        field may lie deeper: `content.ceiling.value_net` is the form's `value_net`.
        """
        last = self.field.rsplit(".", 1)[-1]
        at_field = next((name for name in (self.field, last) if name in fields), otherwise)
        return Problem(at_field, self.sentence)


class Unavailable(Exception):
    """A service did not answer, or not as it should.

    unknown: something was to be changed, and nobody can say whether it was.
    """

    def __init__(self, what: str, *, unknown: bool = False) -> None:
        self.unknown = unknown
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Caller:
    """In whose name a service is called; `member_id` where it is for a member. business_time: when
    it is in business, where a demo says so.
    """

    token: str
    member_id: UUID | None = None
    traceparent: str | None = None
    business_time: datetime | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What goes along with every request."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if self.member_id is not None:
            headers["Member"] = str(self.member_id)
        if self.traceparent is not None:
            headers["traceparent"] = self.traceparent
        if self.business_time is not None:
            headers["Business-Time"] = self.business_time.isoformat()
        return headers


class Readiness(Answer):
    """What a service says of its own health. trouble: what is wrong, by whose it is."""

    status: str
    trouble: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """What a door answered as it is."""

    content: bytes
    media_type: str


class Services:
    """`addresses`: package name -> http://host:port. `transport`: instead of the network."""

    def __init__(
        self, addresses: Mapping[str, str], transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._addresses = dict(addresses)
        self._http = httpx.AsyncClient(timeout=_LIMITS, transport=transport)

    async def read(
        self,
        caller: Caller,
        service: str,
        path: str,
        kind: type[Kind],
        question: Question | None = None,
    ) -> Kind:
        """The answer to a question. Raises Refused and Unavailable."""
        request = self._request("GET", caller, service, path, params=_params(question))
        return _parsed(await self._send(request), kind)

    async def change(
        self,
        caller: Caller,
        service: str,
        path: str,
        kind: type[Kind],
        content: str = "",
        *,
        key: str,
    ) -> Kind:
        """Change something, once per `key`; content: JSON. Raises Refused and Unavailable."""
        request = self._request("POST", caller, service, path, content=content, timeout=_WRITING)
        request.headers["Idempotency-Key"] = key
        return _parsed(await self._send(request), kind, unknown=True)

    async def post(
        self, caller: Caller, service: str, path: str, content: str = "", *, key: str
    ) -> None:
        """Change something, once per `key`, whatever is answered. Raises Refused and
        Unavailable.
        """
        request = self._request("POST", caller, service, path, content=content, timeout=_WRITING)
        request.headers["Idempotency-Key"] = key
        await self._send(request)

    async def check_body(
        self, caller: Caller, service: str, path: str, kind: type[Kind], body: Body
    ) -> Kind:
        """The answer to a question too long for an address; nothing is changed. Raises Refused
        and Unavailable.
        """
        request = self._request("POST", caller, service, path, content=body.as_json())
        return _parsed(await self._send(request, changing=False), kind)

    async def put(
        self, caller: Caller, service: str, path: str, kind: type[Kind], body: Body
    ) -> Kind:
        """Put something in place of what is there; the same again changes nothing. Raises Refused
        and Unavailable.
        """
        request = self._request(
            "PUT", caller, service, path, content=body.as_json(), timeout=_WRITING
        )
        return _parsed(await self._send(request), kind, unknown=True)

    async def send_file(
        self,
        caller: Caller,
        service: str,
        path: str,
        kind: type[Kind],
        content: AsyncIterator[bytes],
    ) -> Kind:
        """Hand a document over as it is; the same again changes nothing. Raises Refused and
        Unavailable.
        """
        request = self._request("POST", caller, service, path, content=content, timeout=_WRITING)
        return _parsed(await self._send(request, changing=False), kind)

    async def fetch(
        self, caller: Caller, service: str, path: str, params: Question | None = None
    ) -> Document:
        """A document as it is. Raises Refused and Unavailable."""
        request = self._request("GET", caller, service, path, params=_params(params))
        answer = await self._send(request)
        kind = answer.headers.get("content-type", "application/octet-stream")
        return Document(answer.content, kind)

    async def ready(self, service: str) -> Readiness:
        """What a service says of its own health; `status` is `unreachable` without an answer."""
        try:
            answer = await self._http.get(f"{self._addresses[service]}/health/ready", timeout=2.0)
            return Readiness.model_validate_json(answer.content)
        except Exception:  # noqa: BLE001 - whatever it is, nobody answered
            return Readiness(status="unreachable")

    def names(self) -> list[str]:
        """The services there are."""
        return list(self._addresses)

    def _request(
        self,
        method: str,
        caller: Caller,
        service: str,
        path: str,
        *,
        params: httpx.QueryParams | None = None,
        content: str | AsyncIterator[bytes] = "",
        timeout: httpx.Timeout = _LIMITS,
    ) -> httpx.Request:
        """content: JSON as text, or a file's bytes."""
        url = f"{self._addresses[service]}/api/{service.replace('_', '-')}/v1{path}"
        json = {"Content-Type": "application/json"} if isinstance(content, str) and content else {}
        try:
            return self._http.build_request(
                method,
                url,
                headers=caller.headers | json,
                params=params,
                content=content.encode() if isinstance(content, str) else content,
                timeout=timeout,
            )
        except (httpx.InvalidURL, UnicodeError) as error:
            raise Unavailable(f"{service}: {type(error).__name__}") from error

    async def _send(
        self, request: httpx.Request, *, changing: bool | None = None
    ) -> httpx.Response:
        writing = request.method != "GET" if changing is None else changing
        # Beside the service's own id in its security log: whose browser it was stands in ours.
        known = structlog.contextvars.get_contextvars().get("correlation_id")
        if known is not None:
            request.headers["X-Request-Id"] = known
        try:
            answer = await self._http.send(request)
        except httpx.HTTPError as error:
            unknown = writing and not isinstance(error, _NOT_SENT)
            what = f"{request.url.path}: {type(error).__name__}"
            raise Unavailable(what, unknown=unknown) from error
        except Exception as error:
            _log.exception("service_call_failed", path=request.url.path)
            what = f"{request.url.path}: {type(error).__name__}"
            raise Unavailable(what, unknown=writing) from error
        if answer.is_success:
            return answer
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise Unavailable(f"{request.url.path}: {answer.status_code}", unknown=writing)
        document = _document(answer)
        if document.get("code") == _STILL_AT_WORK:
            raise Unavailable(f"{request.url.path}: {_STILL_AT_WORK}", unknown=True)
        raise Refused(answer.status_code, document)


def _parsed(answer: httpx.Response, kind: type[Kind], *, unknown: bool = False) -> Kind:
    path = answer.request.url.path
    try:
        # Pydantic keeps the validators of models; those of lists of them are cheap.
        return TypeAdapter(kind).validate_json(answer.content)
    except ValidationError as error:
        # Where, not what: the answer may hold what nobody is to read in a log.
        places = [".".join(map(str, fault["loc"])) for fault in error.errors()][:5]
        _log.warning("answer_not_as_agreed", path=path, places=places)
        raise Unavailable(f"{path}: not as agreed", unknown=unknown) from error


def _params(question: Question | None) -> httpx.QueryParams:
    asked = (question or {}).items()
    pairs = [
        (name, str(value))
        for name, given in asked
        for value in (given if isinstance(given, tuple) else (given,))
        if value is not None and value != ""
    ]
    return httpx.QueryParams(tuple(pairs))


def _text(document: Mapping[str, JsonValue], name: str) -> str:
    """A field of an object; empty where it is missing or no text."""
    value = document.get(name)
    return value if isinstance(value, str) else ""


def _document(answer: httpx.Response) -> Mapping[str, JsonValue]:
    """An answer as an object; empty where it is none."""
    try:
        document = loads(answer.content)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
