"""What portal has heard of suppliers and members: whom a token speaks for, names to show."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.members import MemberState
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.unit_of_work import UnitOfWork
from portal.store.tables import member_name_table, seller_table

_SELLER = text("""
    INSERT INTO seller AS known (supplier_id, name, status, subs, version)
    VALUES (:supplier_id, :name, :status, CAST(:subs AS text[]), :version)
    ON CONFLICT (supplier_id) DO UPDATE
       SET name = excluded.name, status = excluded.status, subs = excluded.subs,
           version = excluded.version
     WHERE known.version < excluded.version
""")
_MEMBER = text("""
    INSERT INTO member_name AS known (member_id, name, version)
    VALUES (:member_id, :name, :version)
    ON CONFLICT (member_id) DO UPDATE SET name = excluded.name, version = excluded.version
     WHERE known.version < excluded.version
""")


@dataclass(frozen=True, slots=True)
class Seller:
    """The supplier an account speaks for."""

    supplier_id: UUID
    name: str


async def seller(connection: AsyncConnection, sub: str) -> Seller | None:
    """Whom an account speaks for; None for an unknown one and for suppliers not admitted."""
    query = select(seller_table.c.supplier_id, seller_table.c.name).where(
        seller_table.c.subs.contains([sub]), seller_table.c.status == "active"
    )
    row = (await connection.execute(query)).first()
    return None if row is None else Seller(*row)


async def sellers(connection: AsyncConnection) -> list[Seller]:
    """All suppliers that may sell, by name."""
    query = select(seller_table.c.supplier_id, seller_table.c.name).where(
        seller_table.c.status == "active"
    )
    rows = await connection.execute(query.order_by(seller_table.c.name))
    return [Seller(*row) for row in rows]


async def member_names(connection: AsyncConnection) -> dict[UUID, str]:
    """Names of all members, by id, in alphabetical order."""
    names = member_name_table.c
    query = select(names.member_id, names.name).order_by(names.name, names.member_id)
    return {row.member_id: row.name for row in await connection.execute(query)}


async def supplier_names(connection: AsyncConnection, *, active: bool = False) -> dict[UUID, str]:
    """Names of suppliers by id, in alphabetical order; with `active` of admitted ones only."""
    query = select(seller_table.c.supplier_id, seller_table.c.name).order_by(seller_table.c.name)
    if active:
        query = query.where(seller_table.c.status == "active")
    return {row.supplier_id: row.name for row in await connection.execute(query)}


async def keep_sellers(uow: UnitOfWork, states: Iterable[SupplierState]) -> None:
    """Take over suppliers' newest states; an older one changes nothing."""
    for state in states:
        values = {
            "supplier_id": state.supplier_id,
            "name": state.name,
            "status": state.status,
            "subs": list(state.subs),
            "version": state.version,
        }
        await uow.connection.execute(_SELLER, values)


async def keep_members(uow: UnitOfWork, states: Iterable[MemberState]) -> None:
    """Take over members' newest names; an older state changes nothing."""
    for state in states:
        values = {"member_id": state.member_id, "name": state.name, "version": state.version}
        await uow.connection.execute(_MEMBER, values)
