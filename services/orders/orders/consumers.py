"""Event doors: what orders hear, and which handler takes it."""

from collections.abc import Sequence

from marktbund.consuming import Hearing, one_by_one
from marktbund.contracts.catalog import ARTICLE_STATE, ArticleState
from marktbund.contracts.members import MEMBER_STATE, UNIT_STATE, MemberState, UnitState
from marktbund.contracts.rule_sets import RULE_SET_STATE, RuleSetState
from marktbund.contracts.supplier_gateway import (
    DELIVERY_EVENTS,
    RESPONSE_EVENTS,
    SUPPLIER_STATE,
    DeliveryAbandoned,
    DeliveryAcknowledged,
    DeliveryFailed,
    DeliveryQueued,
    DeliveryReplayed,
    DespatchAdvised,
    OrderResponseReceived,
    SupplierState,
)
from marktbund.contracts.tender_planning import TENDER_EVENTS
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork
from orders import sagas
from orders.ground.store import replicas
from orders.ordering import handlers


async def _articles(records: Sequence[Received], uow: UnitOfWork) -> None:
    states = [record.event for record in records if isinstance(record.event, ArticleState)]
    await replicas.keep_articles(uow, states)


async def _suppliers(records: Sequence[Received], uow: UnitOfWork) -> None:
    states = [record.event for record in records if isinstance(record.event, SupplierState)]
    await replicas.keep_suppliers(uow, states)


async def _members(records: Sequence[Received], uow: UnitOfWork) -> None:
    states = [record.event for record in records if isinstance(record.event, MemberState)]
    await replicas.keep_members(uow, states)


async def _units(records: Sequence[Received], uow: UnitOfWork) -> None:
    states = [record.event for record in records if isinstance(record.event, UnitState)]
    await replicas.keep_units(uow, states)


async def _rule_sets(records: Sequence[Received], uow: UnitOfWork) -> None:
    states = [record.event for record in records if isinstance(record.event, RuleSetState)]
    await replicas.keep_rule_sets(uow, states)


_each_response = one_by_one(
    {
        OrderResponseReceived: handlers.note_response,
        DespatchAdvised: handlers.note_despatch,
    }
)


async def _responses(records: Sequence[Received], uow: UnitOfWork) -> None:
    await handlers.hold_for_responses([record.event for record in records], uow)
    await _each_response(records, uow)


def hearing() -> Hearing:
    """Topics -> handlers."""
    return Hearing(
        {
            MEMBER_STATE: _members,
            UNIT_STATE: _units,
            RULE_SET_STATE: _rule_sets,
            SUPPLIER_STATE: _suppliers,
            ARTICLE_STATE: _articles,
            TENDER_EVENTS: one_by_one(sagas.AWARD),
            DELIVERY_EVENTS: one_by_one(
                {
                    DeliveryAcknowledged: handlers.note_acknowledgement,
                    DeliveryQueued: None,
                    DeliveryFailed: handlers.note_failure,
                    DeliveryAbandoned: handlers.note_abandonment,
                    DeliveryReplayed: handlers.note_replay,
                }
            ),
            RESPONSE_EVENTS: _responses,
        },
        # What a supplier refuses frees needs, pots and ceilings.
        deciding=frozenset({RESPONSE_EVENTS}),
    )
