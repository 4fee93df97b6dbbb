"""What the checks read of the services' figures, held against journal and data.

Their own on purpose, not the contracts': a judge that parsed with the models of the judged would
change its question together with the answer. Amounts: net EUR.
"""

from datetime import date
from decimal import Decimal

from pydantic import JsonValue

from acceptance.actors.readings import Reading
from acceptance.ledger.settling import LineAmounts


class AmountsReading(Reading):
    """What became of an amount, as planning tells it."""

    ordered_net: Decimal
    accepted_net: Decimal
    refused_net: Decimal
    cancelled_net: Decimal
    reduced_net: Decimal

    @property
    def amounts(self) -> LineAmounts:
        """The same, to reckon with."""
        return LineAmounts(
            self.ordered_net,
            self.accepted_net,
            self.refused_net,
            self.cancelled_net,
            self.reduced_net,
        )


class TotalsReading(AmountsReading):
    """All demand together. lines: order lines."""

    lines: int
    open_net: Decimal


class CellReading(AmountsReading):
    """The demand of one CPV class, member and month, which is named by its first day."""

    cell: str
    cpv_class: str
    member_id: str
    month: date


class ProposalLineReading(AmountsReading):
    """An order line behind a proposal."""

    line: str


class OrderLineReading(Reading):
    """A line as orders keeps it; null: nothing was said about it yet."""

    line_no: int
    net_amount: Decimal
    accepted_net: Decimal | None
    refused_net: Decimal | None
    cancelled_net: Decimal | None
    reduced_net: Decimal | None

    @property
    def amounts(self) -> LineAmounts:
        """What was ordered and what became of it; nothing where nothing was said."""
        return LineAmounts(
            self.net_amount,
            self.accepted_net or Decimal(0),
            self.refused_net or Decimal(0),
            self.cancelled_net or Decimal(0),
            self.reduced_net or Decimal(0),
        )


class OrderLinesReading(Reading):
    """An order with its lines."""

    lines: tuple[OrderLineReading, ...]


class CeilingReading(Reading):
    """A ceiling and what is taken of it. member_id null: of all members together."""

    member_id: str | None
    limit_value_net: Decimal | None
    used_value_net: Decimal

    @property
    def passed(self) -> bool:
        """Whether more was taken than it allows."""
        return self.limit_value_net is not None and self.used_value_net > self.limit_value_net


class AgreementReading(Reading):
    """An agreement and how far its ceilings are exhausted."""

    agreement_id: str
    number: str
    title: str
    binding: str
    exhaustion: tuple[CeilingReading, ...]

    @property
    def whole(self) -> CeilingReading:
        """The ceiling of all members together. Raises StopIteration when there is none."""
        return next(ceiling for ceiling in self.exhaustion if ceiling.member_id is None)


class ProposalReading(Reading):
    """A proposed core assortment; demand_net: of its `lines` order lines."""

    proposal_id: str
    rank: int
    score: Decimal
    title: str
    members: int
    months: int
    months_total: int
    suppliers: int
    demand_net: Decimal
    lines: int
    reason: str


class StrengthReading(Reading):
    """A class or article among the strongest; regularity: 0 to 1."""

    rank: int
    score: Decimal
    members: int
    members_total: int
    months: int
    months_total: int
    regularity: Decimal
    demand_net: Decimal


class ClassStrengthReading(StrengthReading):
    """A CPV class among the strongest."""

    cpv_class: str


class ArticleStrengthReading(StrengthReading):
    """An article among the strongest."""

    name: str


class ChainReading(Reading):
    """A chain of the file. covered: how many of its records a checkpoint signs for."""

    chain_id: str
    records: int
    covered: int


class ProgressReading(Reading):
    """How far a service has come in a topic."""

    topic: str
    next_offset: int
    parked: int


class OperationsReading(Reading):
    """What waits at a service."""

    outbox_waiting: int
    progress: tuple[ProgressReading, ...]


class RecountReading(Reading):
    """What planning's recount differs in from what it keeps, cell by cell."""

    differences: tuple[JsonValue, ...]


class ChainVerdictReading(Reading):
    """What documentation's verifier says of a chain."""

    chain_id: str
    records: int
    covered: int
    findings_total: int


class CheckpointVerdictReading(Reading):
    """What it says of the checkpoints: how many there are, and which do not hold."""

    checkpoints: int
    broken: tuple[JsonValue, ...]
