"""Catalogues and price lists as rows, and what a price list in force does to articles.

Set-wise: a few statements for any number of articles.
"""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import RowMapping, text

from catalog.domain.catalogues import Catalogue, PriceList, PriceListDifference
from catalog.store.tables import OFFER_COLUMNS
from marktbund.errors import NotFound
from marktbund.unit_of_work import UnitOfWork

# Opened, locked and read at once; a row that was waited for is read as it is by then. Rows just
# written have no statistics yet: taken for a handful, they would be joined one by one. The time
# allowed is for the longest list there may be.
_LOCK = text("""
    INSERT INTO catalogue AS c (supplier_id)
    SELECT supplier_id FROM supplier WHERE supplier_id = :supplier_id
    ON CONFLICT (supplier_id) DO UPDATE SET version = c.version
    RETURNING c.supplier_id, c.last_number, c.in_force, c.version,
              set_config('enable_nestloop', 'off', true),
              set_config('statement_timeout', '5min', true)
""")

_COMPARED = [name for name in OFFER_COLUMNS if name not in {"article_number", "word_endings"}]
_DIFFERS = (
    f"({', '.join(f'a.{name}' for name in _COMPARED)})"
    f" IS DISTINCT FROM ({', '.join(f'r.{name}' for name in _COMPARED)})"
)
_OF_LIST = "r.supplier_id = :supplier_id AND r.number = :number"

_COUNTED = f"""
    SELECT count(*) FILTER (WHERE a.status IS DISTINCT FROM 'active') AS added,
           count(*) FILTER (WHERE a.status = 'active' AND {_DIFFERS}) AS changed,
           count(*) FILTER (WHERE a.status = 'active' AND NOT {_DIFFERS}) AS unchanged,
           (SELECT count(*) FROM article
             WHERE supplier_id = :supplier_id AND status = 'active')
           - count(*) FILTER (WHERE a.status = 'active') AS withdrawn
      FROM price_list_row r LEFT JOIN article a USING (supplier_id, article_number)
     WHERE {_OF_LIST}
"""
_DIFFERENCE = text(_COUNTED)
_STAGED = text(f"""
    SELECT p.*, d.added AS added_now, d.changed AS changed_now, d.unchanged AS unchanged_now,
           d.withdrawn AS withdrawn_now
      FROM price_list AS p CROSS JOIN ({_COUNTED}) AS d
     WHERE p.supplier_id = :supplier_id AND p.number = :number
""")
_KEEP_STAGED = text("""
    WITH numbered AS (
        UPDATE catalogue SET last_number = :number WHERE supplier_id = :supplier_id
    )
    INSERT INTO price_list (supplier_id, number, content_sha256, articles, added, changed,
                            unchanged, withdrawn, status, staged_by, staged_at)
    VALUES (:supplier_id, :number, :content_sha256, :articles, :added, :changed, :unchanged,
            :withdrawn, :status, :staged_by, :staged_at)
""")
# The relay marks what it has published, by id; in the same order the two cannot deadlock.
_LOCK_ARTICLES = text("""
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
# A statement of its own: a supplier has one list in force, and an index watches that.
_SUPERSEDE = text("""
    UPDATE price_list SET status = 'superseded'
     WHERE supplier_id = :supplier_id AND number < :number AND status <> 'superseded'
""")
_IN_FORCE = text("""
    WITH published AS (
        UPDATE price_list
           SET status = :status, added = :added, changed = :changed, unchanged = :unchanged,
               withdrawn = :withdrawn, published_by = :published_by, published_at = :published_at
         WHERE supplier_id = :supplier_id AND number = :number
    ), gone AS (
        DELETE FROM price_list_row WHERE supplier_id = :supplier_id AND number <= :number
    )
    UPDATE catalogue SET in_force = :number, version = :version WHERE supplier_id = :supplier_id
""")


async def lock_catalogue(uow: UnitOfWork, supplier_id: UUID) -> Catalogue:
    """A supplier's catalogue, held until the commit: one list at a time is staged or published.

    Raises NotFound (`supplier_unknown`).
    """
    locked = await uow.connection.execute(_LOCK, {"supplier_id": supplier_id})
    row = locked.one_or_none()
    if row is None:
        raise NotFound("supplier_unknown", "Diesen Lieferanten gibt es nicht", field="supplier_id")
    return Catalogue(row.supplier_id, row.last_number, row.in_force, row.version)


async def staged(
    uow: UnitOfWork, supplier_id: UUID, number: int
) -> tuple[PriceList, PriceListDifference]:
    """A price list, and how its rows differ from the articles in force now.

    Raises NotFound (`price_list_unknown`).
    """
    asked = {"supplier_id": supplier_id, "number": number}
    row = (await uow.connection.execute(_STAGED, asked)).mappings().one_or_none()
    if row is None:
        raise NotFound("price_list_unknown", "Diese Preisliste gibt es nicht", field="number")
    counts = [row[f"{name}_now"] for name in ("added", "changed", "unchanged", "withdrawn")]
    return price_list_of(row), PriceListDifference(*counts)


def price_list_of(row: RowMapping) -> PriceList:
    """A row as the aggregate it keeps."""
    return PriceList(
        supplier_id=row["supplier_id"],
        number=row["number"],
        content_sha256=row["content_sha256"],
        articles=row["articles"],
        difference=PriceListDifference(
            row["added"], row["changed"], row["unchanged"], row["withdrawn"]
        ),
        status=row["status"],
        staged_by=row["staged_by"],
        staged_at=row["staged_at"],
        published_by=row["published_by"],
        published_at=row["published_at"],
    )


async def keep_staged(uow: UnitOfWork, price_list: PriceList) -> None:
    """Keep a new price list, whose rows are there already, and that its number is given."""
    await uow.connection.execute(_KEEP_STAGED, asdict(price_list) | asdict(price_list.difference))


async def difference(uow: UnitOfWork, supplier_id: UUID, number: int) -> PriceListDifference:
    """How a staged list's rows differ from the articles in force."""
    asked = {"supplier_id": supplier_id, "number": number}
    row = (await uow.connection.execute(_DIFFERENCE, asked)).one()
    return PriceListDifference(row.added, row.changed, row.unchanged, row.withdrawn)


async def put_in_force(uow: UnitOfWork, catalogue: Catalogue, price_list: PriceList) -> None:
    """Articles become what the list says; lists before it are superseded, their rows go.

    The catalogue is held; then corrections and articles, in this order for everybody.
    """
    of_list = {"supplier_id": price_list.supplier_id, "number": price_list.number}
    await uow.connection.execute(_HOLD_CORRECTIONS)
    for statement in (_LOCK_ARTICLES, _WITHDRAW, _TAKE_OVER, _SUPERSEDE):
        await uow.connection.execute(statement, of_list)
    published = asdict(price_list) | asdict(price_list.difference)
    await uow.connection.execute(_IN_FORCE, published | {"version": catalogue.version})
