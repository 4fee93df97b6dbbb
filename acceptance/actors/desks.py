"""The desks an order may have to pass in a member's house: approver and award office.

In: an order that waits. Out: their decisions through their own doors, noted in the journal. Every
decision hangs on the order's content alone.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from acceptance.actors.client import DemoClient
from acceptance.actors.readings import ApprovalReading, ReceiptReading
from acceptance.actors.rulebook import OFFERS_RECEIVED, SUPPLIERS_ASKED
from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.assortment import draw
from acceptance.dataset.bodies import Body, Json
from acceptance.ledger.journal import Journal, Step

AWARD_BUSINESS_DAYS = 30
_REFUSED_PERCENT, _SENT_BACK_PERCENT = 3, 5
_SATURDAY = 5
_PAGE = 100


def award_day(handed_over: datetime) -> datetime:
    """When the award office has its result: thirty business days later, Monday to Friday, UTC."""
    day, left = handed_over, AWARD_BUSINESS_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day.astimezone(UTC)


class Desks:
    """Approver and award office of one member."""

    def __init__(
        self, client: DemoClient, journal: Journal, approver: DemoAccount, award_office: DemoAccount
    ) -> None:
        self._client = client
        self._journal = journal
        self._approver = approver
        self._award_office = award_office

    async def decide(
        self, order_id: str, identity: Sequence[str], at: datetime, *, again: bool
    ) -> tuple[str, ReceiptReading]:
        """The verdict and the receipt after it; what was sent back once is approved.

        Raises LookupError when the order does not wait for an approver.
        """
        waiting = await self._waiting(order_id)
        verdict = "approve" if again else _verdict(identity)
        body = {"verdict": verdict, "content_sha256": waiting.content_sha256}
        if verdict != "approve":
            body["comment"] = "Bitte Menge und Zeitpunkt noch einmal prüfen."
        path = f"/orders/{order_id}/approval"
        receipt = await self._decided(self._approver, path, body, at)
        self._journal.note(Step(order_id, verdict))
        return verdict, receipt

    async def _decided(
        self, who: DemoAccount, path: str, body: Body, at: datetime
    ) -> ReceiptReading:
        content = await self._client.send(who, "orders", path, body, at=at)
        return ReceiptReading.model_validate_json(content)

    async def _waiting(self, order_id: str) -> ApprovalReading:
        pages = self._client.pages(
            self._approver,
            "orders",
            "/approvals",
            ApprovalReading,
            lambda approval: approval.order_id,
            size=_PAGE,
        )
        async for approval in pages:
            if approval.order_id == order_id:
                return approval
        raise LookupError(f"{order_id} waits for no approver")

    async def obtain_offers(self, order_id: str, net: Decimal, at: datetime) -> ReceiptReading:
        """Ask as many suppliers as the rules want; the last one does not answer."""
        offers: list[Body] = []
        for number in range(1, SUPPLIERS_ASKED + 1):
            offer: dict[str, Json] = {"supplier_name": f"Anbieter {number}"}
            if number <= OFFERS_RECEIVED:
                offer |= {"net_total": net + number, "quoted_on": at.date().isoformat()}
            offers.append(offer)
        path = f"/orders/{order_id}/offers"
        body = {"offers": offers}
        receipt = await self._decided(self._award_office, path, body, at)
        self._journal.note(Step(order_id, "offers"))
        return receipt

    async def release(self, order_id: str, at: datetime) -> None:
        """Let a draft go directly, for want of comparable offers."""
        body = {"code": "no_comparable_offer", "reason": "Nur ein Hersteller ist zugelassen."}
        path = f"/orders/{order_id}/release"
        await self._client.send(self._award_office, "orders", path, body, at=at)
        self._journal.note(Step(order_id, "released"))

    async def award(self, order_id: str, at: datetime) -> ReceiptReading:
        """Return the result of the procedure: what was handed over, at the price it had."""
        body = {"procedure": "negotiated", "file_reference": f"V-{order_id[-12:]}"}
        path = f"/orders/{order_id}/award"
        receipt = await self._decided(self._award_office, path, body, at)
        self._journal.note(Step(order_id, "awarded"))
        return receipt


def _verdict(identity: Sequence[str]) -> str:
    drawn = draw(100, "approval", *identity)
    if drawn < _REFUSED_PERCENT:
        return "refuse"
    return "send_back" if drawn < _REFUSED_PERCENT + _SENT_BACK_PERCENT else "approve"
