"""What tender-planning answers: demand and its pictures, proposals, tenders, corrected groups.

Amounts are net EUR. A month is named by its first day. Names of members and suppliers are empty
until their owners have told them.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.agreements import AgreementStatus, Binding
from marktbund.contracts.http import Answer
from marktbund.contracts.tender_planning import (
    AwardedLot,
    CautionCode,
    CorrectionStatus,
    CriterionCode,
    DemandEvidence,
    DraftLot,
    EntitledMember,
    LineOutcome,
    ProposalStatus,
    TenderStatus,
    Verdict,
)


class DemandAmountsAnswer(Answer):
    """Net EUR. demand = ordered - refused - cancelled - reduced; open = neither taken away nor
    accepted yet. lines: order lines.
    """

    lines: int
    ordered_net: Decimal
    accepted_net: Decimal
    refused_net: Decimal
    cancelled_net: Decimal
    reduced_net: Decimal
    demand_net: Decimal
    open_net: Decimal


class CellAnswer(DemandAmountsAnswer):
    """The demand of one CPV class, member and month; `cell` is for paging.

    orders: supplier orders with a line in here.
    """

    cell: str
    cpv_class: str
    member_id: UUID
    member_name: str
    month: date
    orders: int


class TotalsAnswer(DemandAmountsAnswer):
    """All demand together. Supplier orders are not counted: one can lie in several classes."""

    currency: str = "EUR"


class OrderLineAnswer(Answer):
    """One order line with what became of it, net EUR; `line` is for paging.

    quantity: in the article's order unit; unit_price_net: for one of it.
    """

    line: str
    supplier_order_id: UUID
    line_no: int
    order_id: UUID
    member_id: UUID
    member_name: str
    supplier_id: UUID
    supplier_name: str
    article_id: UUID
    cpv: str
    comparable_group: str
    name: str
    quantity: Decimal
    order_unit: str
    unit_price_net: Decimal
    month: date
    outcome: LineOutcome
    ordered_net: Decimal
    accepted_net: Decimal
    refused_net: Decimal
    cancelled_net: Decimal
    reduced_net: Decimal
    open_net: Decimal


class StrengthAnswer(Answer):
    """The figures a strength is made of, and the score, 0 to 100. Amounts are net EUR.

    members, months: with demand; members_total, months_total: of the whole window. member_share,
    regularity, value_share: 0 to 1, what goes into the score.
    """

    rank: int
    members: int
    members_total: int
    months: int
    months_total: int
    first_month: date
    last_month: date
    orders: int
    lines: int
    ordered_net: Decimal
    demand_net: Decimal
    member_share: Decimal
    regularity: Decimal
    value_share: Decimal
    score: Decimal


class StrongClassAnswer(StrengthAnswer):
    """A CPV class among the strongest."""

    cpv_class: str


class StrongArticleAnswer(StrengthAnswer):
    """A comparable group among the strongest, named as last ordered.

    quantity: in order_unit; both null where units differ.
    """

    comparable_group: str
    name: str
    cpv: str
    order_unit: str | None
    quantity: Decimal | None


class HeatCellAnswer(Answer):
    """Demand of one member in one class, net EUR."""

    member_id: UUID
    member_name: str
    cpv_class: str
    demand_net: Decimal


class HeatMapAnswer(Answer):
    """members, classes: in the order to draw, largest demand first; cells without demand are left
    out. shown_net, total_net: what the picture holds of all demand in these months.
    """

    members: list[UUID]
    classes: list[str]
    cells: list[HeatCellAnswer]
    shown_net: Decimal
    total_net: Decimal


class ParetoAnswer(Answer):
    """One part of the demand. share, running_share: of all chosen demand, 0 to 1.

    key: class, comparable group, member's or supplier's id; name: empty where there is none.
    """

    rank: int
    key: str
    name: str
    demand_net: Decimal
    share: Decimal
    running_share: Decimal


class MonthAnswer(Answer):
    """One month, net EUR. free_net: bought freely; called_off_net: from framework agreements."""

    month: date
    demand_net: Decimal
    free_net: Decimal
    called_off_net: Decimal
    orders: int
    lines: int


class PriceSpreadAnswer(Answer):
    """Net EUR per order unit over `lines` order lines of `suppliers` suppliers up to last_month.

    A quartile is the lowest price that at least that part of the lines did not exceed. Of several
    order units the one with the most lines is shown.
    """

    order_unit: str
    lowest: Decimal
    quartile_1: Decimal
    median: Decimal
    quartile_3: Decimal
    highest: Decimal
    lines: int
    suppliers: int
    last_month: date


class PriceAnswer(PriceSpreadAnswer):
    """The prices paid to all suppliers (supplier_id null) or to one."""

    supplier_id: UUID | None
    supplier_name: str


class CriterionAnswer(Answer):
    """One part of a score. share: 0 to 1; points: what it gives; text: the reason, German."""

    code: CriterionCode
    share: Decimal
    points: Decimal
    text: str


class CautionAnswer(Answer):
    """Why a score is cut. factor: 0 to 1; text: the reason, German."""

    code: CautionCode
    factor: Decimal
    text: str


class ProposalDecisionAnswer(Answer):
    """What was decided, why, by whom, and on which evidence."""

    decision: Verdict
    reason: str
    decided_by: UUID
    decided_on: date
    evidence: DemandEvidence


class ProposalAnswer(Answer):
    """A proposal on a list. score: 0 to 100. demand_net: net EUR of first_month to last_month,
    bought freely. reason: criteria and cautions in German, one sentence each. returned: why it came
    back after a rejection. groups: articles, as comparable groups. criteria, cautions: what the
    score is made of.
    """

    proposal_id: UUID
    rank: int
    cpv_class: str
    title: str
    status: ProposalStatus
    score: Decimal
    groups: int
    members: int
    suppliers: int
    months: int
    months_total: int
    lines: int
    demand_net: Decimal
    first_month: date
    last_month: date
    reason: str
    returned: str
    decision: ProposalDecisionAnswer | None
    tender_id: UUID | None
    assessed_at: datetime
    criteria: tuple[CriterionAnswer, ...]
    cautions: tuple[CautionAnswer, ...]


class PartyAnswer(Answer):
    """A member's or supplier's part."""

    id: UUID
    name: str
    demand_net: Decimal


class MonthDemandAnswer(Answer):
    """One month's part."""

    month: date
    demand_net: Decimal


