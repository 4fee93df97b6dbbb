"""Requesters who buy under their house's rules: contract first, then the route, then the desks.

In: a purchase. Out: none, one or several orders, and every turn-down on the way, in the journal.
What a refusal names as the way out is what the requester does next.
"""

import heapq
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from acceptance.actors.buying import DemoBuyer, Market, business_time, by_date, quotes, sent_lines
from acceptance.actors.client import DemoClient, ProblemError
from acceptance.actors.desks import Desks, award_day
from acceptance.actors.frameworks import Framework
from acceptance.actors.manners import Manners
from acceptance.actors.readings import (
    CallOffRefusedReading,
    DecidedReading,
    DraftReading,
    ListedOrderReading,
    ReceiptReading,
    UseAgreementReading,
)
from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.assortment import draw
from acceptance.dataset.bodies import Body, Json
from acceptance.dataset.purchases import DemoOrder, DemoOrderLine
from acceptance.ledger.journal import Journal, NotPlaced, Ordered, Step, Submitted, TurnedDown

_USE, _REASON, _OFFERS = "use_agreement", "reason_missing", "comparison_insufficient"
_CALL_OFF = "call_off_refused"
_RELEASED_PERCENT = 20

Lines = Sequence[DemoOrderLine]


@dataclass(order=True, slots=True)
class _HandedOver:
    due: datetime
    order_id: str
    order: DemoOrder = field(compare=False)
    lines: Lines = field(compare=False)


@dataclass(frozen=True, slots=True)
class HalfTime:
    """The day agreements begin, and how they come about: the office's work, by id."""

    since: date
    conclude: Callable[[], Awaitable[Mapping[str, Framework]]]


