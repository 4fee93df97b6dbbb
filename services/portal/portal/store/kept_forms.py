"""Forms over a sign-in: whose a form is, and its fields under a key only its browser holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.jsons import dumps, loads
from marktbund.unit_of_work import UnitOfWork
from portal.domain.sessions import LONGEST, digest
from portal.store.sealing import seal
from portal.store.tables import form_proof_table, kept_form_table

LASTS = timedelta(hours=1)
"""So long a form waits for its person to sign in again."""
_PROOF_LASTS = 2 * LONGEST
_PURPOSE = b"fields of a form"
_PROOF = form_proof_table.c
_FORM = kept_form_table.c


@dataclass(frozen=True, slots=True)
class FormOwner:
    """Whose pages held a form, and for which member the person acted then."""

    sub: str
    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was sent: to `path`, its fields by name without its proof."""

    owner: FormOwner
    path: str
    fields: tuple[tuple[str, str], ...]


async def prove(uow: UnitOfWork, csrf: str, owner: FormOwner) -> None:
    """Remember whose forms bring back this proof, longer than the session lasts."""
    values = {
        "csrf_sha256": digest(csrf),
        "sub": owner.sub,
        "member_id": owner.member_id,
        "ends_at": uow.now + _PROOF_LASTS,
    }
    await uow.connection.execute(insert(form_proof_table).values(**values))


async def acts_for(uow: UnitOfWork, csrf: str, member_id: UUID) -> None:
    """Note for whom the person acts on the pages of this session from now on."""
    query = update(form_proof_table).where(_PROOF.csrf_sha256 == digest(csrf))
    await uow.connection.execute(query.values(member_id=member_id))


async def owner_of(connection: AsyncConnection, csrf: str, now: datetime) -> FormOwner | None:
    """Whose pages held a form with this proof."""
    query = select(_PROOF.sub, _PROOF.member_id)
    query = query.where(_PROOF.csrf_sha256 == digest(csrf), _PROOF.ends_at > now)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else FormOwner(*row)


async def keep(uow: UnitOfWork, key: str, form: KeptForm) -> None:
    """Keep a form for the browser that holds `key`."""
    fields = seal(_PURPOSE, key).encrypt(dumps([list(pair) for pair in form.fields]).encode())
    values = {
        "key_sha256": digest(key),
        "sub": form.owner.sub,
        "member_id": form.owner.member_id,
        "path": form.path,
        "sealed_fields": fields,
        "ends_at": uow.now + LASTS,
    }
    await uow.connection.execute(insert(kept_form_table).values(**values))


async def find(connection: AsyncConnection, key: str, now: datetime) -> KeptForm | None:
    """The form that waits for this browser."""
    query = select(kept_form_table).where(_FORM.key_sha256 == digest(key), _FORM.ends_at > now)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    opened = loads(seal(_PURPOSE, key).decrypt(bytes(row.sealed_fields)))
    fields = tuple((name, value) for name, value in opened)
    return KeptForm(FormOwner(row.sub, row.member_id), row.path, fields)


async def remove_ended(uow: UnitOfWork, now: datetime) -> None:
    """Remove forms nobody came back for, and proofs no form brings back any more."""
    await uow.connection.execute(delete(kept_form_table).where(_FORM.ends_at <= now))
    await uow.connection.execute(delete(form_proof_table).where(_PROOF.ends_at <= now))
