"""`Idempotency-Key`: the same body gets the same answer, once; another body is refused.

Same key and body -> the first answer again. Other body -> 422 `idempotency_key_reused`. First
still in flight -> 409 `request_in_flight`. Kept in the transaction of the effect itself.

Who got no answer and wants something else now settles the key first: what came of it, or that from
now on nothing comes of it (`POST /keys/{key}/settlement`), however late the first request arrives.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import text

from marktbund.auth import Subject
from marktbund.errors import Conflict, Invalid
from marktbund.http import Uow
from marktbund.jsons import loads
from marktbund.texts import OneLine
from marktbund.unit_of_work import UnitOfWork

_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:actor || ' ' || :key, 0))")
_LOOK = text(
    "SELECT request_sha256, status, body FROM idempotency WHERE actor = :actor AND key = :key"
)
_GONE = 410
_SETTLED = hashlib.sha256(b"settled: no request has this body").digest()
_KEEP = text("""
    INSERT INTO idempotency (actor, key, request_sha256, status, body)
    VALUES (:actor, :key, :request_sha256, :status, CAST(:body AS jsonb))
""")


class Once:
    """Carries out a request's work once per key."""

    def __init__(self, uow: UnitOfWork, actor: str, key: str, request_sha256: bytes) -> None:
        self._uow = uow
        self._actor = actor
        self._key = key
        self._request_sha256 = request_sha256

    async def __call__(
        self, work: Callable[[], Awaitable[BaseModel]], *, status: int = 201
    ) -> JSONResponse:
        """The answer of `work`, or the one kept from the first time."""
        place = {"actor": self._actor, "key": self._key}
        connection = self._uow.connection
        # Lock first, look second: a snapshot from before the lock could miss the first answer.
        mine = await connection.scalar(_LOCK, place)
        row = (await connection.execute(_LOOK, place)).one_or_none() if mine else None
        if row is not None:
            if bytes(row.request_sha256) != self._request_sha256:
                raise Invalid(
                    "idempotency_key_reused",
                    "Der Schlüssel gehört zu einer anderen Anfrage",
                    field="Idempotency-Key",
                    way_out="Verwenden Sie für eine neue Anfrage einen neuen Schlüssel.",
                )
            return JSONResponse(row.body, row.status, {"Idempotency-Replayed": "true"})
        if not mine:
            raise _in_flight()
        answer = (await work()).model_dump_json()
        kept = {"request_sha256": self._request_sha256, "status": status, "body": answer}
        await connection.execute(_KEEP, place | kept)
        return JSONResponse(loads(answer), status)


def _in_flight() -> Conflict:
    return Conflict(
        "request_in_flight",
        "Dieselbe Anfrage wird gerade bearbeitet",
        field="Idempotency-Key",
        way_out="Bitte gleich noch einmal versuchen.",
    )


class KeyOutcome(BaseModel):
    """What came of a key: the answer its request got, or that nothing came of it and never will."""

    carried_out: bool
    answer: dict[str, Any] | None


router = APIRouter()


@router.post("/keys/{key}/settlement")
async def settle_key(
    key: Annotated[str, OneLine(200, min_length=8), Path()], sub: Subject, uow: Uow
) -> KeyOutcome:
    """Settle one's own key: afterwards a late request with it has no effect any more."""
    place = {"actor": sub, "key": key}
    if not await uow.connection.scalar(_LOCK, place):
        raise _in_flight()
    row = (await uow.connection.execute(_LOOK, place)).one_or_none()
    if row is None:
        gone = {"request_sha256": _SETTLED, "status": _GONE, "body": "{}"}
        await uow.connection.execute(_KEEP, place | gone)
    if row is None or row.status == _GONE:
        return KeyOutcome(carried_out=False, answer=None)
    return KeyOutcome(carried_out=True, answer=row.body)


async def _once(
    request: Request,
    uow: Uow,
    sub: Subject,
    idempotency_key: Annotated[str, OneLine(200, min_length=8), Header()],
) -> Once:
    digest = hashlib.sha256()
    for part in (
        request.method,
        request.url.path,
        request.headers.get("member", ""),
        request.headers.get("on-behalf-of", ""),
    ):
        digest.update(part.encode() + b"\0")
    digest.update(await request.body())
    return Once(uow, sub, idempotency_key, digest.digest())


Idempotent = Annotated[Once, Depends(_once, scope="function")]
"""`answer = await once(lambda: handlers.place_order(command, uow))` in a door."""
