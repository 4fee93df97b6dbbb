"""An award becomes an agreement that orders go to.

| step | brought about by | undone by |
|---|---|---|
| agreement drafted | TenderAwarded, once per tender | the office discards the draft |
| agreement confirmed | a second person of the office | the office ends it |
| in force | its first day: job `agreements`, or that day's first call-off | the office ends it |
| spot orders pointed to it | every route check from then on | its end |
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from marktbund.contracts.base import Message
from marktbund.contracts.tender_planning import TenderAwarded, TenderCancelled, TenderOpened
from marktbund.unit_of_work import UnitOfWork
from orders.agreements.face import ports as agreements

Step = Callable[[Any, UnitOfWork], Awaitable[None]]

AWARD: Mapping[type[Message], Step | None] = {
    TenderAwarded: agreements.draft_from_award,
    TenderOpened: None,
    TenderCancelled: None,
}
"""What each news of a tender sets going; a tender that was awarded is not cancelled any more."""
