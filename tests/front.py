"""The whole platform behind its gateway with real Keycloak, once per run, for all that need it.

Everybody is known to Keycloak and members; one order waits with its supplier.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from deploy.devstack.deployment import Deployment
from deploy.devstack.provisioning import Contents, create_contents
from deploy.devstack.services import CADDY, KEYCLOAK, MAIL, SERVICES
from marktbund.testing.documents import pdf
from tests.assortments import Assortments
from tests.browser import people
from tests.market import Market, seed
from tests.running import Platform, eventually, running


@dataclass
class Front:
    """A running platform, its market, and things to point at."""

    platform: Platform
    market: Market = field(default_factory=Market)
    _order: dict[str, str] = field(default_factory=dict)
    _planned: dict[str, str] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """The address people open."""
        return self.platform.addresses["caddy"]

    async def fill(self) -> None:
        """Market and people; returns when every service knows them."""
        self.market = await seed(self.platform)
        await people.add_to_members(self.platform, self.market)

    async def an_order(self) -> str:
        """An order of member a with the first supplier, made once."""
        if not self._order:
            lines = [{"article_id": self.market.articles[0][7], "quantity": "2"}]
            answer = await self.platform.call(
                "POST",
                "orders",
                "/orders",
                json={"lines": lines, "reference": "Amt 40/17"},
                **self.market.requester("a"),
            )
            assert answer.status_code == 201, answer.text
            self._order = {
                "sha256": await self._a_document(),
                "order_id": answer.json()["order_id"],
                "supplier_order_id": answer.json()["supplier_order_ids"][0],
            }
            await self._delivered()
        return self._order["order_id"]

    @property
    def assortments(self) -> Assortments:
        """What members buy together."""
        return Assortments(self.platform, self.market)

    async def ids(self) -> dict[str, str]:
        """An order, its supplier order and an article to point at."""
        await self.an_order()
        return {**self._order, "article_id": self.market.articles[0][7]}

    async def _a_document(self) -> str:
        """A quote uploaded by member a; its SHA-256."""
        answer = await self.platform.call(
            "POST",
            "orders",
            "/attachments",
            content=pdf("Angebot zu Amt 40/17"),
            **self.market.requester("a"),
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["sha256"])

    async def page_ids(self) -> dict[str, str]:
        """A value for every parameter in a page's address."""
        if not self._planned:
            self._planned = {
                "proposal_id": await self.assortments.proposed("33141420"),
                "tender_id": await self.assortments.tendered("39112000"),
                "agreement_id": await self.assortments.agreed("Schulbücher"),
                "kind": "obergrenze",
            }
        return {**await self.ids(), **self._planned}

    async def _delivered(self) -> None:
        path = f"/supplier-orders/{self._order['supplier_order_id']}"
        file = f"/orders/{self._order['order_id']}/file"
        requester = self.market.requester("a")

        async def known() -> tuple[int, int]:
            asked = await self.platform.call("GET", "supplier-gateway", path, sub="seller-0")
            filed = await self.platform.call("GET", "documentation", file, **requester)
            return asked.status_code, filed.status_code

        await eventually(known, lambda statuses: statuses == (200, 200), 60)


@contextmanager
def opened(spans_url: str = "", contents: Contents = create_contents) -> Iterator[Front]:
    """The platform with Keycloak behind Caddy; people can sign in.

    spans_url: where services send spans of requests that bring a traceparent. contents: what is
    done once the engines answer.
    """
    # Of its own accord nothing is traced: only what a test sends a traceparent with.
    traced = {"MARKTBUND_TRACES_URL": spans_url, "MARKTBUND_TRACES_SHARE": "0"}
    deployment = Deployment(
        "browser",
        "browser_",
        "test",
        tuple(replace(service, environment=traced) for service in SERVICES),
        issuer=None,
        gateway=CADDY,
        keycloak=KEYCLOAK,
        mail=MAIL,
    )
    with running(deployment, contents) as platform:
        people.add_to_keycloak(platform)
        yield Front(platform)
