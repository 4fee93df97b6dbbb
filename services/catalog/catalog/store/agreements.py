"""Framework agreements as orders announced them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from catalog.store.tables import agreement_table
from marktbund.contracts.agreements import AgreementState
from marktbund.unit_of_work import UnitOfWork


async def keep_agreements(uow: UnitOfWork, states: Sequence[AgreementState]) -> None:
    """Take over states, one per agreement; older ones change nothing."""
    rows = [
        state.model_dump(include=set(agreement_table.columns.keys())) | _covered(state)
        for state in states
    ]
    made = insert(agreement_table)
    changed = {name: made.excluded[name] for name in rows[0] if name != "agreement_id"}
    older = agreement_table.c.version < made.excluded.version
    await uow.connection.execute(
        made.on_conflict_do_update(index_elements=["agreement_id"], set_=changed, where=older),
        rows,
    )


def _covered(state: AgreementState) -> dict[str, Any]:
    positions = [position for lot in state.lots for position in lot.positions]
    articles = {position.article_id for position in positions if position.article_id is not None}
    groups = {position.comparable_group for position in positions}
    return {"comparable_groups": sorted(groups), "article_ids": sorted(articles)}
