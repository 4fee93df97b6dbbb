"""Event doors: notices of every service become mails."""

from marktbund.consuming import Hearing
from marktbund.contracts.documentation import DOCUMENTATION_NOTICES
from marktbund.contracts.notices import ORDER_NOTICES
from members import handlers


def hearing() -> Hearing:
    """Topics -> handlers."""
    return Hearing(
        {
            ORDER_NOTICES: handlers.note_notices,
            DOCUMENTATION_NOTICES: handlers.note_anchors,
        }
    )
