"""Carts: article and quantity per person and member; names and prices are asked when shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from portal.domain import keys
from portal.store.tables import (
    cart_addition_table,
    cart_line_table,
    cart_origin_table,
    cart_table,
)

_ROW = cart_line_table.c
_FROM = cart_origin_table.c
_CART = cart_table.c
_ADDED = cart_addition_table.c
ADDITIONS_LAST = timedelta(hours=20)
"""So long the same form, sent again, adds nothing: no page's session lasts longer."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose cart: an account, and the member it acts for."""

    sub: str
    member_id: UUID


@dataclass(frozen=True, slots=True)
class CartLine:
    """An article and how many of its order units."""

    article_id: UUID
    quantity: Decimal


async def lines(connection: AsyncConnection, owner: Owner) -> list[CartLine]:
    """What lies in a cart, oldest first."""
    query = (
        select(_ROW.article_id, _ROW.quantity)
        .where(_ROW.sub == owner.sub, _ROW.member_id == owner.member_id)
        .order_by(_ROW.added_at, _ROW.article_id)
    )
    return [CartLine(*row) for row in await connection.execute(query)]


async def quantity_of(connection: AsyncConnection, owner: Owner, article_id: UUID) -> Decimal:
    """How many of an article lie in a cart."""
    query = select(_ROW.quantity).where(_lines_of(owner), _ROW.article_id == article_id)
    return await connection.scalar(query) or Decimal(0)


async def count(connection: AsyncConnection, owner: Owner) -> int:
    """How many lines a cart has."""
    query = select(func.count()).where(_ROW.sub == owner.sub, _ROW.member_id == owner.member_id)
    return await connection.scalar(query) or 0


async def was_added(connection: AsyncConnection, owner: Owner, key: str) -> bool:
    """Whether something was put in under this key."""
    mine = (_ADDED.sub == owner.sub) & (_ADDED.member_id == owner.member_id)
    return await connection.scalar(select(_ADDED.key).where(mine, _ADDED.key == key)) is not None


async def add(uow: UnitOfWork, owner: Owner, line: CartLine, key: str) -> bool:
    """Put an article in, to what lies there of it, once per key; False when that was done."""
    values = {"sub": owner.sub, "member_id": owner.member_id, "key": key, "added_at": uow.now}
    noted = insert(cart_addition_table).values(**values).on_conflict_do_nothing()
    if (await uow.connection.execute(noted)).rowcount == 0:
        return False
    await _keep(uow, owner, line, more=True)
    return True


async def put(uow: UnitOfWork, owner: Owner, line: CartLine) -> None:
    """Set a line's quantity."""
    await _keep(uow, owner, line, more=False)


async def remove_old_additions(uow: UnitOfWork, now: datetime) -> None:
    """Remove keys that no form brings back any more."""
    old = _ADDED.added_at <= now - ADDITIONS_LAST
    await uow.connection.execute(delete(cart_addition_table).where(old))


async def _keep(uow: UnitOfWork, owner: Owner, line: CartLine, *, more: bool) -> None:
    values = {
        "sub": owner.sub,
        "member_id": owner.member_id,
        "article_id": line.article_id,
        "quantity": line.quantity,
        "added_at": uow.now,
    }
    made = insert(cart_line_table).values(**values)
    quantity = _ROW.quantity + made.excluded.quantity if more else made.excluded.quantity
    await uow.connection.execute(
        made.on_conflict_do_update(
            index_elements=["sub", "member_id", "article_id"], set_={"quantity": quantity}
        )
    )
    await renew(uow, owner)


async def take_out(uow: UnitOfWork, owner: Owner, article_id: UUID) -> None:
    """Take a line out; an empty cart goes on from no draft."""
    line = _lines_of(owner) & (_ROW.article_id == article_id)
    await uow.connection.execute(delete(cart_line_table).where(line))
    await _changed(uow, owner)


async def take_out_ordered(uow: UnitOfWork, owner: Owner, ordered: Sequence[CartLine]) -> None:
    """Take out what was ordered, and no more: what was put in meanwhile stays."""
    for line in ordered:
        taken = _lines_of(owner) & (_ROW.article_id == line.article_id)
        all_of_it = delete(cart_line_table).where(taken, _ROW.quantity <= line.quantity)
        await uow.connection.execute(all_of_it)
        less = update(cart_line_table).where(taken).values(quantity=_ROW.quantity - line.quantity)
        await uow.connection.execute(less)
    await _changed(uow, owner)


async def version_of(connection: AsyncConnection, owner: Owner) -> str:
    """Changes with every change of the cart; the key an order of it is sent under."""
    query = select(_CART.version).where(_CART.sub == owner.sub, _CART.member_id == owner.member_id)
    version = await connection.scalar(query)
    return str(version) if version else keys.key_of(owner.sub, str(owner.member_id), "cart")


async def renew(uow: UnitOfWork, owner: Owner) -> None:
    """Give the cart a new version: its old one is used up."""
    made = insert(cart_table).values(sub=owner.sub, member_id=owner.member_id, version=new_id())
    await uow.connection.execute(
        made.on_conflict_do_update(
            index_elements=["sub", "member_id"], set_={"version": made.excluded.version}
        )
    )


async def _changed(uow: UnitOfWork, owner: Owner) -> None:
    if await count(uow.connection, owner) == 0:
        await uow.connection.execute(delete(cart_origin_table).where(*_of(owner)))
    await renew(uow, owner)


async def go_on_from(uow: UnitOfWork, owner: Owner, draft_id: UUID) -> None:
    """Note that the cart is a draft of orders, to be sent off as that order."""
    made = insert(cart_origin_table).values(
        sub=owner.sub, member_id=owner.member_id, draft_id=draft_id
    )
    await uow.connection.execute(
        made.on_conflict_do_update(
            index_elements=["sub", "member_id"], set_={"draft_id": made.excluded.draft_id}
        )
    )
    await renew(uow, owner)


async def draft_of(connection: AsyncConnection, owner: Owner) -> UUID | None:
    """The draft a cart goes on from."""
    draft_id: UUID | None = await connection.scalar(select(_FROM.draft_id).where(*_of(owner)))
    return draft_id


def _of(owner: Owner) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _FROM.sub == owner.sub, _FROM.member_id == owner.member_id


def _lines_of(owner: Owner) -> ColumnElement[bool]:
    return and_(_ROW.sub == owner.sub, _ROW.member_id == owner.member_id)
