"""A town, its rules, its neighbours, and purchases written as in `worked_cases.md`."""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from marktbund.auth import Actor
from marktbund.contracts.members import AwardingCategory, UnitState
from marktbund.contracts.routes import RouteDecision
from marktbund.contracts.rule_sets import AwardRule, RuleSetState
from marktbund.envelope import Origin
from marktbund.errors import Conflict
from marktbund.ids import new_id
from orders.awarding.commands import RecordNeed
from orders.awarding.handlers import record_need
from orders.awarding.store import decisions
from orders.ordering import handlers
from orders.ordering.commands.deciding import RecordAward, ReleaseOrder
from orders.ordering.commands.orders import CancelOrder, CreateOrder
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.store import spot_orders

TODAY = datetime(2026, 11, 26, 11, tzinfo=UTC)
CPV = {
    "chairs": "39112000",
    "laptops": "30213100",
    "paper": "30197643",
    "school furniture": "39160000",
    "teaching material": "39162100",
    "cleaning": "90911200",
}
KINDS = ("supply", "service", "freelance", "social")
RULES = json.loads((Path(__file__).parent / "rules.json").read_text())
_BEFORE = re.compile(
    r"(?P<flags>(?:[a-zA-Z -]+: |cancelled, )*)(?P<what>.+), (?P<days>\d+) days ago"
)


class Town:
    """Who buys, and what the phrases of the table mean."""

    def __init__(self, market: Any, uow: Any, member_id: UUID) -> None:
        self.market, self.uow = market, uow
        self.town_id = self.member_id = member_id
        self.unit_id: UUID | None = None
        self.need_id: UUID | None = None

    async def adopt(self, name: str) -> None:
        """Give the town the rules of this name."""
        shared = {"contract_kinds": KINDS, "valid_from": "2021-09-01"}
        rules = tuple(AwardRule.model_validate(shared | rule) for rule in RULES[name])
        await self.market.tell(self.rules_of(self.town_id, rules))
        self.rules = rules

    def rules_of(self, member_id: UUID, rules: tuple[AwardRule, ...]) -> RuleSetState:
        return RuleSetState(
            version=1, rule_set_id=new_id(), member_id=member_id, status="active", rules=rules
        )

    async def enter(self, who: str) -> None:
        """Become the buyer: the town, a unit of it, its GmbH or its Eigenbetrieb."""
        name, _, awards = who.partition(", awards ")
        if name == "GmbH":
            self.member_id = await self.market.member(legal_form="company", official_key="G")
            await self.market.tell(self.rules_of(self.member_id, self.rules))
        elif name == "Eigenbetrieb":
            self.member_id = await self.market.member(
                legal_form="other", official_key="E", contracting_authority_id=self.town_id
            )
        if awards:
            award = AwardingCategory(
                cpv_prefix=CPV[awards][:5], evidence="Beschluss", valid_to="2027-12-31"
            )
            self.unit_id = new_id()
            state = UnitState(
                version=1,
                unit_id=self.unit_id,
                member_id=self.member_id,
                name=name,
                awards=(award,),
            )
            await self.market.tell(state)

    async def ordered_before(self, before: str) -> None:
        """An earlier purchase of the table; `-` for none."""
        if before == "-":
            return
        match = _BEFORE.fullmatch(before)
        assert match, before
        flags, days = match["flags"], int(match["days"])
        buyer, unit = self.member_id, self.unit_id
        if "town: " in flags:
            self.member_id, self.unit_id = self.town_id, None
        also = "same need" if "same need: " in flags else "-"
        self.uow.origin = Origin("before", business_time=TODAY - timedelta(days=days))
        if "call-off: " in flags:
            await self._called_off(match["what"])
        elif "award: " in flags:
            await self._awarded(match["what"])
        else:
            placed = await self.place(match["what"], also)
            if "cancelled, " in flags:
                await handlers.cancel_order(placed.order_id, CancelOrder(), self.actor, self.uow)
        self.member_id, self.unit_id = buyer, unit

    async def _called_off(self, what: str) -> None:
        # Placed under an agreement: kept as an order of that kind, and booked in no pot.
        placed = await self.place("chairs 1", "-")
        await self.uow.connection.exec_driver_sql(
            "UPDATE spot_order SET order_kind = 'call_off', agreement_id = gen_random_uuid(),"
            f" net_total = {what.rsplit(maxsplit=1)[-1]} WHERE order_id = '{placed.order_id}'"
        )

    async def _awarded(self, what: str) -> None:
        handed_over = await self.place(what, "-")
        assert handed_over.status == "handed_over"
        command = RecordAward(procedure="negotiated", file_reference="V-1")
        await handlers.record_award(handed_over.order_id, command, self.actor, self.uow)

    @property
    def actor(self) -> Actor:
        return Actor(new_id(), "requester", self.member_id, self.member_id)

    async def order(self, what: str, also: str) -> tuple[SpotOrder | None, RouteDecision]:
        """Carry a purchase out today; the order, if one was kept, and its decision."""
        self.uow.origin = Origin("now", business_time=TODAY)
        try:
            order = await self.place(what, also)
        except Conflict as refused:
            return None, RouteDecision.model_validate(refused.extra["decision"])
        return order, (await decisions.latest(self.uow, order.order_id)).decision

    async def place(self, what: str, also: str) -> SpotOrder:
        """Order one article of this kind and net amount, with what the table says besides."""
        product, _, net = what.rpartition(" ")
        body: dict[str, Any] = {"unit_id": self.unit_id}
        offers = 1
        for phrase in also.split("; "):
            offers = await self._meant(phrase, body, net) or offers
        released = body.pop("released", False)
        articles = [
            await self.market.article(
                await self.market.supplier(),
                str(Decimal(net) + number),
                article_id=new_id(),
                cpv=CPV[product],
                comparable_group=f"{product} {net}",
            )
            for number in range(offers)
        ]
        lines = [{"article_id": articles[0], "quantity": 1}]
        command = CreateOrder.model_validate({"lines": lines, "draft": released, **body})
        order = await handlers.create_order(command, self.actor, self.uow)
        if released:
            release = ReleaseOrder(code="fixed_price", reason="Preisbindung")
            await handlers.release_order(order.order_id, release, self.actor, self.uow)
            order = await handlers.submit_order(order.order_id, self.actor, self.uow)
        return await spot_orders.load(self.uow, order.order_id, self.member_id)

    async def _meant(self, phrase: str, body: dict[str, Any], net: str) -> int | None:
        for pattern, meaning in PHRASES.items():
            match = re.fullmatch(pattern, phrase)
            if match:
                return await meaning(self, body, net, *match.groups())
        raise AssertionError(f"nobody knows what this means: {phrase}")


