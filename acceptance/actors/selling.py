"""The simulated suppliers: fetch what waits, acknowledge it, answer, send goods off.

In: news that an order was placed with them, as a ringing telephone. Out: answers and despatches
through the suppliers' public doors, all noted in the journal.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from acceptance.actors.client import DemoClient, ProblemError
from acceptance.actors.conduct import Conduct
from acceptance.actors.manners import Manners
from acceptance.actors.readings import SupplierDocumentReading, SupplierLineReading
from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.bodies import Body, Json
from acceptance.ledger.journal import Answered, Despatched, Fetched, Journal
from acceptance.ledger.lines import DocumentLine, Word

_SHORTEST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 2.0
_PAGE = 50
_CANCELLED = "order_cancelled"


class Vendor:
    """One simulated supplier.

    gate: bounds how many suppliers' requests are on their way at once. done: hears of every
    document that is dealt with.
    """

    def __init__(
        self,
        name: str,
        account: DemoAccount,
        client: DemoClient,
        journal: Journal,
        manners: Manners,
        gate: asyncio.Semaphore,
        done: Callable[[str], None],
    ) -> None:
        self._name = name
        self._account = account
        self._client = client
        self._journal = journal
        self._manners = manners
        self._gate = gate
        self._done = done
        self._waited_for: set[tuple[str, str]] = set()
        self._dealt_with: set[tuple[str, str]] = set()
        self._taken: set[str] = set()
        self._heard_of: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._rung = asyncio.Event()

    def ring(self, order_id: str, document: str) -> None:
        """Tell that a document of an order should arrive."""
        self._heard_of[order_id].set()
        if (order_id, document) not in self._dealt_with:
            self._waited_for.add((order_id, document))
            self._rung.set()

    @property
    def waits(self) -> bool:
        """Whether a document that was announced has not been dealt with."""
        return bool(self._waited_for)

    async def run(self) -> None:
        """Work until cancelled. Raises an ExceptionGroup of ProblemError and UnreachableError."""
        pause = _SHORTEST_PAUSE_SECONDS
        async with asyncio.TaskGroup() as later:
            while True:
                await self._rung.wait()
                fetched_count = await self.fetch(later)
                if not self._waited_for:
                    self._rung.clear()
                pause = (
                    _SHORTEST_PAUSE_SECONDS
                    if fetched_count
                    else min(2 * pause, _LONGEST_PAUSE_SECONDS)
                )
                await asyncio.sleep(pause)

    async def fetch(self, later: asyncio.TaskGroup) -> int:
        """Deal with a page of what waits; what this supplier takes its time for goes on in `later`.

        Always from the oldest on: a cursor could pass over what becomes visible late.
        """
        async with self._gate:
            page = await self._client.rows(
                self._account,
                "supplier_gateway",
                "/deliveries",
                SupplierDocumentReading,
                params={"limit": _PAGE},
            )
        async with asyncio.TaskGroup() as now:
            for document in page:
                fetched = _fetched(document, self._name)
                if fetched.document == "cancellation":
                    if self._first_time(fetched):
                        now.create_task(self._confirm(fetched))
                    continue
                planned = self._manners.answers(fetched)
                if planned is None or not self._first_time(fetched):
                    continue
                if planned.pause_seconds:
                    await self._acknowledge(fetched)
                    later.create_task(self._serve(fetched, planned))
                else:
                    now.create_task(self._serve(fetched, planned))
        return len(page)

    async def pushed(self, document: SupplierDocumentReading) -> None:
        """Deal with a document that came by a call, whose answer has acknowledged it."""
        fetched = _fetched(document, self._name)
        if not self._first_time(fetched):
            return
        if fetched.document == "cancellation":
            self._close(fetched)
            return
        # The call may be faster than the requester's own receipt.
        while (planned := self._manners.answers(fetched)) is None:
            await self._heard_of[fetched.order_id].wait()
        await self._serve(fetched, planned)

    def _first_time(self, fetched: Fetched) -> bool:
        """Note a document unless it came before, by the other way perhaps."""
        if fetched.delivery_id in self._taken:
            return False
        self._taken.add(fetched.delivery_id)
        self._journal.note(fetched)
        return True

    async def _confirm(self, fetched: Fetched) -> None:
        await self._acknowledge(fetched)
        self._close(fetched)

    async def _serve(self, fetched: Fetched, planned: Conduct) -> None:
        await asyncio.sleep(planned.pause_seconds)
        stands = True
        for words in planned.parts:
            stands = stands and await self._answer(fetched, planned, words)
        # An answer acknowledges the document too.
        if not stands:
            await self._acknowledge(fetched)
        elif planned.despatches:
            await self._despatch(fetched, planned)
        self._close(fetched)

    async def _acknowledge(self, fetched: Fetched) -> None:
        await self._send(f"/deliveries/{fetched.delivery_id}/acknowledgement", fetched.placed)

    async def _answer(self, fetched: Fetched, planned: Conduct, words: Sequence[Word]) -> bool:
        body: Body = {"lines": [_word(word) for word in words]}
        refusal = await self._try(fetched, "responses", body, planned.days)
        self._journal.note(Answered(fetched.supplier_order_id, tuple(words), refusal))
        return not refusal

    async def _despatch(self, fetched: Fetched, planned: Conduct) -> None:
        answered = {word.line_no: word for words in planned.parts for word in words}
        sent: list[Body] = [
            {"line_no": line.line_no, "quantity": answered[line.line_no].quantity or line.quantity}
            for line in fetched.lines
            if answered[line.line_no].decision != "refused"
        ]
        if not sent:
            return
        days = planned.days + 1
        on = fetched.placed + timedelta(days=days)
        body: Body = {"despatched_on": on.isoformat(), "lines": sent}
        refusal = await self._try(fetched, "despatches", body, days)
        self._journal.note(Despatched(fetched.supplier_order_id, len(sent), refusal))

    async def _try(self, fetched: Fetched, door: str, body: Body, days: int) -> str:
        """Empty when taken; `order_cancelled` when the requester was faster.

        Raises ProblemError.
        """
        path = f"/supplier-orders/{fetched.supplier_order_id}/{door}"
        try:
            await self._send(path, fetched.placed + timedelta(days=days), body)
        except ProblemError as problem:
            if problem.code != _CANCELLED:
                raise
            return problem.code
        return ""

    async def _send(self, path: str, day: date, body: Body | None = None) -> None:
        at = datetime.combine(day, time(12), UTC)
        async with self._gate:
            await self._client.send(self._account, "supplier_gateway", path, body, at=at)

    def _close(self, fetched: Fetched) -> None:
        document = (fetched.order_id, fetched.document)
        self._dealt_with.add(document)
        self._waited_for.discard(document)
        self._done(fetched.document)


def _fetched(document: SupplierDocumentReading, vendor: str) -> Fetched:
    return Fetched(
        delivery_id=document.delivery_id,
        document=document.document,
        supplier_order_id=document.supplier_order_id,
        order_id=document.order_id,
        vendor=vendor,
        placed=document.placed_at.date(),
        lines=tuple(_line(line) for line in document.lines),
    )


def _line(line: SupplierLineReading) -> DocumentLine:
    return DocumentLine(
        line_no=line.line_no,
        article_number=line.article_number,
        quantity=line.quantity,
        unit_price_net=line.unit_price_net,
        requested=line.requested_delivery_date,
    )


def _word(word: Word) -> Body:
    body: dict[str, Json] = {"line_no": word.line_no, "decision": word.decision}
    if word.quantity is not None:
        body["quantity"] = word.quantity
    if word.promised is not None:
        body["promised_date"] = word.promised.isoformat()
    return body
