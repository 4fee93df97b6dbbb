"""Catalogues and price lists as rows, and what a price list in force does to articles.

Set-wise: a few statements for any number of articles.
"""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, text, update

from catalog.domain.catalogues import Catalogue, PriceList, PriceListDifference
from catalog.store.tables import (
    OFFER_COLUMNS,
    catalogue_table,
    price_list_row_table,
    price_list_table,
)
from marktbund.errors import NotFound
from marktbund.unit_of_work import UnitOfWork

_OPEN = text("""
    INSERT INTO catalogue (supplier_id)
    SELECT supplier_id FROM supplier WHERE supplier_id = :supplier_id
    ON CONFLICT DO NOTHING
""")

_COMPARED = [name for name in OFFER_COLUMNS if name not in {"article_number", "word_endings"}]
_DIFFERS = (
    f"({', '.join(f'a.{name}' for name in _COMPARED)})"
    f" IS DISTINCT FROM ({', '.join(f'r.{name}' for name in _COMPARED)})"
)
_OF_LIST = "r.supplier_id = :supplier_id AND r.number = :number"

_DIFFERENCE = text(f"""
    SELECT count(*) FILTER (WHERE a.status IS DISTINCT FROM 'active') AS added,
           count(*) FILTER (WHERE a.status = 'active' AND {_DIFFERS}) AS changed,
           count(*) FILTER (WHERE a.status = 'active' AND NOT {_DIFFERS}) AS unchanged,
           (SELECT count(*) FROM article
             WHERE supplier_id = :supplier_id AND status = 'active')
           - count(*) FILTER (WHERE a.status = 'active') AS withdrawn
      FROM price_list_row r LEFT JOIN article a USING (supplier_id, article_number)
     WHERE {_OF_LIST}
""")

# Rows just written have no statistics yet; taken for a handful, they would be joined one by one.
# The time allowed is for the longest list there may be.
_MANY = text("""
    SELECT set_config('enable_nestloop', 'off', true), set_config('statement_timeout', '5min', true)
""")
# The relay marks what it has published, by id; in the same order the two cannot deadlock.
_LOCK = text("""
    SELECT count(*) FROM (
        SELECT 1 FROM article WHERE supplier_id = :supplier_id AND published_version < version
         ORDER BY article_id FOR NO KEY UPDATE) AS locked
""")
_WITHDRAW = text(f"""
    UPDATE article AS a SET status = 'withdrawn', price_list = :number, version = version + 1
     WHERE a.supplier_id = :supplier_id AND a.status = 'active'
       AND NOT EXISTS (SELECT 1 FROM price_list_row r
                        WHERE {_OF_LIST} AND r.article_number = a.article_number)
""")
# Whoever keeps a correction waits until the list is in force: so its job misses no article.
_HOLD_CORRECTIONS = text("LOCK TABLE group_correction IN SHARE MODE")
# Unchanged articles are left out before the insert: they keep their version and cost nothing.
_TAKE_OVER = text(f"""
    INSERT INTO article AS kept (article_id, supplier_id, {", ".join(OFFER_COLUMNS)},
                                 corrected_group, status, price_list, version)
    SELECT r.article_id, r.supplier_id, {", ".join(f"r.{name}" for name in OFFER_COLUMNS)},
           coalesce(one.resolved, all_of.resolved), 'active', r.number, 1
      FROM price_list_row r LEFT JOIN article a USING (supplier_id, article_number)
      LEFT JOIN group_correction one
             ON one.source = 'article:' || coalesce(a.article_id, r.article_id)
      LEFT JOIN group_correction all_of ON all_of.source = r.comparable_group
     WHERE {_OF_LIST} AND (a.status IS DISTINCT FROM 'active' OR {_DIFFERS})
     ORDER BY coalesce(a.article_id, r.article_id)
    ON CONFLICT (supplier_id, article_number) DO UPDATE
       SET {", ".join(f"{name} = excluded.{name}" for name in OFFER_COLUMNS)},
           corrected_group = excluded.corrected_group,
           status = 'active', price_list = excluded.price_list, version = kept.version + 1
""")


