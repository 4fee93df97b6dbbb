"""Clock doors: articles follow reviewed corrections, a batch per transaction."""

from catalog import handlers, store
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.unit_of_work import Database


async def follow_corrections(database: Database) -> None:
    """Move articles until no correction is pending; commits nothing when there is none.

    Its own commits wake it, too: a transaction without work would keep it turning for ever.
    """
    async with database.reading() as connection:
        more = await store.corrections_pending(connection)
    while more:
        async with database.begin(Origin(correlation_id=str(new_id()))) as uow:
            more = await handlers.correct_articles(uow)
