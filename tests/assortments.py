"""Core assortments for tests: three members buy the same of a supplier in three months.

In: a platform and its market. Out: proposals, tenders and agreements to point at, each of a CPV
class of its own, so that no test decides on another's.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.market import COLUMNS, OFFICE, SECOND_OFFICE, Market, add_member
from tests.running import Platform, eventually

TEAM = "procurement-1"
MEMBERS = ("a", "b", "c")
_MONTHS, _ARTICLES = 3, 2


@dataclass
class Assortments:
    """What is bought together on a platform."""

    platform: Platform
    market: Market

    async def proposed(self, cpv: str) -> str:
        """The proposal for a class that nobody has ordered of before; returns its id."""
        await self._third_member()
        articles = await self._listed(cpv)
        for month in range(1, _MONTHS + 1):
            when = datetime.now(UTC) - timedelta(days=31 * month)
            for member in MEMBERS:
                await self._order(member, articles, when)
        query = f"SELECT count(*) FROM order_line WHERE cpv = '{cpv}'"
        wanted = len(MEMBERS) * _MONTHS * _ARTICLES

        async def counted() -> int:
            return int((await self.platform.rows("tender-planning", query))[0][0])

        await eventually(counted, lambda count: count == wanted, 60)
        proposals = await self._posted("tender-planning", "/proposals/assessment", TEAM)
        proposed = (proposal for proposal in proposals if proposal["cpv_class"] == f"{cpv[:4]}0000")
        return str(next(proposed)["proposal_id"])

    async def tendered(self, cpv: str) -> str:
        """An accepted proposal's tender, open; returns its id."""
        path = f"/proposals/{await self.proposed(cpv)}/decision"
        body = {"decision": "accepted", "reason": "Drei Mitglieder kaufen dasselbe"}
        decided = await self._posted("tender-planning", path, TEAM, body)
        return str(decided["tender_id"])

    async def agreed(self, title: str) -> str:
        """An open agreement in force, with a change of its term that waits; returns its id."""
        drafted = await self._posted("orders", "/agreements", OFFICE, self._terms(title))
        path = f"/agreements/{drafted['agreement_id']}"
        await self._posted("orders", f"{path}/confirmation", SECOND_OFFICE)
        term = {"kind": "term", "ends_on": "2034-12-31"}
        change = {"effective_on": "2034-01-01", "basis": "Option Nr. 3", "content": term}
        await self._posted("orders", f"{path}/changes", OFFICE, change)
        return str(drafted["agreement_id"])

    def _terms(self, title: str) -> dict[str, Any]:
        position = {
            "position_no": 1,
            "comparable_group": f"txt:{title}",
            "description": title,
            "order_unit": "H87",
            "unit_price_net": "12.5000",
        }
        lot = {
            "lot_no": 1,
            "title": title,
            "supplier_id": self.market.suppliers[0],
            "positions": [position],
            "ceilings": [{"value_net": "100000.00", "quantity": "9000"}],
        }
        entitled = {"member_id": self.market.members["a"], "entitled_from": "2026-01-01"}
        days = {"starts_on": "2026-01-01", "ends_on": "2033-12-31"}
        return {"title": title, "binding": "open", **days, "lots": [lot], "entitled": [entitled]}

    async def _third_member(self) -> None:
        if "c" in self.market.members:
            return
        await add_member(self.platform, self.market, "c")
        known = (
            "SELECT (SELECT count(*) FROM principal WHERE sub = 'requester-c')"
            f" + (SELECT count(*) FROM member WHERE member_id = '{self.market.members['c']}')"
        )

        async def heard() -> int:
            return int((await self.platform.rows("orders", known))[0][0])

        await eventually(heard, lambda count: count == 2, 60)

    async def _listed(self, cpv: str) -> list[str]:
        body = {"name": f"Fachhandel {cpv}"}
        made = await self._posted("supplier-gateway", "/suppliers", OFFICE, body)
        path = f"/suppliers/{made['supplier_id']}/price-lists"
        rows = [
            f"K-{number},Bedarf {cpv} {number},,{cpv},,Kern,{cpv}-{number},H87,1 Stück,"
            f"{number}2.50,EUR,19,3,1,"
            for number in range(1, _ARTICLES + 1)
        ]
        sheet, key = "\n".join([COLUMNS, *rows]) + "\n", str(uuid4())

        async def load() -> int:
            answer = await self.platform.call(
                "POST",
                "catalog",
                path,
                sub=OFFICE,
                key=key,
                content=sheet.encode(),
                headers={"Content-Type": "text/csv"},
            )
            return answer.status_code

        await eventually(load, lambda status: status == 201)
        await self._posted("catalog", f"{path}/1/publication", OFFICE)
        query = (
            "SELECT article_id FROM article JOIN supplier USING (supplier_id)"
            f" WHERE supplier_id = '{made['supplier_id']}' AND active ORDER BY article_number"
        )

        async def known() -> list[str]:
            return [str(row[0]) for row in await self.platform.rows("orders", query)]

        return await eventually(known, lambda articles: len(articles) == _ARTICLES, 60)

    async def _order(self, member: str, articles: list[str], when: datetime) -> None:
        lines = [{"article_id": article_id, "quantity": "10"} for article_id in articles]
        answer = await self.platform.call(
            "POST",
            "orders",
            "/orders",
            json={"lines": lines},
            headers={"Business-Time": when.isoformat()},
            **self.market.requester(member),
        )
        assert answer.status_code == 201, answer.text

    async def _posted(self, service: str, path: str, sub: str, body: Any = None) -> Any:
        answer = await self.platform.call("POST", service, path, sub=sub, json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()
