"""Questions: SQL straight to the answer."""

from catalog.views.articles import ArticleAnswer, ArticlesAnswer, ArticleSearch, article, articles
from catalog.views.price_lists import PageSize, PriceListAnswer, price_lists

__all__ = [
    "ArticleAnswer",
    "ArticleSearch",
    "ArticlesAnswer",
    "PageSize",
    "PriceListAnswer",
    "article",
    "articles",
    "price_lists",
]
