"""Command line: the first office account, which no API could let in."""

from sqlalchemy import text

from marktbund.contracts.members import Grant
from marktbund.envelope import Origin
from marktbund.errors import Conflict
from marktbund.ids import new_id
from marktbund.unit_of_work import Database
from members import handlers
from members.commands import RegisterPerson

_OFFICE_EXISTS = text("""
    SELECT EXISTS (SELECT 1 FROM person
                    WHERE active AND grants @> CAST('[{"role": "office"}]' AS jsonb))
""")


async def bootstrap(database: Database, sub: str) -> None:
    """Make the first office account. Raises Conflict when there is one already."""
    async with database.begin(Origin(correlation_id=str(new_id()))) as uow:
        if await uow.connection.scalar(_OFFICE_EXISTS):
            raise Conflict("office_exists", "Es gibt schon ein Konto der Geschäftsstelle")
        grants = (Grant(role="office"), Grant(role="operator"))
        await handlers.register_person(RegisterPerson(sub=sub, grants=grants), uow)
