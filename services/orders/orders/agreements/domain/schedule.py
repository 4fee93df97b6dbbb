"""An agreement's changes over time: which one, which are due, which stand in another's way."""

from collections.abc import Iterable, Sequence
from datetime import date

from marktbund.contracts.agreements import CeilingContent
from marktbund.errors import Conflict, NotFound
from marktbund.german import day_words
from orders.agreements.domain.changes import Change


def change_of(changes: Iterable[Change], change_no: int) -> Change:
    """The change of that number. Raises NotFound (`change_unknown`)."""
    for change in changes:
        if change.change_no == change_no:
            return change
    raise NotFound("change_unknown", "Diese Änderung gibt es nicht", field="change_no")


def replaced(changes: Iterable[Change], changed: Change) -> tuple[Change, ...]:
    """The changes with one of them changed."""
    return tuple(changed if change.change_no == changed.change_no else change for change in changes)


def waiting(changes: Iterable[Change]) -> list[Change]:
    """Approved and not applied yet, in the order they will be."""
    pending = [
        change for change in changes if change.approved_by is not None and not change.applied
    ]
    return sorted(pending, key=lambda change: (change.effective_on, change.change_no))


def due(changes: Iterable[Change], today: date) -> list[Change]:
    """Those waiting whose day has come."""
    return [change for change in waiting(changes) if change.effective_on <= today]


def require_no_other(changes: Sequence[Change], content: CeilingContent) -> None:
    """Raises Conflict (`change_pending`): two changes of one ceiling that wait could meet below
    what was called off by then.
    """
    ceiling = content.lot_no, content.ceiling.member_id
    for other in waiting(changes):
        planned = other.content
        if isinstance(planned, CeilingContent) and ceiling == (
            planned.lot_no,
            planned.ceiling.member_id,
        ):
            raise Conflict(
                "change_pending",
                "Für diese Obergrenze ist schon eine Änderung genehmigt",
                f"Sie gilt ab {day_words(other.effective_on)}.",
            )
