"""Orders sent off: kept before they are sent, so that it is never forgotten that one may exist."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.unit_of_work import UnitOfWork
from portal.store.carts import CartLine, Owner
from portal.store.tables import sent_order_table

LASTS = timedelta(days=30)
"""So long the same form, sent again, shows the order it became."""
Kind = Literal["cart", "free_text"]
_ROW = sent_order_table.c


@dataclass(frozen=True, slots=True)
class SentOrder:
    """An order as it was sent to `door`: `body` to the byte, so that it can be sent again.

    lines: what of the cart it takes out. offered: what the next form offers. order_id: what came of
    it; None as long as nobody knows.
    """

    key: str
    kind: Kind
    door: str
    body: str
    lines: tuple[CartLine, ...] = ()
    offered: dict[str, str] = field(default_factory=dict)
    sent_at: datetime | None = None
    order_id: UUID | None = None


async def find(connection: AsyncConnection, owner: Owner, key: str) -> SentOrder | None:
    """What was sent under a key."""
    return await _first(connection, _of(owner) & (_ROW.key == key))


async def unsettled(connection: AsyncConnection, owner: Owner, kind: Kind) -> SentOrder | None:
    """The newest order of which nobody knows what came of it."""
    return await _first(connection, _of(owner) & _ROW.order_id.is_(None) & (_ROW.kind == kind))


async def keep(uow: UnitOfWork, owner: Owner, sent: SentOrder) -> None:
    """Keep what is about to be sent; sent again it stays as it is."""
    values = {
        "sub": owner.sub,
        "member_id": owner.member_id,
        "key": sent.key,
        "kind": sent.kind,
        "door": sent.door,
        "body": sent.body,
        "lines": [[str(line.article_id), str(line.quantity)] for line in sent.lines],
        "said": sent.offered,
        "sent_at": uow.now,
    }
    await uow.connection.execute(insert(sent_order_table).values(**values).on_conflict_do_nothing())


async def settle(uow: UnitOfWork, owner: Owner, key: str, order_id: UUID) -> bool:
    """Note which order it became; False when that was noted before."""
    open_ = _of(owner) & (_ROW.key == key) & _ROW.order_id.is_(None)
    noted = update(sent_order_table).where(open_).values(order_id=order_id)
    return (await uow.connection.execute(noted)).rowcount == 1


async def forget(uow: UnitOfWork, owner: Owner, key: str) -> None:
    """Nothing came of it and nothing will."""
    open_ = _of(owner) & (_ROW.key == key) & _ROW.order_id.is_(None)
    await uow.connection.execute(delete(sent_order_table).where(open_))


async def remove_old(uow: UnitOfWork, now: datetime) -> None:
    """Remove what nobody will send again."""
    await uow.connection.execute(delete(sent_order_table).where(_ROW.sent_at <= now - LASTS))


async def _first(connection: AsyncConnection, which: ColumnElement[bool]) -> SentOrder | None:
    query = select(sent_order_table).where(which).order_by(_ROW.sent_at.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    lines = tuple(CartLine(UUID(article), Decimal(quantity)) for article, quantity in row.lines)
    return SentOrder(
        row.key, row.kind, row.door, row.body, lines, row.said, row.sent_at, row.order_id
    )


def _of(owner: Owner) -> ColumnElement[bool]:
    return (_ROW.sub == owner.sub) & (_ROW.member_id == owner.member_id)
