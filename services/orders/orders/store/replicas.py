"""What orders keep of others, so that ordering works while their owners are down."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, text
from sqlalchemy.dialects.postgresql import insert

from marktbund.contracts.catalog import ArticleState
from marktbund.contracts.members import MemberState
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.errors import Conflict
from marktbund.unit_of_work import UnitOfWork
from orders.domain import Article
from orders.store import tables

_ARTICLES = text("""
    SELECT a.*, a.active AND s.status = 'active' AS orderable
      FROM article AS a LEFT JOIN supplier AS s USING (supplier_id)
     WHERE a.article_id = ANY(:ids)
""")
_MEMBER = text("SELECT status FROM member WHERE member_id = :member_id")


async def load_articles(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Article]:
    """The known ones of these articles; withdrawn ones and silent suppliers' not orderable."""
    rows = await uow.connection.execute(_ARTICLES, {"ids": list(set(ids))})
    return {
        row.article_id: Article(
            article_id=row.article_id,
            supplier_id=row.supplier_id,
            article_number=row.article_number,
            name=row.name,
            cpv=row.cpv,
            comparable_group=row.comparable_group,
            order_unit=row.order_unit,
            unit_price_net=row.unit_price_net,
            vat_rate=row.vat_rate,
            orderable=bool(row.orderable),
        )
        for row in rows
    }


async def require_active_member(uow: UnitOfWork, member_id: UUID) -> None:
    """Raises Conflict (`member_not_active`) unless the member may order."""
    status = await uow.connection.scalar(_MEMBER, {"member_id": member_id})
    if status != "active":
        raise Conflict(
            "member_not_active",
            "Dieses Mitglied kann zurzeit nicht bestellen",
            field="Member",
            way_out="Wenden Sie sich an die Geschäftsstelle.",
        )


async def keep_articles(uow: UnitOfWork, states: Sequence[ArticleState]) -> None:
    """Take over the newest states of articles."""
    columns = set(tables.article.c.keys()) - {"active"}
    rows = [
        state.model_dump(include=columns) | {"active": state.status == "active"} for state in states
    ]
    await _upsert(uow, tables.article, "article_id", rows)


async def keep_suppliers(uow: UnitOfWork, states: Sequence[SupplierState]) -> None:
    """Take over the newest states of suppliers."""
    columns = set(tables.supplier.c.keys())
    rows = [state.model_dump(include=columns) for state in states]
    await _upsert(uow, tables.supplier, "supplier_id", rows)


async def keep_members(uow: UnitOfWork, states: Sequence[MemberState]) -> None:
    """Take over the newest states of members."""
    columns = set(tables.member.c.keys())
    rows = [state.model_dump(include=columns) for state in states]
    await _upsert(uow, tables.member, "member_id", rows)


async def _upsert(
    uow: UnitOfWork, table: Table, key: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    newest = {row[key]: row for row in sorted(rows, key=lambda row: row["version"])}
    statement = insert(table).values([newest[known] for known in sorted(newest)])
    others = {name: statement.excluded[name] for name in table.c.keys() if name != key}  # noqa: SIM118
    await uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=[key],
            set_=others,
            where=table.c.version < statement.excluded.version,
        )
    )
