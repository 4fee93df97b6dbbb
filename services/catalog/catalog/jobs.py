"""Clock doors: articles follow reviewed corrections, a batch per transaction."""

from catalog import handlers, store
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.isolating import Isolated
from marktbund.unit_of_work import Database


async def follow_corrections(database: Database) -> None:
    """Move articles until no correction is pending; commits nothing when there is none.

    Its own commits wake it, too: a transaction without work would keep it turning for ever. Raises
    ItemsFailed when one could not be followed; all others were.
    """
    async with database.reading() as connection:
        pending = await store.corrections_pending(connection)
    run = Isolated[str]("corrections")
    for source in pending:
        async with run.item(source):
            more = True
            while more:
                async with database.begin(Origin(correlation_id=str(new_id()))) as uow:
                    more = await handlers.correct_articles(source, uow)
    run.settle()
