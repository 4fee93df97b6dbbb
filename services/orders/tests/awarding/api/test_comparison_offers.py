"""The cheapest five kept with a line are the cheapest of all offers, and all are counted."""

from marktbund.contracts.catalog import ArticleState
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.ids import new_id

SHOPS = 58


async def test_the_cheapest_of_fifty_eight_suppliers_are_kept(desk):
    """Ids of suppliers grow with time: whoever came last is dearest or cheapest all the same."""
    shops = [new_id() for _ in range(SHOPS)]
    states = [
        SupplierState(version=1, supplier_id=shop, name=f"Laden {number}", status="active")
        for number, shop in enumerate(shops)
    ]
    await desk.market.tell(*states)
    usual = {"version": 1, "article_number": "P", "name": "Papier", "cpv": "30197630"}
    usual |= {"comparable_group": "gtin:2", "order_unit": "XPK", "vat_rate": "19"}
    usual |= {"status": "active", "price_list": 1}
    prices = [f"{20 - number / 10:.2f}" for number in range(SHOPS)]
    articles = [
        ArticleState.model_validate(
            usual | {"article_id": new_id(), "supplier_id": shop, "unit_price_net": price}
        )
        for shop, price in zip(shops, prices, strict=True)
    ]
    second = {"article_id": new_id(), "supplier_id": shops[-1], "unit_price_net": "99.00"}
    await desk.market.tell(*articles, ArticleState.model_validate(usual | second))
    limit = RouteLimit(route="compare", up_to_net=5000, offers_received=3)
    await desk.market.rules(desk.member_id, limit, approval_above=5000)
    order = await desk.ordered((articles[0].article_id, "1"))
    shown = (await desk.get(f"/orders/{order['order_id']}")).json()
    assert [offer["net_total"] for offer in shown["offers"]] == prices[:-6:-1]
    assert [offer["supplier_name"] for offer in shown["offers"]] == [
        f"Laden {number}" for number in range(SHOPS - 1, SHOPS - 6, -1)
    ]
    assert shown["decision"]["inputs"]["offers"] == SHOPS
