"""What orders keep of others, so that ordering works while their owners are down."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, text
from sqlalchemy.dialects.postgresql import insert

from marktbund.contracts.catalog import ArticleState
from marktbund.contracts.members import MemberState, UnitState
from marktbund.contracts.rule_sets import RuleSetState
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.statements import Answers
from marktbund.unit_of_work import UnitOfWork
from orders.ground.domain.articles import Article
from orders.ground.store import tables

# In the order of the domain's Article.
ARTICLES = """
    SELECT a.article_id, a.supplier_id, a.article_number, a.name, a.cpv, a.comparable_group,
           a.order_unit, a.unit_price_net, a.vat_rate,
           coalesce(a.active AND s.status = 'active', false) AS orderable,
           a.minimum_quantity, a.quantity_interval
      FROM article AS a LEFT JOIN supplier AS s USING (supplier_id)
     WHERE a.article_id = ANY(:article_ids)
"""
_SELLING = text("""
    SELECT supplier_id FROM supplier WHERE supplier_id = ANY(:ids) AND status = 'active'
""")


async def selling(uow: UnitOfWork, supplier_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these suppliers that may sell."""
    ids = {"ids": list(set(supplier_ids))}
    return frozenset(await uow.connection.scalars(_SELLING, ids))


async def load_article(uow: UnitOfWork, article_id: UUID) -> Article | None:
    """One article of the catalogue; None where it is not known."""
    rows = await uow.connection.execute(text(ARTICLES), {"article_ids": [article_id]})
    row = rows.one_or_none()
    return Article(*row) if row else None


def article_of(row: Answers, *, orderable: bool) -> Article:
    """An article from a row with the replica's columns."""
    return Article(
        article_id=row.article_id,
        supplier_id=row.supplier_id,
        article_number=row.article_number,
        name=row.name,
        cpv=row.cpv,
        comparable_group=row.comparable_group,
        order_unit=row.order_unit,
        unit_price_net=row.unit_price_net,
        vat_rate=row.vat_rate,
        orderable=orderable,
        minimum_quantity=row.minimum_quantity,
        quantity_interval=row.quantity_interval,
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


async def keep_units(uow: UnitOfWork, states: Sequence[UnitState]) -> None:
    """Take over the newest states of units."""
    columns = set(tables.unit.c.keys())
    rows = [state.model_dump(mode="json", include=columns) for state in states]
    await _upsert(uow, tables.unit, "unit_id", rows)


async def keep_rule_sets(uow: UnitOfWork, states: Sequence[RuleSetState]) -> None:
    """Take over the newest rule sets; every version heard stays, for decisions made under it."""
    rows = [
        {
            "rule_set_id": state.rule_set_id,
            "member_id": state.member_id,
            "status": state.status,
            "body": state.model_dump(mode="json"),
            "version": state.version,
        }
        for state in states
    ]
    await _upsert(uow, tables.rule_set, "rule_set_id", rows)
    columns = set(tables.rule_set_version.c.keys())
    seen = {(row["rule_set_id"], row["version"]): row for row in rows}
    versions = [{name: row[name] for name in columns} for row in seen.values()]
    statement = insert(tables.rule_set_version).values(versions)
    await uow.connection.execute(statement.on_conflict_do_nothing())


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
