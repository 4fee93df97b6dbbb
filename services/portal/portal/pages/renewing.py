"""Tokens are renewed once, however many requests of a browser meet them stale at the same time.

The issuer takes a refresh token once: whoever came second with it would be signed out.
"""

import asyncio
from dataclasses import replace
from weakref import WeakValueDictionary

from fastapi import Request

from marktbund import clock
from marktbund.http import origin
from portal.clients.identity import Identity, NotIdentified
from portal.domain.sessions import Session, digest
from portal.store import sessions


class Renewals:
    """Sessions whose tokens this process renews: further requests wait without a connection."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    def of(self, key: str) -> asyncio.Lock:
        """The lock of one session, the same for everybody who waits for it."""
        return self._locks.setdefault(digest(key), asyncio.Lock())


async def renewed(request: Request, session: Session) -> Session | None:
    """The session with tokens that are good; None once the sign-in has ended at the issuer.

    Raises Unavailable when the issuer does not answer; the session stays.
    """
    renewals: Renewals = request.app.state.renewals
    identity: Identity = request.app.state.identity
    # The row is held while the issuer is asked: another process must not spend the same token.
    async with (
        renewals.of(session.key),
        request.app.state.database.begin(await origin(request)) as uow,
    ):
        current = await sessions.hold(uow, session.key)
        if current is None or not current.stale(clock.now()):
            return current
        try:
            tokens = await identity.renew(current.tokens, clock.now())
        except NotIdentified:
            await sessions.remove(uow, session.key)
            return None
        await sessions.renew(uow, session.key, tokens)
        await sessions.touch(uow, session.key, uow.now)
        return replace(current, tokens=tokens, seen_at=uow.now)
