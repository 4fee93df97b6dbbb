"""Command line: is the demand what its order lines add up to?"""

from marktbund.unit_of_work import Database
from tender_planning.views import recounts
from tender_planning.views.recounts import Recount


async def recount(database: Database) -> Recount:
    """Compare the live cells with a recount from the order lines; changes nothing."""
    async with database.reading() as connection:
        return await recounts.recount(connection)