async def _nothing(town: Town, body: dict[str, Any], net: str) -> None:
    return None


async def _freight(town: Town, body: dict[str, Any], net: str, amount: str) -> None:
    body["side_costs_net"] = amount


async def _open_ended(town: Town, body: dict[str, Any], net: str, amount: str) -> None:
    body["need"] = {"kind": "open_ended", "monthly_net": amount}


async def _estimated(town: Town, body: dict[str, Any], net: str, amount: str) -> None:
    body["need"] = {"stated_net": amount}


async def _same_need(town: Town, body: dict[str, Any], net: str) -> None:
    if town.need_id is None:
        command = RecordNeed(title="Ausstattung", contract_kind="supply", stated_net="6000")
        need = await record_need(command, town.actor, town.uow)
        town.need_id = need.need_id
    body["need_id"] = town.need_id


async def _grant(town: Town, body: dict[str, Any], net: str, offers: str) -> None:
    body["grant"] = {"title": "DigitalPakt", "offers_asked": offers}


async def _offers(town: Town, body: dict[str, Any], net: str, count: str) -> int:
    return int(count)


async def _quote(town: Town, body: dict[str, Any], net: str) -> None:
    quote = {"supplier_name": "Händler am Ort", "net_total": net, "quoted_on": "2026-11-20"}
    body["quotes"] = [quote]


async def _released(town: Town, body: dict[str, Any], net: str) -> None:
    body["released"] = True


PHRASES: dict[str, Callable[..., Awaitable[int | None]]] = {
    r"-": _nothing,
    r"freight (\d+)": _freight,
    r"open-ended, (\d+) a month": _open_ended,
    r"need estimated (\d+)": _estimated,
    r"same need": _same_need,
    r"grant: (\d) offers": _grant,
    r"(\d) comparable offers": _offers,
    r"a quote from outside": _quote,
    r"released": _released,
}
"""What a phrase of the table's column "also" does to the order about to be made."""


@pytest.fixture
async def town(market, uow) -> Town:
    return Town(market, uow, await market.member())
