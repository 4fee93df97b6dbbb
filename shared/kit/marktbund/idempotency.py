"""`Idempotency-Key`: the same body gets the same answer, once; another body is refused.

Same key and body -> the first answer again. Other body -> 422 `idempotency_key_reused`. First
still in flight -> 409 `request_in_flight`. Kept in the transaction of the effect itself.

Who got no answer and wants something else now settles the key first: what came of it, or that from
now on nothing comes of it (`POST /keys/{key}/settlement`), however late the first request arrives.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, JsonValue
from sqlalchemy import text

from marktbund import statements
from marktbund.auth import Subject
from marktbund.errors import Conflict, Invalid
from marktbund.http import Uow
from marktbund.jsons import loads
from marktbund.statements import Clause, Value, Values, row_of
from marktbund.texts import OneLine
from marktbund.unit_of_work import UnitOfWork

_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:actor || ' ' || :key, 0))")
_KEPT = "SELECT request_sha256, status, body FROM idempotency WHERE actor = :actor AND key = :key"
_LOOK = text(_KEPT)
_CLAIM = row_of(f"""
    SELECT l.mine, k.request_sha256, k.status, k.body
      FROM (SELECT pg_try_advisory_xact_lock(hashtextextended(:actor || ' ' || :key, 0)) AS mine
            OFFSET 0) AS l
      LEFT JOIN ({_KEPT}) AS k ON l.mine
""")
_GONE = 410
_SETTLED = hashlib.sha256(b"settled: no request has this body").digest()
# Who began before the first one's commit may meet its answer here: then nothing is kept.
_KEEP = """
    INSERT INTO idempotency (actor, key, request_sha256, status, body)
    VALUES (:actor, :key, :request_sha256, :status, CAST(:body AS jsonb))
    ON CONFLICT DO NOTHING RETURNING 1
"""


Claimed = tuple[bool, bytes | None, int | None, JsonValue]
"""Whether the key is ours; of the answer kept under it, if there is one: the hash of its request,
its status and its body."""


class Once:
    """Carries out a request's work once per key."""

    def __init__(self, uow: UnitOfWork, actor: str, key: str, request_sha256: bytes) -> None:
        self._uow = uow
        self._owned_key = {"actor": actor, "key": key}
        self._request_sha256 = request_sha256

    @property
    def claim(self) -> Clause:
        """The question that takes the key and looks for its answer, together with others."""
        return Clause("claim", _CLAIM, self._owned_key)

    async def __call__(
        self, work: Callable[[], Awaitable[BaseModel]], *, status: int = 201
    ) -> JSONResponse:
        """The answer of `work`, or the one kept from the first time."""
        connection = self._uow.connection
        # Lock first, look second: a snapshot from before the lock could miss the first answer.
        mine = await connection.scalar(_LOCK, self._owned_key)
        row = (await connection.execute(_LOOK, self._owned_key)).one_or_none() if mine else None
        kept = (None, None, None) if row is None else (row.request_sha256, row.status, row.body)
        known = self.known((bool(mine), *kept))
        return known or self.answer(await work(), status)

    def known(self, claimed: Claimed) -> JSONResponse | None:
        """The answer kept from the first time, of what `claim` asked; None: the key is ours.

        Raises Invalid (`idempotency_key_reused`) and Conflict (`request_in_flight`).
        """
        mine, request_sha256, status, body = claimed
        if not mine:
            raise _in_flight()
        if request_sha256 is None or status is None:
            return None
        if bytes(request_sha256) != self._request_sha256:
            raise Invalid(
                "idempotency_key_reused",
                "Der Schlüssel gehört zu einer anderen Anfrage",
                field="Idempotency-Key",
                way_out="Verwenden Sie für eine neue Anfrage einen neuen Schlüssel.",
            )
        return JSONResponse(body, status, {"Idempotency-Replayed": "true"})

    async def require_first(self) -> None:
        """Raises Conflict (`request_in_flight`) where the first answer was committed while `claim`
        was asked: a refusal that rests on the same snapshot must not stand in its place.
        """
        if (await self._uow.connection.execute(_LOOK, self._owned_key)).one_or_none() is not None:
            raise _in_flight()

    def answer(self, answer: BaseModel, status: int = 201) -> JSONResponse:
        """What is answered, kept with the unit of work's last write."""
        body = answer.model_dump_json()
        kept: dict[str, Value] = {
            "request_sha256": self._request_sha256,
            "status": status,
            "body": body,
        }
        part = Clause("answer", _KEEP, {**self._owned_key, **kept}, "(SELECT count(*) FROM answer)")
        self._uow.keep(part, _in_flight())
        return JSONResponse(loads(body), status)


def _in_flight() -> Conflict:
    return Conflict(
        "request_in_flight",
        "Dieselbe Anfrage wird gerade bearbeitet",
        field="Idempotency-Key",
        way_out="Bitte gleich noch einmal versuchen.",
    )


class SettledKeyAnswer(BaseModel):
    """What came of a key: the answer its request got, or that nothing came of it and never will."""

    carried_out: bool
    answer: dict[str, JsonValue] | None


router = APIRouter()


@router.post("/keys/{key}/settlement")
async def settle_key(
    key: Annotated[str, OneLine(200, min_length=8), Path()], sub: Subject, uow: Uow
) -> SettledKeyAnswer:
    """Settle one's own key: afterwards a late request with it has no effect any more."""
    owned_key = {"actor": sub, "key": key}
    if not await uow.connection.scalar(_LOCK, owned_key):
        raise _in_flight()
    row = (await uow.connection.execute(_LOOK, owned_key)).one_or_none()
    if row is None:
        gone: Values = {"request_sha256": _SETTLED, "status": _GONE, "body": "{}"}
        await statements.write(uow.connection, Clause("answer", _KEEP, {**owned_key, **gone}))
    if row is None or row.status == _GONE:
        return SettledKeyAnswer(carried_out=False, answer=None)
    return SettledKeyAnswer(carried_out=True, answer=row.body)


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
