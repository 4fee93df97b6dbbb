"""The worked cases of worked_cases.md with an agreement, played through the doors."""

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from marktbund.contracts.rule_sets import AwardRule, RouteLimit, RuleSetState
from marktbund.ids import new_id

NOON = "2026-05-04T12:00:00+02:00"
TODAY = "2026-05-04"
PACK = Decimal(10)


def cases() -> list[dict[str, str]]:
    """The table's rows with an agreement, by column."""
    text = (Path(__file__).parents[1] / "worked_cases.md").read_text()
    lines = [line for line in text.splitlines() if line.startswith("|")]
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rows = [dict(zip(head, cells, strict=True)) for cells in body]
    return [row for row in rows if row["agreement"] != "-"]


def amount(sentence: str) -> Decimal:
    number = re.search(r"\d[\d,]*", sentence)
    assert number is not None, sentence
    return Decimal(number[0].replace(",", ""))


class Play:
    """One case: the agreement it is about, what happens before, what is tried."""

    def __init__(self, desk: Any, office: Any) -> None:
        self.desk, self.office = desk, office
        self.agreement_id = ""
        self.orders: list[str] = []

    async def agree(self, words: str) -> None:
        terms = self.office.terms(binding="open" if words == "open" else "exclusive")
        lot = terms["lots"][0]
        lot["positions"][0]["unit_price_net"] = "10.0000"
        lot["ceilings"] = [{"value_net": "1.00" if "used up" in words else "100000.00"}]
        if "not entitled" in words:
            terms["entitled"][0]["member_id"] = str(await self.desk.market.member())
        if "group named" in words:
            terms["later_members"] = "Gemeinden in Hessen, die später beitreten"
        if words == "cascade":
            terms["lots"].append(lot | {"lot_no": 2, "after_lot_no": 1})
        if words == "mini-competition":
            lot["procedure"] = "mini_competition"
        terms["number"] = "RV-17"
        shown = await self.office.in_force(**terms)
        self.agreement_id = shown["agreement_id"]

    async def call_off(self, words: str) -> Any:
        line = {"lot_no": 2 if "rank 2" in words else 1, "position_no": 1}
        line["quantity"] = str(amount(words) / PACK)
        body = {"agreement_id": self.agreement_id, "lines": [line]}
        if "on file" in words:
            body["declined"] = [{"lot_no": 1, "reference": "Mail vom 03.05.2026, Az. 17"}]
        answer = await self.desk.post("/call-offs", body, Business_Time=NOON)
        if answer.status_code == 201:
            self.orders.append(answer.json()["order_id"])
        return answer

    async def spot(self, words: str) -> dict[str, Any]:
        price = "9.00" if "cheaper" in words else "10.00"
        group = {} if "of the group" in words else {"comparable_group": "gtin:4006381333931"}
        seller = await self.desk.market.supplier(name="Marktplatz")
        article = await self.desk.market.article(seller, price, **group)
        body = self.desk.basket((article, str(amount(words) / PACK)))
        answer: dict[str, Any] = (
            await self.desk.post("/route-checks", body, Business_Time=NOON)
        ).json()
        return answer

    async def cancel(self, _: str) -> None:
        await self.desk.post(f"/orders/{self.orders[-1]}/cancellation", {})

    async def raise_ceiling(self, words: str) -> None:
        ceiling = {"value_net": str(amount(words))}
        content = {"kind": "ceiling", "lot_no": 1, "ceiling": ceiling, "raise_ground": "132_2_2"}
        await self.office.changed(self.agreement_id, content)

    async def entitle(self, _: str) -> None:
        entry = {"member_id": str(self.desk.member_id), "entitled_from": TODAY}
        entry["basis"] = "Nr. 4 der Bekanntmachung"
        await self.office.changed(self.agreement_id, {"kind": "entitlement", "entitlement": entry})

    async def reprice(self, _: str) -> None:
        await self._own("10.40", article_id=self.desk.paper, version=2)

    async def discontinue(self, _: str) -> None:
        await self._own("10.00", article_id=self.desk.paper, version=2, status="withdrawn")

    async def succeed(self, _: str) -> None:
        article = await self._own("10.90", article_number="BW-2")
        content = {"kind": "successor", "lot_no": 1, "position_no": 1, "article_id": str(article)}
        await self.office.changed(self.agreement_id, content)

    async def _own(self, price: str, **state: Any) -> Any:
        return await self.desk.market.article(self.office.supplier_id, price, **state)

    async def happen(self, words: str) -> None:
        """What the column `before` tells, step by step."""
        steps: dict[str, Callable[[str], Awaitable[Any]]] = {
            "call-off": self.call_off,
            "that cancelled": self.cancel,
            "raised": self.raise_ceiling,
            "legal basis": self.entitle,
            "price list": self.reprice,
            "article discontinued": self.discontinue,
            "successor": self.succeed,
        }
        for step in words.split("; "):
            for start, action in steps.items():
                if step.startswith(start):
                    await action(step)

    async def outcome(self, words: str) -> tuple[str, str]:
        """The outcome's code, and what was said of it."""
        if words.startswith("spot"):
            decision = await self.spot(words)
            return decision["outcome"], f"decisive {decision['decisive_net']} {decision['reasons']}"
        answer = await self.call_off(words)
        if answer.status_code == 409:
            words = [f"{reason['code']}: {reason['detail']}" for reason in answer.json()["reasons"]]
            return "refused", " ".join(words)
        assert answer.status_code == 201, answer.text
        shown = (await self.desk.get(f"/orders/{answer.json()['order_id']}")).json()
        return "direct", f"price {shown['lines'][0]['unit_price_net']}"


@pytest.fixture
async def play(desk, office) -> Play:
    rule = AwardRule(
        contract_kinds=("supply", "service"),
        limits=(RouteLimit(route="direct", up_to_net=Decimal(10000)),),
        window_months=12,
        binding=True,
        source="HVTG 2021",
        source_kind="statute",
        valid_from="2021-09-01",
    )
    rules = RuleSetState(
        version=1, rule_set_id=new_id(), member_id=desk.member_id, status="active", rules=(rule,)
    )
    await desk.market.tell(rules)
    return Play(desk, office)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["case"])
async def test_worked_case(play: Play, case: dict[str, str]):
    await play.agree(case["agreement"])
    await play.happen(case["before"])
    outcome, words = await play.outcome(case["tried"])
    assert outcome == case["outcome"], words
    code, _, detail = case["the answer says"].partition(": ")
    assert code in words
    assert detail in words
