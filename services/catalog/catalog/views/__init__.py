"""Questions: SQL straight to the answer."""

from catalog.views.articles import ArticleSearch, article, articles
from catalog.views.facets import facets
from catalog.views.price_lists import PageSize, price_list_answer, price_lists

__all__ = [
    "ArticleSearch",
    "PageSize",
    "article",
    "articles",
    "facets",
    "price_list_answer",
    "price_lists",
]