async def lock_catalogue(uow: UnitOfWork, supplier_id: UUID) -> Catalogue:
    """A supplier's catalogue, held until the commit: one list at a time is staged or published.

    Raises NotFound (`supplier_unknown`).
    """
    await uow.connection.execute(_OPEN, {"supplier_id": supplier_id})
    query = select(catalogue_table).where(catalogue_table.c.supplier_id == supplier_id)
    row = (await uow.connection.execute(query.with_for_update())).one_or_none()
    if row is None:
        raise NotFound("supplier_unknown", "Diesen Lieferanten gibt es nicht", field="supplier_id")
    return Catalogue(row.supplier_id, row.last_number, row.in_force, row.version)


async def save_catalogue(uow: UnitOfWork, catalogue: Catalogue) -> None:
    """Keep a catalogue locked before."""
    await uow.connection.execute(
        update(catalogue_table)
        .where(catalogue_table.c.supplier_id == catalogue.supplier_id)
        .values(
            last_number=catalogue.last_number,
            in_force=catalogue.in_force,
            version=catalogue.version,
        )
    )


async def load_price_list(uow: UnitOfWork, supplier_id: UUID, number: int) -> PriceList:
    """A price list. Raises NotFound (`price_list_unknown`)."""
    query = select(price_list_table).where(_key(supplier_id, number))
    row = (await uow.connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("price_list_unknown", "Diese Preisliste gibt es nicht", field="number")
    return price_list_of(row)


def price_list_of(row: Row[Any]) -> PriceList:
    """A row as the aggregate it keeps."""
    return PriceList(
        supplier_id=row.supplier_id,
        number=row.number,
        content_sha256=row.content_sha256,
        articles=row.articles,
        difference=PriceListDifference(row.added, row.changed, row.unchanged, row.withdrawn),
        status=row.status,
        staged_by=row.staged_by,
        staged_at=row.staged_at,
        published_by=row.published_by,
        published_at=row.published_at,
    )


async def add_price_list(uow: UnitOfWork, price_list: PriceList) -> None:
    """Keep a new price list; its rows are there already."""
    await uow.connection.execute(insert(price_list_table).values(_columns(price_list)))


async def difference(uow: UnitOfWork, supplier_id: UUID, number: int) -> PriceListDifference:
    """How a staged list's rows differ from the articles in force."""
    staged = {"supplier_id": supplier_id, "number": number}
    await uow.connection.execute(_MANY)
    row = (await uow.connection.execute(_DIFFERENCE, staged)).one()
    return PriceListDifference(row.added, row.changed, row.unchanged, row.withdrawn)


async def put_in_force(uow: UnitOfWork, catalogue: Catalogue, price_list: PriceList) -> None:
    """Articles become what the list says; lists before it are superseded, their rows go."""
    connection = uow.connection
    supplier_id, number = price_list.supplier_id, price_list.number
    await connection.execute(_HOLD_CORRECTIONS)
    await connection.execute(_LOCK, {"supplier_id": supplier_id})
    await connection.execute(_MANY)
    for statement in (_WITHDRAW, _TAKE_OVER):
        await connection.execute(statement, {"supplier_id": supplier_id, "number": number})
    lists, rows = price_list_table.c, price_list_row_table.c
    await connection.execute(
        update(price_list_table)
        .where(lists.supplier_id == supplier_id, lists.number < number)
        .where(lists.status != "superseded")
        .values(status="superseded")
    )
    await connection.execute(
        update(price_list_table).where(_key(supplier_id, number)).values(_columns(price_list))
    )
    await connection.execute(
        delete(price_list_row_table).where(rows.supplier_id == supplier_id, rows.number <= number)
    )
    await save_catalogue(uow, catalogue)


def _key(supplier_id: UUID, number: int) -> Any:
    lists = price_list_table.c
    return (lists.supplier_id == supplier_id) & (lists.number == number)


def _columns(price_list: PriceList) -> dict[str, Any]:
    columns = asdict(price_list)
    counts: dict[str, int] = columns.pop("difference")
    return columns | counts
