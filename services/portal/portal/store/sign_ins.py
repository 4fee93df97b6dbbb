"""Sign-ins under way: what was sent to the issuer, until the browser comes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert

from marktbund.unit_of_work import UnitOfWork
from portal.domain.sessions import digest
from portal.store.tables import sign_in_table

LASTS = timedelta(minutes=15)
_ROW = sign_in_table.c


@dataclass(frozen=True, slots=True)
class SignIn:
    """One way to the issuer and back; `target` is the page that was asked for."""

    state: str
    nonce: str
    verifier: str
    target: str


async def add(uow: UnitOfWork, key: str, sign_in: SignIn) -> None:
    """Remember a sign-in for the browser that holds `key`."""
    values = {
        "key_sha256": _place(key, sign_in.state),
        "state": sign_in.state,
        "nonce": sign_in.nonce,
        "verifier": sign_in.verifier,
        "target": sign_in.target,
        "ends_at": uow.now + LASTS,
    }
    await uow.connection.execute(insert(sign_in_table).values(**values))


async def take(uow: UnitOfWork, key: str, state: str) -> SignIn | None:
    """The browser's sign-in, once; None when it is another's, too old or used already."""
    query = (
        delete(sign_in_table)
        .where(_ROW.key_sha256 == _place(key, state), _ROW.ends_at > uow.now)
        .returning(_ROW.state, _ROW.nonce, _ROW.verifier, _ROW.target)
    )
    row = (await uow.connection.execute(query)).one_or_none()
    return None if row is None else SignIn(*row)


def _place(key: str, state: str) -> bytes:
    # One browser, several tabs: each way has a row of its own under the browser's one key.
    return digest(f"{key} {state}")


async def remove_ended(uow: UnitOfWork, now: datetime) -> None:
    """Remove sign-ins that nobody came back from."""
    await uow.connection.execute(delete(sign_in_table).where(_ROW.ends_at <= now))
