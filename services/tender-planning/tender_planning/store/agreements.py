"""Framework agreements as orders last told them: what came of a tender, and what they cover."""

from collections.abc import Iterable

from sqlalchemy.dialects.postgresql import insert

from marktbund.contracts.agreements import AgreementState
from marktbund.unit_of_work import UnitOfWork
from tender_planning.store.decisions import agreement_table


async def keep_agreements(uow: UnitOfWork, states: Iterable[AgreementState]) -> None:
    """Take over agreements' newest states; an older one changes nothing."""
    newest = {state.agreement_id: state for state in sorted(states, key=lambda s: s.version)}
    rows = [
        state.model_dump(include=set(agreement_table.columns.keys()))
        | {"comparable_groups": _groups(state)}
        for _, state in sorted(newest.items())
    ]
    if not rows:
        return
    made = insert(agreement_table)
    changed = {name: made.excluded[name] for name in rows[0] if name != "agreement_id"}
    older = agreement_table.c.version < made.excluded.version
    await uow.connection.execute(
        made.on_conflict_do_update(index_elements=["agreement_id"], set_=changed, where=older),
        rows,
    )


def _groups(state: AgreementState) -> list[str]:
    return sorted({position.comparable_group for lot in state.lots for position in lot.positions})
