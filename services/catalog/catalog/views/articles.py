"""The articles people can buy: search and single pages."""

from datetime import date
from functools import reduce
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.groups import gtin_14, is_gtin
from catalog.store import HIDDEN_COLUMNS, article_table, effective_group, supplier_table
from catalog.views.agreements import marks
from marktbund.contracts.http.catalog import ArticleAnswer, ArticlesAnswer
from marktbund.texts import OneLine

COUNTED_UP_TO = 1_000
_WORDS_USED = 12
_SHORTEST_ANYWHERE = 4
_OF_NAME: ColumnElement[str] = literal_column("'{a,d}'")
_article, _supplier = article_table.c, supplier_table.c


class ArticleSearch(BaseModel):
    """What is looked for. q empty: all, by name. cpv: the first digits. comparable_group: offers
    of the same thing. after: how many articles of the result were shown already.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: Annotated[str, OneLine(200)] = ""
    cpv: Annotated[str, Field(pattern=r"^[0-9]{0,8}$")] = ""
    supplier_id: UUID | None = None
    comparable_group: Annotated[str, OneLine(200)] = ""
    after: Annotated[int, Field(ge=0, le=10_000)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 25


async def articles(
    connection: AsyncConnection, search: ArticleSearch, today: date
) -> ArticlesAnswer:
    """Active articles of active suppliers: an exact number first, then all words in the name, then
    the best match, then by name.
    """
    wanted = _with_supplier(today).where(*matching(search))
    page = wanted.order_by(*_order(search), _article.name, _article.article_id)
    rows = (
        (await connection.execute(page.offset(search.after).limit(search.limit + 1)))
        .mappings()
        .all()
    )
    some = wanted.with_only_columns(_article.article_id).limit(COUNTED_UP_TO + 1).subquery()
    total = await connection.scalar(select(func.count()).select_from(some)) or 0
    return ArticlesAnswer(
        articles=[_answer(row) for row in rows[: search.limit]],
        total=min(total, COUNTED_UP_TO),
        total_capped=total > COUNTED_UP_TO,
        next_after=search.after + search.limit if len(rows) > search.limit else None,
    )


async def article(
    connection: AsyncConnection, article_id: UUID, today: date
) -> ArticleAnswer | None:
    """One article, withdrawn ones too: old orders still point at them."""
    query = _with_supplier(today).where(_article.article_id == article_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else _answer(row)


def matching(search: ArticleSearch) -> list[ColumnElement[bool]]:
    """What an article and its supplier must be to be found."""
    return [_supplier.status == "active", *_conditions(search)]


def _with_supplier(today: date) -> Select[Any]:
    shown = [column for column in _article if column.name not in HIDDEN_COLUMNS]
    return select(
        *shown,
        effective_group.label("comparable_group"),
        _supplier.name.label("supplier_name"),
        and_(_article.status == "active", _supplier.status == "active").label("orderable"),
        marks(today).label("agreements"),
    ).join_from(article_table, supplier_table, _article.supplier_id == _supplier.supplier_id)


def _answer(row: RowMapping) -> ArticleAnswer:
    return ArticleAnswer.model_validate({**row, "features": dict(row["features"])})


def _conditions(search: ArticleSearch) -> list[ColumnElement[bool]]:
    conditions = [_article.status == "active"]
    if search.q.strip():
        matches = _article.search.bool_op("@@")(_text_query(search.q))
        conditions.append(or_(matches, _has_number(search.q.strip())))
    if search.cpv:
        conditions.append(_article.cpv.like(f"{search.cpv}%"))
    if search.comparable_group:
        conditions.append(effective_group == search.comparable_group)
    if search.supplier_id is not None:
        conditions.append(_article.supplier_id == search.supplier_id)
    return conditions


def _order(search: ArticleSearch) -> list[ColumnElement[bool] | ColumnElement[float]]:
    if not search.q.strip():
        return []
    query = _text_query(search.q)
    in_name = func.ts_filter(_article.search, _OF_NAME).bool_op("@@")(query)
    rank = func.ts_rank(_article.search, query)
    return [_has_number(search.q.strip()).desc(), in_name.desc(), rank.desc()]


def _has_number(number: str) -> ColumnElement[bool]:
    maker = _article.manufacturer_article_number
    ways: list[ColumnElement[bool]] = [
        func.lower(_article.article_number) == number.lower(),
        and_(maker != "", func.lower(maker) == number.lower()),
    ]
    if is_gtin(number):
        padded = func.lpad(_article.gtin, 14, "0") == gtin_14(number)
        ways.append(and_(_article.gtin != "", padded))
    return or_(*ways)


def _text_query(text: str) -> ColumnElement[str]:
    """All words; the last may be unfinished, longer ones may also stand inside a compound."""
    *words, last = text.split()[:_WORDS_USED]
    parts = [_word_query(word, unfinished=len(word) >= _SHORTEST_ANYWHERE) for word in words]
    return reduce(func.tsquery_and, [*parts, _word_query(last, unfinished=True)])


def _word_query(word: str, *, unfinished: bool) -> ColumnElement[str]:
    quoted = "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
    if not unfinished:
        return func.to_tsquery("german", quoted)
    start = f"{quoted}:*"
    return func.tsquery_or(func.to_tsquery("german", start), func.to_tsquery("simple", start))
