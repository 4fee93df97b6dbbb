"""What tests of the cart share: an article on sale, a cart filled, forms as pages hold them."""

import re
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import UUID

from services.portal.tests import facts
from services.portal.tests.facts import API, post

ARTICLES = "/api/catalog/v1/articles"
FACETS = {"suppliers": [], "suppliers_further": 0, "classes": [], "classes_further": 0}
"""A search that cannot be narrowed down."""
ORDERED = "01a219cb-82bd-7660-a2ee-b4e9a1ae4931"


def article(number: int = 7, **different: Any) -> dict[str, Any]:
    """An article of catalog's, ordered by the packet."""
    usual = {
        "article_id": str(UUID(int=number)),
        "article_number": f"BW-{number}",
        "name": f"Papier {number}",
        "description": "",
        "supplier_id": facts.SUPPLIER,
        "supplier_name": "Bürowelt",
        "manufacturer": "",
        "manufacturer_article_number": "",
        "gtin": "",
        "cpv": "30197643",
        "content": "",
        "order_unit": "XPK",
        "unit_price_net": "12.50",
        "vat_rate": "19",
        "minimum_quantity": "1",
        "quantity_interval": None,
        "delivery_days": 2,
        "features": {},
        "comparable_group": "gtin:1",
        "agreements": [],
        "status": "active",
        "orderable": True,
        "price_list": 1,
        "version": 1,
    }
    return usual | different


def search_answer(*articles: dict[str, Any]) -> dict[str, Any]:
    """A page of a search, the last."""
    shown = list(articles)
    return {"articles": shown, "total": len(shown), "total_capped": False, "next_after": None}


def sells(visitor: Any, **different: Any) -> dict[str, Any]:
    """Catalog sells this article; nobody else offers the same."""
    offered = article(**different)
    visitor.shelf.answers["GET", f"{ARTICLES}/{offered['article_id']}"] = (200, offered)
    visitor.shelf.answers["GET", ARTICLES] = (200, search_answer())
    return offered


async def fill(visitor: Any, quantity: str = "20", **different: Any) -> None:
    """An article on sale, so many of it in the cart, and orders ready to take it."""
    offered = sells(visitor, **different)
    answer = await post(visitor, "/warenkorb", article_id=offered["article_id"], quantity=quantity)
    assert answer.status_code == 303, answer.text
    visitor.shelf.answers["POST", f"{API}/route-checks"] = (200, facts.decision())
    visitor.shelf.answers["POST", f"{API}/orders"] = (201, facts.receipt(order_id=ORDERED))


def form_of(page: str, action: str) -> dict[str, str]:
    """Names and values of the inputs of the form that leads there."""
    form = page.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
    inputs = [
        dict(re.findall(r'([a-z_-]+)="([^"]*)"', field))
        for field in re.findall("<input[^>]*>", form)
    ]
    return {field["name"]: unescape(field.get("value", "")) for field in inputs if "name" in field}


async def cart_form(visitor: Any) -> dict[str, str]:
    """The order's form as the cart's page holds it now."""
    return form_of((await visitor.browser.get("/warenkorb")).text, "/bestellungen")


async def order(visitor: Any, form: dict[str, str] | None = None, **fields: str) -> Any:
    """Send the cart off as the page holds it, with these fields filled in."""
    sent = form or await cart_form(visitor)
    return await visitor.browser.post("/bestellungen", data=sent | fields)


def sent_orders(visitor: Any) -> list[Any]:
    """Requests to orders that would make an order."""
    return [r for r in visitor.shelf.asked if (r.method, r.url.path) == ("POST", f"{API}/orders")]


async def in_cart(visitor: Any) -> dict[str, Decimal]:
    """Article id -> quantity."""
    rows = await visitor.connection.exec_driver_sql("SELECT article_id, quantity FROM cart_line")
    return {str(row.article_id): row.quantity for row in rows}
