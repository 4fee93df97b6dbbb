"""What a supplier's answer is worth telling the requester."""

from collections.abc import Mapping, Sequence
from datetime import date

from marktbund.contracts.notices import OrderNotice
from marktbund.contracts.orders import AnsweredLine


def of_answer(
    lines: Sequence[AnsweredLine], wanted: Mapping[int, date | None]
) -> OrderNotice | None:
    """The weightiest news in an answer: refused before late before changed; None: as ordered.

    wanted: line number -> the day it was ordered for.
    """
    if any(line.decision == "refused" for line in lines):
        return "supplier_refused"
    if any(_late(line.promised_date, wanted.get(line.line_no)) for line in lines):
        return "supplier_late"
    if any(line.decision == "changed" for line in lines):
        return "supplier_changed"
    return None


def _late(promised: date | None, wanted: date | None) -> bool:
    return promised is not None and wanted is not None and promised > wanted