class RuledBuyer(DemoBuyer):
    """Buys under rules; from half time on agreements are in force.

    accounts: member -> role -> who holds it there.
    """

    def __init__(
        self,
        client: DemoClient,
        market: Market,
        journal: Journal,
        manners: Manners,
        placed: Callable[[Ordered, bool], None],
        accounts: Mapping[str, Mapping[str, DemoAccount]],
        half_time: HalfTime,
    ) -> None:
        super().__init__(client, market, journal, manners, placed)
        self._half_time = half_time
        self._desks = {
            member: Desks(client, journal, held["approver"], held["award_office"])
            for member, held in accounts.items()
        }
        self._frameworks: dict[str, Framework] = {}
        self._handed_over: defaultdict[str, list[_HandedOver]] = defaultdict(list)

    async def run(self, orders: Sequence[DemoOrder], *, at_once: int) -> None:
        """Both halves, the agreements between them, and at the end the awards still out."""
        since = self._half_time.since
        before = [order for order in orders if order.first_delivery < since]
        await by_date(before, self.purchase, at_once=at_once)
        self._frameworks.update(await self._half_time.conclude())
        after = [order for order in orders if order.first_delivery >= since]
        await by_date(after, self.purchase, at_once=at_once)
        for member in list(self._handed_over):
            await self._awards(member, None)

    async def purchase(self, order: DemoOrder) -> None:
        """Buy everything of one purchase, after the awards that are due by then."""
        at = business_time(order)
        await self._awards(order.member, at)
        await self._spot(order, await self._known(order, at), at)

    async def _known(self, order: DemoOrder, at: datetime) -> Lines:
        """Every second time a requester knows exclusive agreements and begins with them, whether
        the house is entitled and the ceiling has room or not; returns what is left.
        """
        left: Lines = order.lines
        if draw(2, "begins with agreements", *order.identity):
            return left
        for agreement_id, framework in self._frameworks.items():
            under, beside = framework.split(left)
            exclusive = framework.binding == "exclusive"
            if exclusive and under and await self._call_off(order, agreement_id, under, at):
                left = beside
        return left

    async def _awards(self, member: str, until: datetime | None) -> None:
        waiting = self._handed_over[member]
        while waiting and (until is None or waiting[0].due <= until):
            award = heapq.heappop(waiting)
            receipt = await self._desks[member].award(award.order_id, award.due)
            await self._taken(award.order, award.lines, receipt, award.due)

    async def _spot(self, order: DemoOrder, lines: Lines, at: datetime) -> None:
        terms: dict[str, Json] = {}
        tried: set[str] = set()
        while lines:
            body = {"reference": order.reference, "lines": self._wanted(lines), **terms}
            try:
                receipt = await self._order(self._requester(order), "/orders", body, at)
            except ProblemError as problem:
                self._journal.note(TurnedDown(order.member, order.month, (problem.code,)))
                if problem.code == _USE:
                    lines = await self._contract_first(order, lines, problem, tried, at)
                elif problem.code == _REASON:
                    terms["reason_beside_agreement"] = "Die Lieferzeit des Vertrags reicht nicht."
                elif problem.code == _OFFERS and draw(100, "release", *order.identity) < (
                    _RELEASED_PERCENT
                ):
                    await self._released(order, lines, body, at)
                    return
                elif problem.code == _OFFERS:
                    terms["quotes"] = quotes(lines, at)
                else:
                    raise
            else:
                await self._taken(order, lines, receipt, at)
                return

    async def _contract_first(
        self, order: DemoOrder, lines: Lines, problem: ProblemError, tried: set[str], at: datetime
    ) -> Lines:
        """Call off what the agreement covers; returns what is left to buy on the marketplace."""
        agreement_id = problem.read(UseAgreementReading).decision.agreement_id
        under, beside = self._frameworks[agreement_id].split(lines)
        if agreement_id in tried or not under:
            why = f"{_USE}, {_CALL_OFF}"
            self._journal.note(
                NotPlaced(order.member, order.month, sent_lines(under or lines), why)
            )
            return beside if under else ()
        tried.add(agreement_id)
        if await self._call_off(order, agreement_id, under, at):
            return beside
        return lines

    async def _call_off(
        self, order: DemoOrder, agreement_id: str, lines: Lines, at: datetime
    ) -> bool:
        framework = self._frameworks[agreement_id]
        called: list[Body] = [
            {
                "lot_no": 1,
                "position_no": framework.position(line),
                "quantity": line.quantity,
                "requested_delivery_date": line.scheduled_delivery.isoformat(),
            }
            for line in lines
        ]
        body: Body = {"agreement_id": agreement_id, "lines": called}
        try:
            receipt = await self._order(self._requester(order), "/call-offs", body, at)
        except ProblemError as problem:
            if problem.code != _CALL_OFF:
                raise
            refused = problem.read(CallOffRefusedReading)
            codes = tuple(reason.code for reason in refused.reasons)
            self._journal.note(TurnedDown(order.member, order.month, codes))
            return False
        await self._taken(order, lines, receipt, at)
        return True

    async def _released(self, order: DemoOrder, lines: Lines, body: Body, at: datetime) -> None:
        requester = self._requester(order)
        kept = await self._send(requester, "/orders", {**body, "draft": True}, at)
        draft_id = DraftReading.model_validate_json(kept).order_id
        await self._desks[order.member].release(draft_id, at)
        path = f"/orders/{draft_id}/submission"
        await self._taken(order, lines, await self._order(requester, path, None, at), at)

    async def _taken(
        self,
        order: DemoOrder,
        lines: Lines,
        receipt: ReceiptReading,
        at: datetime,
        *,
        again: bool = False,
    ) -> None:
        """Note an order and its route, and go with it; `again`: it was sent back once already."""
        order_id, kind = receipt.order_id, receipt.order_kind
        path = f"/orders/{order_id}"
        shown = await self._client.get(self._requester(order), "orders", path, DecidedReading)
        outcome = shown.decision.outcome if shown.decision else ""
        self._journal.note(Submitted(order_id, order.member, kind, receipt.net_total, outcome))
        # A call-off has no draft it could go back to: it is never sent back.
        again = again or kind == "call_off"
        await self._follow(order, lines, receipt, at, again=again)

    async def _follow(
        self, order: DemoOrder, lines: Lines, receipt: ReceiptReading, at: datetime, *, again: bool
    ) -> None:
        desks, order_id = self._desks[order.member], receipt.order_id
        while receipt.status not in {"placed", "handed_over"}:
            if receipt.status == "awaiting_offers":
                receipt = await desks.obtain_offers(order_id, receipt.net_total, at)
                continue
            verdict, receipt = await desks.decide(order_id, order.identity, at, again=again)
            if verdict == "send_back":
                await self._again(order, lines, at)
                return
            if verdict == "refuse":
                why = "refused by the approver"
                self._journal.note(NotPlaced(order.member, order.month, sent_lines(lines), why))
                return
        if receipt.status == "placed":
            await self._keep(order, lines, receipt, at)
            return
        self._journal.note(Step(order_id, "handed_over"))
        waiting = _HandedOver(award_day(at), order_id, order, lines)
        heapq.heappush(self._handed_over[order.member], waiting)

    async def _again(self, order: DemoOrder, lines: Lines, at: datetime) -> None:
        """Send the draft off that a sent-back order became; the second time it is approved.

        A release went with the order that was sent back: the award office gives it once more.
        """
        requester, reference = self._requester(order), order.reference
        draft_id = await self._draft(requester, reference)
        path = f"/orders/{draft_id}/submission"
        try:
            receipt = await self._order(requester, path, None, at)
        except ProblemError as problem:
            if problem.code != _OFFERS:
                raise
            self._journal.note(TurnedDown(order.member, order.month, (problem.code,)))
            await self._desks[order.member].release(draft_id, at)
            receipt = await self._order(requester, path, None, at)
        await self._taken(order, lines, receipt, at, again=True)

    async def _draft(self, requester: DemoAccount, reference: str) -> str:
        listed = self._client.pages(
            requester, "orders", "/orders", ListedOrderReading, lambda order: order.order_id
        )
        async for order in listed:
            if order.status == "draft" and order.reference == reference:
                return order.order_id
        raise LookupError(f"no draft of {reference}")
