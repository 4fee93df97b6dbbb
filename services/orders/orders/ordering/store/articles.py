"""The articles an order names, and the suppliers of what is quoted in words."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from marktbund import statements
from marktbund.statements import Clause, rows_of
from marktbund.unit_of_work import UnitOfWork
from orders.ground.domain.articles import Article
from orders.ground.store.replicas import ARTICLES
from orders.ordering.domain.lines import Wanted

_QUOTING = """
    SELECT supplier_id, name, status = 'active' AS sells FROM supplier
     WHERE supplier_id = ANY(:quoting_ids)
"""


def asked_articles(wanted: Iterable[Wanted]) -> tuple[Clause, ...]:
    """The questions for what is wanted: articles, and suppliers of what is quoted in words."""
    described = [line.free_text.supplier_id for line in wanted if line.free_text is not None]
    ids = sorted({line.article_id for line in wanted if line.free_text is None})
    articles = Clause("articles", rows_of(ARTICLES), {"article_ids": ids})
    if not described:
        return (articles,)
    ids = sorted(set(described))
    return articles, Clause("quoting", rows_of(_QUOTING), {"quoting_ids": ids})


def articles_of(row: Row[Any], wanted: Iterable[Wanted]) -> dict[UUID, Article]:
    """The known ones of these articles; withdrawn ones and silent suppliers' not orderable. Free
    text is an article of its own, orderable while its supplier may sell.
    """
    known = {columns[0]: Article(*columns) for columns in row.articles}
    sells = {supplier_id: sells for supplier_id, _, sells in getattr(row, "quoting", ())}
    described = {
        line.article_id: line.free_text.article(
            line.article_id, orderable=sells.get(line.free_text.supplier_id, False)
        )
        for line in wanted
        if line.free_text is not None
    }
    return known | described


def names_of(row: Row[Any]) -> dict[UUID, str]:
    """Names of the suppliers of what is quoted in words."""
    return {supplier_id: name for supplier_id, name, _ in getattr(row, "quoting", ())}


async def load_articles(uow: UnitOfWork, wanted: Sequence[Wanted]) -> dict[UUID, Article]:
    """What `articles_of` knows, asked for alone."""
    row = await statements.ask(uow.connection, *asked_articles(wanted))
    return articles_of(row, wanted)
