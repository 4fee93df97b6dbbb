"""What the services say after the replay; the reconciliation holds it against the journal.

In: a client, the deployment, what to wait for. Out: the services' own figures, asked through
their public doors and commands, and the events as they lie in the topics.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import TypeAdapter

from acceptance.actors.client import DemoClient, M, Params
from acceptance.actors.commands import CommandError, service_command
from acceptance.actors.seeding import NOT_YET_HEARD
from acceptance.checks.announced import Announced, Reader
from acceptance.checks.readings import (
    AgreementReading,
    ArticleStrengthReading,
    CellReading,
    ChainReading,
    ChainVerdictReading,
    CheckpointVerdictReading,
    ClassStrengthReading,
    OperationsReading,
    OrderLinesReading,
    ProposalLineReading,
    ProposalReading,
    RecountReading,
    TotalsReading,
)
from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.plans import AUDITOR, OFFICE, OPERATOR, PROCUREMENT
from acceptance.ledger.journal import Ordered
from acceptance.ledger.settling import LineAmounts
from deploy.devstack.deployment import Deployment, Places

_AT_ONCE = 8
_PATIENCE_SECONDS = 120.0
_STILL_SECONDS = 1.5
_VERDICT: TypeAdapter[ChainVerdictReading | CheckpointVerdictReading] = TypeAdapter(
    ChainVerdictReading | CheckpointVerdictReading
)


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

    answer: ProposalReading
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
    strongest_classes: list[ClassStrengthReading]
    strongest_articles: list[ArticleStrengthReading]
    agreements: list[AgreementReading]
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
        totals = await self._totals()
        chains = await self._chains()
        sealed = sum(chain.records for chain in chains)
        covered = sum(chain.covered for chain in chains)
        return totals.lines, totals.open_net, sealed, covered

    async def all(
        self, orders: Sequence[Ordered], announced: Announced, reader: Reader
    ) -> Statements:
        """Every figure the reconciliation needs.

        Raises ProblemError, UnreachableError and CommandError.
        """
        totals = await self._totals()
        ten = {"limit": 10}
        return Statements(
            order_lines=await self._order_lines(orders),
            totals=totals.amounts,
            total_lines=totals.lines,
            cells=await self._cells(),
            recount_differences=await self._recount(),
            announced=announced,
            sealed={chain.chain_id: chain.records for chain in await self._chains()},
            verification=await self._verify(),
            strongest_classes=await self._planning("/strongest/classes", ClassStrengthReading, ten),
            strongest_articles=await self._planning(
                "/strongest/articles", ArticleStrengthReading, ten
            ),
            agreements=await self._agreements(),
            proposals=await self._proposals(),
            behind={
                service.name: await self._behind(service.name, reader)
                for service in self._deployment.services
            },
        )

    async def _behind(self, service: str, reader: Reader) -> Backlog:
        status = await self._client.get(
            OPERATOR, service, "/operations/status", OperationsReading, awaiting=NOT_YET_HEARD
        )
        ends = await reader.ends(topic.topic for topic in status.progress)
        heard = sum(topic.next_offset for topic in status.progress)
        parked = sum(topic.parked for topic in status.progress)
        return Backlog(sum(ends.values()) - heard, status.outbox_waiting, parked)

    async def _agreements(self) -> list[AgreementReading]:
        pages = self._client.pages(
            OFFICE,
            "orders",
            "/agreements",
            AgreementReading,
            lambda agreement: agreement.agreement_id,
            size=200,
        )
        return [agreement async for agreement in pages]

    async def _proposals(self) -> list[ProposalEvidence]:
        await self._client.send(PROCUREMENT, "tender_planning", "/proposals/assessment")
        proposals = []
        for answer in await self._planning("/proposals", ProposalReading):
            path = f"/proposals/{answer.proposal_id}/orders"
            pages = self._client.pages(
                PROCUREMENT, "tender_planning", path, ProposalLineReading, lambda line: line.line
            )
            lines = [line.amounts.demand async for line in pages]
            proposals.append(ProposalEvidence(answer, len(lines), sum(lines, Decimal(0))))
        return proposals

    async def _totals(self) -> TotalsReading:
        return await self._client.get(
            PROCUREMENT, "tender_planning", "/demand/totals", TotalsReading, awaiting=NOT_YET_HEARD
        )

    async def _planning(self, path: str, kind: type[M], params: Params | None = None) -> list[M]:
        return await self._client.rows(
            PROCUREMENT, "tender_planning", path, kind, params=params, awaiting=NOT_YET_HEARD
        )

    async def _chains(self) -> list[ChainReading]:
        pages = self._client.pages(
            AUDITOR, "documentation", "/chains", ChainReading, lambda chain: chain.chain_id
        )
        return [chain async for chain in pages]

    async def _cells(self) -> dict[tuple[str, str, str], LineAmounts]:
        pages = self._client.pages(
            PROCUREMENT, "tender_planning", "/demand", CellReading, lambda cell: cell.cell
        )
        return {
            (cell.cpv_class, cell.member_id, f"{cell.month:%Y-%m}"): cell.amounts
            async for cell in pages
        }

    async def _order_lines(self, orders: Sequence[Ordered]) -> dict[tuple[str, int], LineAmounts]:
        by_line: dict[tuple[str, int], LineAmounts] = {}
        queue = iter(orders)

        async def ask() -> None:
            for order in queue:
                requester = DemoAccount(order.requester, order.member_id)
                path = f"/orders/{order.order_id}"
                answer = await self._client.get(requester, "orders", path, OrderLinesReading)
                for line in answer.lines:
                    by_line[order.order_id, line.line_no] = line.amounts

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(ask())
        return by_line

    async def _recount(self) -> int:
        printed = await self._command("tender_planning", "recount")
        return len(RecountReading.model_validate_json(printed).differences)

    async def _verify(self) -> Verification:
        printed = await self._command("documentation", "verify")
        verdicts = [
            _VERDICT.validate_json(line) for line in printed.splitlines() if line.startswith("{")
        ]
        chains = [verdict for verdict in verdicts if isinstance(verdict, ChainVerdictReading)]
        checkpoints = next(
            verdict for verdict in verdicts if isinstance(verdict, CheckpointVerdictReading)
        )
        return Verification(
            chains=len(chains),
            records=sum(verdict.records for verdict in chains),
            covered=sum(verdict.covered for verdict in chains),
            checkpoints=checkpoints.checkpoints,
            findings=sum(verdict.findings_total for verdict in chains) + len(checkpoints.broken),
        )

    async def _command(self, service: str, *arguments: str) -> str:
        outcome = await asyncio.to_thread(
            service_command, self._deployment, self._places, service, *arguments
        )
        if not outcome.stdout:
            raise CommandError(f"{service} {' '.join(arguments)}: {outcome.stderr[-2000:]}")
        return outcome.stdout
