"""Sessions begin and end. Every sign-in gets a new key, so that no key known before opens it."""

import re
import secrets
from dataclasses import dataclass

from marktbund.unit_of_work import UnitOfWork
from portal.domain.paths import safe_target
from portal.domain.sessions import LONGEST, Session, Tokens
from portal.store import kept_forms, sessions, sign_ins
from portal.store.kept_forms import FormOwner
from portal.store.sign_ins import SignIn

_SECRET_BYTES = 32
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Identified:
    """Whom the issuer vouches for: its id of the account and of this sign-in, a name to show."""

    sub: str
    sign_in: str
    name: str
    tokens: Tokens


async def begin_sign_in(target: str, held: str, uow: UnitOfWork) -> tuple[str, SignIn]:
    """A way to the issuer: the key for the browser, and what goes along.

    held: the key of ways begun in other tabs of this browser; they stay open.
    """
    key = held if _KEY.fullmatch(held) else secrets.token_urlsafe(_SECRET_BYTES)
    state, nonce = secrets.token_urlsafe(_SECRET_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    sign_in = SignIn(state, nonce, secrets.token_urlsafe(48), safe_target(target))
    await sign_ins.add(uow, key, sign_in)
    return key, sign_in


async def open_session(who: Identified, uow: UnitOfWork) -> Session:
    """A session under a new key."""
    session = Session(
        key=secrets.token_urlsafe(_SECRET_BYTES),
        sub=who.sub,
        sign_in=who.sign_in,
        name=who.name,
        tokens=who.tokens,
        csrf=secrets.token_urlsafe(_SECRET_BYTES),
        member_id=None,
        started_at=uow.now,
        seen_at=uow.now,
        ends_at=uow.now + LONGEST,
    )
    await sessions.add(uow, session)
    await kept_forms.prove(uow, session.csrf, FormOwner(session.sub, None))
    return session
