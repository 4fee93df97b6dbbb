"""Clock and command line: propose core assortments; is the demand what its lines add up to?"""

from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.unit_of_work import Database
from tender_planning.handlers import decisions
from tender_planning.views import recounts
from tender_planning.views.recounts import Recount


class Proposer:
    """Proposes core assortments whenever something was committed in this process since."""

    def __init__(self) -> None:
        self._seen = -1

    async def __call__(self, database: Database) -> None:
        """Assess the demand, unless nothing changed since the last time."""
        before = database.commits
        if before != self._seen:
            await propose(database)
            # Its own commit is not news; what others committed meanwhile is.
            self._seen = before + 1


async def propose(database: Database) -> int:
    """Assess the demand now; returns how many proposals changed."""
    async with database.begin(Origin(correlation_id=str(new_id()))) as uow:
        return await decisions.propose_assortments(uow)


async def recount(database: Database) -> Recount:
    """Compare the live cells with a recount from the order lines; changes nothing."""
    async with database.reading() as connection:
        return await recounts.recount(connection)
