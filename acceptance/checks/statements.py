"""What the services say after the replay; the reconciliation holds it against the journal.

In: a client, the deployment, what to wait for. Out: the services' own figures, asked through
their public doors and commands, and the events as they lie in the topics.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from acceptance.actors.client import DemoClient
from acceptance.actors.commands import CommandError, service_command
from acceptance.actors.seeding import NOT_YET_HEARD
from acceptance.checks.announced import Announced, Reader
from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.plans import AUDITOR, OFFICE, OPERATOR, PROCUREMENT
from acceptance.ledger.journal import Ordered
from acceptance.ledger.settling import LineAmounts
from deploy.devstack.deployment import Deployment, Places
from marktbund.jsons import loads

_AT_ONCE = 8
_PATIENCE_SECONDS = 120.0
_STILL_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Verification:
    """What documentation's own verifier found. chains, checkpoints: how many were checked."""

    chains: int
    records: int
    covered: int
    checkpoints: int
    findings: int


@dataclass(frozen=True, slots=True)
class ProposalEvidence:
    """A proposed core assortment as planning lists it, and the sum of the lines behind it."""

    answer: dict[str, Any]
    lines: int
    lines_net: Decimal


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits at one service: records not heard, events not sent, records parked."""

    unheard: int
    unsent: int
    parked: int


# asyncio prints a finished task when its runner ends; half a million lines take it minutes.
@dataclass(frozen=True, slots=True, repr=False)
class Statements:
    """The services' figures. order_lines: (order id, line number) -> amounts, as orders keeps them.

    cells: (CPV class, member id, YYYY-MM) -> amounts; sealed: chain -> records. agreements: with
    how far their ceilings are exhausted. behind: service -> what it has not heard yet.
    """

    order_lines: dict[tuple[str, int], LineAmounts]
    totals: LineAmounts
    total_lines: int
    cells: dict[tuple[str, str, str], LineAmounts]
    recount_differences: int
    announced: Announced
    sealed: dict[str, int]
    verification: Verification
    strongest_classes: list[dict[str, Any]]
    strongest_articles: list[dict[str, Any]]
    agreements: list[dict[str, Any]]
    proposals: list[ProposalEvidence]
    behind: dict[str, Backlog]


class Questions:
    """Asks the services of one deployment."""

    def __init__(self, client: DemoClient, deployment: Deployment, places: Places) -> None:
        self._client = client
        self._deployment = deployment
        self._places = places

    async def settled(self, reader: Reader, *, lines: int, events: int) -> bool:
        """Wait until planning has every line answered and at least `events` events are sealed and
        signed for; False when nothing has moved for two minutes before that.
        """
        before, moved = None, time.monotonic()
        while time.monotonic() - moved < _PATIENCE_SECONDS:
            announced = sum((await reader.ends()).values())
            standing = (announced, *await self._standing())
            if standing != before:
                before, moved = standing, time.monotonic()
            planned, waiting, sealed, covered = standing[1:]
            still = time.monotonic() - moved > _STILL_SECONDS
            done = planned == lines and waiting == 0 and covered == sealed >= announced >= events
            if still and done:
                return True
            await asyncio.sleep(0.3)
        return False

    async def _standing(self) -> tuple[int, Decimal, int, int]:
        """Lines planning knows, net EUR still open there, records sealed, records signed for."""
        totals = await self._planning("/demand/totals")
        chains = await self._chains()
        sealed = sum(chain["records"] for chain in chains)
        covered = sum(chain["covered"] for chain in chains)
        return totals["lines"], Decimal(totals["open_net"]), sealed, covered

    async def all(
        self, orders: Sequence[Ordered], announced: Announced, reader: Reader
    ) -> Statements:
        """Every figure the reconciliation needs.

        Raises ProblemError, UnreachableError and CommandError.
        """
        totals = await self._planning("/demand/totals")
        limits = {"limit": 10}
        return Statements(
            order_lines=await self._order_lines(orders),
            totals=_amounts(totals),
            total_lines=totals["lines"],
            cells=await self._cells(),
            recount_differences=await self._recount(),
            announced=announced,
            sealed={chain["chain_id"]: chain["records"] for chain in await self._chains()},
            verification=await self._verify(),
            strongest_classes=await self._planning("/strongest/classes", limits),
            strongest_articles=await self._planning("/strongest/articles", limits),
            agreements=await self._agreements(),
            proposals=await self._proposals(),
            behind={
                service.name: await self._behind(service.name, reader)
                for service in self._deployment.services
            },
        )

    async def _behind(self, service: str, reader: Reader) -> Backlog:
        status = await self._client.get(
            OPERATOR, service, "/operations/status", awaiting=NOT_YET_HEARD
        )
        ends = await reader.ends(partition["topic"] for partition in status["progress"])
        heard = sum(partition["next_offset"] for partition in status["progress"])
        parked = sum(partition["parked"] for partition in status["progress"])
        return Backlog(sum(ends.values()) - heard, status["outbox_waiting"], parked)

    async def _agreements(self) -> list[dict[str, Any]]:
        pages = self._client.pages(OFFICE, "orders", "/agreements", "agreement_id", size=200)
        return [agreement async for agreement in pages]

    async def _proposals(self) -> list[ProposalEvidence]:
        await self._client.send(PROCUREMENT, "tender_planning", "/proposals/assessment")
        proposals = []
        for answer in await self._planning("/proposals"):
            path = f"/proposals/{answer['proposal_id']}/orders"
            pages = self._client.pages(PROCUREMENT, "tender_planning", path, "line")
            lines = [_amounts(line).demand async for line in pages]
            proposals.append(ProposalEvidence(answer, len(lines), sum(lines, Decimal(0))))
        return proposals

    async def _planning(self, path: str, params: dict[str, Any] | None = None) -> Any:
        return await self._client.get(
            PROCUREMENT, "tender_planning", path, params=params, awaiting=NOT_YET_HEARD
        )

    async def _chains(self) -> list[dict[str, Any]]:
        pages = self._client.pages(AUDITOR, "documentation", "/chains", "chain_id")
        return [chain async for chain in pages]

    async def _cells(self) -> dict[tuple[str, str, str], LineAmounts]:
        pages = self._client.pages(PROCUREMENT, "tender_planning", "/demand", "cell")
        return {
            (cell["cpv_class"], cell["member_id"], cell["month"][:7]): _amounts(cell)
            async for cell in pages
        }

    async def _order_lines(self, orders: Sequence[Ordered]) -> dict[tuple[str, int], LineAmounts]:
        by_line: dict[tuple[str, int], LineAmounts] = {}
        queue = iter(orders)

        async def ask() -> None:
            for order in queue:
                requester = DemoAccount(order.requester, order.member_id)
                path = f"/orders/{order.order_id}"
                answer = await self._client.get(requester, "orders", path)
                for line in answer["lines"]:
                    amounts = _amounts({"ordered_net": line["net_amount"]} | line)
                    by_line[order.order_id, line["line_no"]] = amounts

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(ask())
        return by_line

    async def _recount(self) -> int:
        printed = await self._command("tender_planning", "recount")
        return len(loads(printed)["differences"])

    async def _verify(self) -> Verification:
        printed = await self._command("documentation", "verify")
        answers = [loads(line) for line in printed.splitlines() if line.startswith("{")]
        chains = [answer for answer in answers if "chain_id" in answer]
        checkpoints = next(answer for answer in answers if "checkpoints" in answer)
        return Verification(
            chains=len(chains),
            records=sum(answer["records"] for answer in chains),
            covered=sum(answer["covered"] for answer in chains),
            checkpoints=checkpoints["checkpoints"],
            findings=sum(answer["findings_total"] for answer in chains)
            + len(checkpoints["broken"]),
        )

    async def _command(self, service: str, *arguments: str) -> str:
        outcome = await asyncio.to_thread(
            service_command, self._deployment, self._places, service, *arguments
        )
        if not outcome.stdout:
            raise CommandError(f"{service} {' '.join(arguments)}: {outcome.stderr[-2000:]}")
        return outcome.stdout


def _amounts(figures: dict[str, Any]) -> LineAmounts:
    names = ("ordered", "accepted", "refused", "cancelled", "reduced")
    return LineAmounts(*(Decimal(figures[f"{name}_net"] or 0) for name in names))
