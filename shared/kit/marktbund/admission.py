"""Who asks, and whether it was asked before, looked up with all else a request has to know.

The account and the `Idempotency-Key` are questions of the same statement as the facts of the work.
What is refused, and in which order, is as behind `member_role` and `Idempotent`: a stranger hears
that he is one before he hears what is wrong with his request.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.responses import Response

from marktbund import statements
from marktbund.auth import (
    Actor,
    MemberId,
    Subject,
    actor_of,
    count_for,
    find_account,
    require_active,
)
from marktbund.contracts.members import Role
from marktbund.errors import DomainError
from marktbund.http import Today, Uow, tenant_of
from marktbund.idempotency import Idempotent, Once
from marktbund.principals import Principal, asked_principal, find_principal, principal_of
from marktbund.statements import Answers, Clause
from marktbund.unit_of_work import UnitOfWork


@dataclass
class Unadmitted:
    """Who a token names and what the headers say, before the account is known.

    counted: the account was looked up, which counts the request; once.
    """

    request: Request
    sub: str
    roles: tuple[Role, ...]
    headers: tuple[str | None, str | None, date] | None = None
    counted: bool = False

    def admit(self, known: Principal | None) -> Actor:
        """The account as an actor. Raises Forbidden, TooMany, Malformed."""
        account = self._count(known)
        if self.headers is None:
            raise RuntimeError("the headers were not read")
        return actor_of(account, self.roles, *self.headers)

    async def refuse_first(self) -> None:
        """Raise what stands against the account itself, if anything does and nobody asked yet."""
        if self.counted:
            return
        unit: UnitOfWork | None = getattr(self.request.state, "unit", None)
        if unit is None:
            known = await find_account(self.request, self.sub)
            self.counted = True
            account = require_active(known)
        else:
            account = self._count(await find_principal(unit.connection, self.sub))
        if self.headers is not None:
            actor_of(account, self.roles, *self.headers)

    def _count(self, known: Principal | None) -> Principal:
        self.counted = True
        count_for(self.request, self.sub, known)
        return require_active(known)


class Admission:
    """Carries out a request's work once per key, for an account that may."""

    def __init__(self, unadmitted: Unadmitted, once: Once, uow: UnitOfWork) -> None:
        self._unadmitted = unadmitted
        self._once = once
        self._uow = uow
        self._answer: JSONResponse | None = None

    async def __call__(
        self,
        asked: Callable[[UUID], Sequence[Clause]],
        work: Callable[[Actor, Answers], Awaitable[None]],
    ) -> JSONResponse:
        """Ask all at once, refuse or repeat, else work; what `work` answered by `answer`.

        asked: of the member the request is about, whatever the work has to know.
        """
        member_id = tenant_of(self._unadmitted.request)
        if member_id is None:
            await self._unadmitted.refuse_first()
            raise RuntimeError("an actor without a member")
        account = asked_principal(self._unadmitted.sub)
        parts = (account, self._once.claim, *asked(member_id))
        known = await statements.ask(self._uow.connection, *parts)
        actor = self._unadmitted.admit(principal_of(known.principal))
        repeated = self._once.known(known.claim)
        if repeated is not None:
            return repeated
        try:
            await work(actor, known)
        except DomainError:
            await self._once.require_first()
            raise
        if self._answer is None:
            raise RuntimeError("the work has no answer")
        return self._answer

    def answer(self, answer: BaseModel) -> None:
        """What the request is answered, to be kept with the last write of its work."""
        self._answer = self._once.answer(answer)


def admitted(*roles: Role) -> Callable[..., Awaitable[Admission]]:
    """A dependency that opens for holders of a role at the member named in `Member`.

    Its door has to be an `AdmittedRoute`.
    """

    async def unadmitted(request: Request, sub: Subject) -> Unadmitted:
        stranger = Unadmitted(request, sub, roles)
        request.state.unadmitted = stranger
        return stranger

    async def named(
        who: Annotated[Unadmitted, Depends(unadmitted)],
        member: MemberId = None,
        on_behalf_of: MemberId = None,
        *,
        today: Today,
    ) -> Unadmitted:
        who.headers = (member, on_behalf_of, today)
        return who

    async def admission(
        who: Annotated[Unadmitted, Depends(named)], once: Idempotent, uow: Uow
    ) -> Admission:
        return Admission(who, once, uow)

    return admission


class AdmittedRoute(APIRoute):
    """A door that says what is wrong with a request only to who may make it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        """FastAPI's, with the account asked before a refusal of its own is answered."""
        handle = super().get_route_handler()

        async def handle_admitted(request: Request) -> Response:
            try:
                return await handle(request)
            except (RequestValidationError, DomainError):
                unadmitted: Unadmitted | None = getattr(request.state, "unadmitted", None)
                if unadmitted is not None:
                    await unadmitted.refuse_first()
                raise

        return handle_admitted
