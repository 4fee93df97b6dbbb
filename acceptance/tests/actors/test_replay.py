"""Requesters and suppliers at work against a platform of thirty lines, kept in memory."""

import json
from collections import Counter, defaultdict
from decimal import Decimal
from io import StringIO
from itertools import count
from urllib.parse import parse_qs

import httpx
import pytest
from rich.console import Console

from acceptance.actors.buying import DemoBuyer, Market, business_time
from acceptance.actors.client import DemoClient
from acceptance.actors.frameworks import CatalogueOffer
from acceptance.actors.manners import Drawn
from acceptance.actors.replay import Replay
from acceptance.actors.screen import Screen
from acceptance.checks.reconciliation import delivered
from acceptance.dataset.plans import purchases_plan
from acceptance.dataset.scms import articles, country_key, orders, scms_lines
from acceptance.ledger.journal import Journal
from acceptance.ledger.settling import settle, total

ADDRESSES = {name: f"http://{name}" for name in ("issuer", "orders", "supplier_gateway")}


class Platform:
    """Splits orders, hands out documents until they are answered or acknowledged."""

    def __init__(self, plan, market):
        self.subs = {supplier.sub: supplier.name for supplier in plan.suppliers}
        self.articles = {offer.article_id: key for key, offer in market.offers.items()}
        self.prices = {
            (article.vendor, article.article_number): article.price
            for article in articles(scms_lines()).values()
        }
        self.waiting = defaultdict(dict)
        self.shares = {}
        self.placed = []
        self.ids = count(1)

    def __call__(self, request):
        if request.url.host == "issuer":
            sub = parse_qs(request.content.decode())["client_id"][0]
            return httpx.Response(200, json={"access_token": sub})
        sub = request.headers["authorization"].removeprefix("Bearer ")
        body = json.loads(request.content or b"{}")
        path = request.url.path.split("/")[4:]
        return httpx.Response(200, json=self.answer(request, sub, path, body))

    def answer(self, request, sub, path, body):
        if path == ["orders"]:
            return self.place(request.headers, body)
        if path[0] == "orders":
            return self.cancel(path[1])
        if path == ["deliveries"]:
            return list(self.waiting[self.subs[sub]].values())[:50]
        if path[0] == "deliveries":
            del self.waiting[self.subs[sub]][path[1]]
        elif path[2] == "responses":
            self.waiting[self.subs[sub]].pop(f"order-{path[1]}", None)
        return {}

    def place(self, headers, body):
        order_id = f"o{next(self.ids)}"
        self.placed.append((headers["member"], headers["business-time"]))
        of_vendor = defaultdict(list)
        value = Decimal(0)
        for number, wanted in enumerate(body["lines"], 1):
            vendor, article_number = self.articles[wanted["article_id"]]
            price = self.prices[vendor, article_number]
            value += price * Decimal(wanted["quantity"])
            line = {"line_no": number, "article_number": article_number}
            line |= {"quantity": wanted["quantity"], "unit_price_net": str(price)}
            line |= {"requested_delivery_date": wanted["requested_delivery_date"]}
            of_vendor[vendor].append(line)
        shares = [
            self.share(order_id, vendor, lines, headers) for vendor, lines in of_vendor.items()
        ]
        receipt = {"order_id": order_id, "net_total": str(value), "supplier_order_ids": shares}
        return receipt | {"status": "placed", "order_kind": "spot", "agreement_id": None}

    def share(self, order_id, vendor, lines, headers):
        share_id = f"s{next(self.ids)}"
        document = {"supplier_order_id": share_id, "order_id": order_id, "lines": lines}
        document |= {"placed_at": headers["business-time"]}
        self.shares[share_id] = (vendor, document)
        self.queue(share_id, "order")
        return share_id

    def queue(self, share_id, kind):
        vendor, document = self.shares[share_id]
        delivery_id = f"{kind}-{share_id}"
        self.waiting[vendor][delivery_id] = document | {
            "document": kind,
            "delivery_id": delivery_id,
        }

    def cancel(self, order_id):
        for share_id, (_, document) in list(self.shares.items()):
            if document["order_id"] == order_id:
                self.queue(share_id, "cancellation")
        return {"status": "cancelled"}


@pytest.fixture(scope="module")
def plan():
    return purchases_plan(scms_lines())


@pytest.fixture(scope="module")
def market(plan):
    return Market(
        members={member.name: member.official_key for member in plan.members},
        offers={
            (article.vendor, article.article_number): CatalogueOffer(
                f"{article.vendor}/{article.article_number}", article.name, "XPK", article.price
            )
            for article in articles(scms_lines()).values()
        },
    )


@pytest.fixture(scope="module")
async def replayed(plan, market, tmp_path_factory):
    made = orders(scms_lines())[:60]
    platform = Platform(plan, market)
    screen = Screen(Console(file=StringIO()))
    file = tmp_path_factory.mktemp("demo") / "journal.jsonl"
    with Journal(file) as journal, screen.begin(len(made), 0) as bars:
        async with DemoClient(ADDRESSES, transport=httpx.MockTransport(platform)) as client:
            replay = Replay(client, plan, journal, Drawn(), bars)
            buyer = DemoBuyer(client, market, journal, Drawn(), replay.placed)
            await replay.run(buyer, made)
    return made, platform, journal, file


def test_all_orders_get_an_end(replayed):
    made, platform, journal, _ = replayed
    lines = settle(journal)
    assert all(line.settled for line in lines)
    assert len(lines) == sum(len(order.lines) for order in made)
    assert total(line.amounts for line in lines).open == 0
    assert [check for check in delivered(journal) if not check.ok] == []
    assert not any(platform.waiting.values())


def test_some_are_taken_back(replayed):
    made, _, journal, _ = replayed
    wanted = {order for order in made if Drawn().takes_back(order)}
    assert len(journal.taken_back) == len(wanted) > 0


def test_the_journal_is_on_disk(replayed):
    made, _, journal, file = replayed
    kept = file.read_text().splitlines()
    kinds = Counter(json.loads(line)["kind"] for line in kept)
    assert kinds["Ordered"] == len(made)
    assert kinds["Answered"] == len(journal.answered)


def test_each_member_orders_by_date(replayed):
    made, platform, _, _ = replayed
    for country in {order.member for order in made}:
        sent = [at for member, at in platform.placed if member == country_key(country)]
        dates = sorted(business_time(order) for order in made if order.member == country)
        assert sent == [date.isoformat() for date in dates]
