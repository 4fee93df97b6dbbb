"""How a search result can be narrowed down: by seller and by class, each with a count."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.store import article_table, supplier_table
from catalog.views.articles import ArticleSearch, matching
from marktbund.contracts.http.catalog import ClassFacet, FacetsAnswer, SellerFacet

_SHOWN = 12
_CLASS_DIGITS = 4


async def facets(connection: AsyncConnection, search: ArticleSearch) -> FacetsAnswer:
    """Facets of everything a search finds, whatever page is shown."""
    articles = func.count().label("articles")
    offered = article_table.join(
        supplier_table, article_table.c.supplier_id == supplier_table.c.supplier_id
    )
    seller = (supplier_table.c.supplier_id, supplier_table.c.name)
    digits = func.left(article_table.c.cpv, _CLASS_DIGITS).label("cpv")
    # Counted over the groups, before the largest are taken.
    groups = func.count().over().label("groups")
    by_seller = select(*seller, articles, groups).select_from(offered).where(*matching(search))
    by_class = select(digits, articles, groups).select_from(offered).where(*matching(search))
    sellers = by_seller.group_by(*seller).order_by(articles.desc(), seller[1]).limit(_SHOWN)
    classes = by_class.where(article_table.c.cpv != "").group_by(digits)
    classes = classes.order_by(articles.desc(), digits).limit(_SHOWN)
    largest_sellers = (await connection.execute(sellers)).all()
    largest_classes = (await connection.execute(classes)).all()
    return FacetsAnswer(
        suppliers=[
            SellerFacet(supplier_id=row.supplier_id, name=row.name, articles=row.articles)
            for row in largest_sellers
        ],
        suppliers_further=_further([row.groups for row in largest_sellers]),
        classes=[ClassFacet(cpv=row.cpv, articles=row.articles) for row in largest_classes],
        classes_further=_further([row.groups for row in largest_classes]),
    )


def _further(groups: Sequence[int]) -> int:
    # Every row knows how many groups there are.
    return groups[0] - len(groups) if groups else 0
