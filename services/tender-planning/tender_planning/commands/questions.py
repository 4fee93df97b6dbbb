"""Questions on proposals, tenders, corrections, and the demand as a picture."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from marktbund.contracts.tender_planning import ProposalStatus, TenderStatus
from marktbund.texts import OneLine
from tender_planning.commands.demand import DemandFilter, ListOrderLines, Months, Question

Limit = Annotated[int, Field(ge=1, le=500)]
Offset = Annotated[int, Field(ge=0, le=10_000)]

Group = Annotated[str, OneLine(250, min_length=1)]
"""A comparable group, as a path or a query names it."""


class ListProposals(Question):
    """A page of proposals by score; `after`: how many were shown already."""

    status: ProposalStatus | None = "proposed"
    after: Offset = 0
    limit: Limit = 50


class ListEvidence(ListOrderLines):
    """A page of the order lines behind a proposal, of one group only where it is named."""

    group: Annotated[str, OneLine(250)] | None = None


class ListTenders(Question):
    """A page of tenders, newest first; `after`: how many were shown already."""

    status: TenderStatus | None = None
    after: Offset = 0
    limit: Limit = 50


class ListCorrections(Question):
    """A page of corrections by source; `after` is the last source of the page before."""

    after: Annotated[str, OneLine(250)] = ""
    limit: Limit = 100


class DrawHeatMap(Months):
    """Members x classes: the largest of both, by demand."""

    members: Annotated[int, Field(ge=1, le=400)] = 40
    classes: Annotated[int, Field(ge=1, le=100)] = 20


class DrawPareto(DemandFilter):
    """What the demand consists of, largest first, with the running share."""

    of: Literal["classes", "articles", "members", "suppliers"] = "classes"
    limit: Limit = 50


class DrawMonths(DemandFilter):
    """Demand over time, bought freely and called off; of one supplier where it is named."""

    supplier_id: UUID | None = None
    group: Annotated[str, OneLine(250)] | None = None


class DrawPrices(Months):
    """Prices paid for one comparable group."""
