"""Framework agreements: terms and their changes, ceilings, and what a call-off is checked by."""

from orders.domain.agreements.agreement import TRANSITIONS, Agreement
from orders.domain.agreements.changes import Change, Content

__all__ = ["TRANSITIONS", "Agreement", "Change", "Content"]
