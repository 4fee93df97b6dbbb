"""Which articles and groups a framework agreement covers, whatever lot they are in."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from marktbund.contracts.agreements import AgreementState


@dataclass(frozen=True, slots=True)
class Covering:
    """An agreement as articles are marked with it; the lists are sorted, each value once.

    starts_on, ends_on: both days are in its term. version: of the state it was taken from.
    """

    agreement_id: UUID
    number: str
    title: str
    binding: Literal["exclusive", "open"]
    status: str
    starts_on: date
    ends_on: date
    comparable_groups: list[str]
    article_ids: list[UUID]
    version: int


def covering(state: AgreementState) -> Covering:
    """What an announced agreement covers over all its lots."""
    positions = [position for lot in state.lots for position in lot.positions]
    articles = {position.article_id for position in positions if position.article_id is not None}
    return Covering(
        agreement_id=state.agreement_id,
        number=state.number,
        title=state.title,
        binding=state.binding,
        status=state.status,
        starts_on=state.starts_on,
        ends_on=state.ends_on,
        comparable_groups=sorted({position.comparable_group for position in positions}),
        article_ids=sorted(articles),
        version=state.version,
    )
