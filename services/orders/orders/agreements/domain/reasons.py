"""Why something is refused. A call-off: every reason at once, each with its way out."""

from collections.abc import Sequence
from dataclasses import asdict

from marktbund.contracts.agreements import AgreementStatus
from marktbund.contracts.words import AGREEMENT
from marktbund.errors import Conflict
from orders.ground.domain.reasons import Reason


def refused(reasons: Sequence[Reason]) -> Conflict:
    """The refusal of a whole call-off (`call_off_refused`), all reasons in `reasons`."""
    return Conflict(
        "call_off_refused",
        "Dieser Abruf ist nicht möglich",
        " ".join(f"{reason.title}." for reason in reasons),
        way_out=reasons[0].way_out,
        extra={"reasons": [asdict(reason) for reason in reasons]},
    )


def four_eyes() -> Conflict:
    """Nobody decides on what they entered themselves."""
    return Conflict(
        "four_eyes",
        "Das muss eine zweite Person entscheiden",
        "Wer etwas einträgt, bestätigt es nicht selbst.",
    )


def not_possible(status: AgreementStatus) -> Conflict:
    """The agreement's state does not allow it."""
    words = AGREEMENT[status]
    title = "In diesem Stand nicht möglich"
    return Conflict("agreement_state", title, f"Stand des Vertrags: {words}.")
