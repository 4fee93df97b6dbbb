"""Clock doors: sessions and sign-ins that are over go away."""

from datetime import timedelta

from marktbund import clock
from marktbund.composition import Job
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.unit_of_work import Database
from portal.store import carts, kept_forms, logout_messages, sent_orders, sessions, sign_ins


async def sweep(database: Database) -> None:
    """Remove what has ended."""
    origin = Origin(str(new_id()), None, demo=False, traceparent=None)
    async with database.begin(origin) as uow:
        await sessions.remove_ended(uow, clock.now())
        await sign_ins.remove_ended(uow, clock.now())
        await sent_orders.remove_old(uow, clock.now())
        await carts.remove_old_additions(uow, clock.now())
        await kept_forms.remove_ended(uow, clock.now())
        await logout_messages.remove_ended(uow, clock.now())


JOBS = (Job("sweep", timedelta(minutes=5), sweep),)