class CoreGroupAnswer(Answer):
    """A comparable group of a core assortment. quantity_*: ordered in each half of the window, in
    order_unit; null where units were mixed. prices: null where none compare.
    """

    comparable_group: str
    name: str
    cpv: str
    members: int
    months: int
    suppliers: int
    lines: int
    demand_net: Decimal
    order_unit: str | None
    quantity_before: Decimal | None
    quantity_lately: Decimal | None
    prices: PriceSpreadAnswer | None


class ProposalDetailAnswer(ProposalAnswer):
    """A proposal with all its evidence. class_net: demand of the whole class, core or not."""

    class_net: Decimal
    core: tuple[CoreGroupAnswer, ...]
    by_member: tuple[PartyAnswer, ...]
    by_supplier: tuple[PartyAnswer, ...]
    by_month: tuple[MonthDemandAnswer, ...]


class AwardedAgreementAnswer(Answer):
    """The framework agreement a tender led to, as orders last told it."""

    agreement_id: UUID
    number: str
    title: str
    status: AgreementStatus
    binding: Binding
    starts_on: date
    ends_on: date


class TenderAwardAnswer(Answer):
    """A tender's result. binding: exclusive stops spot orders for its articles, open asks why.

    starts_on, ends_on: both inclusive.
    """

    awarded_on: date
    binding: Binding
    starts_on: date
    ends_on: date
    entitled: tuple[EntitledMember, ...]
    lots: tuple[AwardedLot, ...]


class TenderAnswer(Answer):
    """A tender; members: who had demand when it was opened, the largest first."""

    tender_id: UUID
    proposal_id: UUID
    title: str
    status: TenderStatus
    version: int
    opened_on: date
    comparable_groups: tuple[str, ...]
    members: tuple[UUID, ...]
    evidence: DemandEvidence
    lots: tuple[DraftLot, ...]
    award: TenderAwardAnswer | None
    agreement: AwardedAgreementAnswer | None


class MovedAnswer(Answer):
    """One month's demand for a tender's groups, net EUR. called_off_net: from its agreement;
    elsewhere_net: from another one; free_net: still bought freely, and by how many members.
    """

    month: date
    called_off_net: Decimal
    elsewhere_net: Decimal
    free_net: Decimal
    members_calling_off: int
    members_buying_freely: int


class CorrectionAnswer(Answer):
    """A correction as it stands. source: a comparable group or `article:<article_id>`."""

    correction_id: UUID
    source: str
    to_group: str
    reason: str
    reviewed_by: UUID
    reviewed_at: datetime
    status: CorrectionStatus
    version: int
