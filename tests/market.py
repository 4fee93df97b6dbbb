"""A small market for tests: two members, three suppliers with 150 articles each."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import uuid4

from tests.running import Platform, eventually

OFFICE, SECOND_OFFICE = "office-1", "office-2"
ARTICLES = 150
PEOPLE = 8
"""Accounts after `seed`: the office's two, auditor and procurement, two of each member."""
COLUMNS = (
    "article_number,name,description,cpv,gtin,manufacturer,manufacturer_article_number,order_unit,"
    "content,unit_price_net,currency,vat_rate,delivery_days,minimum_quantity,features"
)
NOUNS = ("Kopierpapier", "Aktenordner", "Streusalz", "Warnweste", "Schultafel")


@dataclass
class Market:
    """Ids of what was registered; `articles`: supplier index -> article ids by number."""

    members: dict[str, str] = field(default_factory=dict)
    suppliers: list[str] = field(default_factory=list)
    articles: list[list[str]] = field(default_factory=list)

    def requester(self, member: str) -> dict[str, str]:
        """Who orders for a member: keyword arguments of a call."""
        return {"sub": f"requester-{member}", "member": self.members[member]}

    @staticmethod
    def seller(index: int) -> str:
        """The token subject of a supplier's system."""
        return f"seller-{index}"


def price(index: int, number: int) -> Decimal:
    """Net EUR price of an article."""
    return Decimal(100 + 7 * index + number) / 100


def price_list(index: int, articles: int) -> str:
    """A supplier's CSV of its first articles."""
    rows = [
        f"A-{number:04d},{NOUNS[number % 5]} {number},Lieferant {index},30197643,,Muster,"
        f"M-{number},H87,1 Stück,{price(index, number)},EUR,19,3,1,Nummer={number}"
        for number in range(1, articles + 1)
    ]
    return "\n".join([COLUMNS, *rows]) + "\n"


async def seed(platform: Platform) -> Market:
    """Register everybody through the public APIs; returns when orders knows all articles."""
    done = platform.command("members", "bootstrap", OFFICE, SECOND_OFFICE)
    assert done.returncode == 0, done.stderr
    market = Market()
    for name in ("a", "b"):
        await add_member(platform, market, name)
    await add_person(platform, "auditor-all", [{"role": "auditor"}])
    await add_person(platform, "procurement-1", [{"role": "procurement"}])
    for index in range(3):
        await _supplier(platform, market, index)
    for index in range(3):
        await publish(platform, market, index)
        market.articles.append(await _articles(platform, market.suppliers[index]))
    total = 3 * ARTICLES
    query = "SELECT count(*) FROM article a JOIN supplier USING (supplier_id) WHERE active"

    async def known() -> int:
        return int((await platform.rows("orders", query))[0][0])

    await eventually(known, lambda count: count == total, 60)
    query_people = "SELECT count(*) FROM principal"
    for service in ("catalog", "orders", "tender-planning", "documentation"):

        async def people(service: str = service) -> int:
            return int((await platform.rows(service, query_people))[0][0])

        await eventually(people, lambda count: count == PEOPLE)
    return market


async def add_member(platform: Platform, market: Market, name: str) -> None:
    """Register a member with a requester and an auditor."""
    body = {"name": f"Stadt {name}", "legal_form": "municipality", "official_key": f"0599{name}"}
    answer = await platform.call("POST", "members", "/members", sub=OFFICE, json=body)
    assert answer.status_code == 201, answer.text
    member = answer.json()["member_id"]
    market.members[name] = member
    await add_person(platform, f"requester-{name}", [{"role": "requester", "member_id": member}])
    await add_person(platform, f"auditor-{name}", [{"role": "auditor", "member_id": member}])


async def add_person(platform: Platform, sub: str, grants: list[dict[str, str]]) -> None:
    """Register an account with its roles; the second office account confirms what needs it."""
    # Without an address no notices: requesters have one where a test is about their mail.
    reached = {} if grants[0]["role"] == "requester" else {"email": f"{sub}@marktbund.example"}
    body = {"sub": sub, "grants": grants, **reached}
    answer = await platform.call("POST", "members", "/persons", sub=OFFICE, json=body)
    assert answer.status_code == 201, answer.text
    for request in answer.json()["requests"]:
        path = f"/grant-requests/{request['request_id']}/confirmation"
        done = await platform.call("POST", "members", path, sub=SECOND_OFFICE, json={})
        assert done.status_code == 200, done.text


async def _supplier(platform: Platform, market: Market, index: int) -> None:
    async def register() -> int:
        answer = await platform.call(
            "POST",
            "supplier-gateway",
            "/suppliers",
            sub=OFFICE,
            key=f"supplier-{index}-{market.members['a']}",
            json={"name": f"Lieferant {index} GmbH"},
        )
        if answer.status_code == 201:
            market.suppliers.append(answer.json()["supplier_id"])
        return answer.status_code

    await eventually(register, lambda status: status == 201)
    path = f"/suppliers/{market.suppliers[index]}/credentials"
    subs = {"subs": [market.seller(index)]}
    answer = await platform.call("PUT", "supplier-gateway", path, sub=OFFICE, json=subs)
    assert answer.status_code == 200, answer.text


async def publish(
    platform: Platform, market: Market, index: int, *, number: int = 1, articles: int = ARTICLES
) -> None:
    """Load a supplier's next price list and put it in force."""
    path = f"/suppliers/{market.suppliers[index]}/price-lists"
    key = str(uuid4())

    async def load() -> int:
        answer = await platform.call(
            "POST",
            "catalog",
            path,
            sub=OFFICE,
            key=key,
            content=price_list(index, articles).encode(),
            headers={"Content-Type": "text/csv"},
        )
        return answer.status_code

    await eventually(load, lambda status: status == 201)
    answer = await platform.call("POST", "catalog", f"{path}/{number}/publication", sub=OFFICE)
    assert answer.status_code < 300, answer.text


async def _articles(platform: Platform, supplier: str) -> list[str]:
    query = "SELECT article_id FROM article WHERE supplier_id = '{}' ORDER BY article_number"
    return [str(row[0]) for row in await platform.rows("catalog", query.format(supplier))]
