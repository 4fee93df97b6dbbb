"""The sweep takes what has ended, of everything kept, and nothing that still counts."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund import clock
from marktbund.envelope import Origin
from marktbund.testing.databases import PinnedDatabase
from marktbund.unit_of_work import UnitOfWork
from portal import jobs
from portal.domain.sessions import Tokens
from portal.handlers import signing_in
from portal.handlers.signing_in import Identified
from portal.store import carts, kept_forms, logout_messages, sent_orders
from portal.store.carts import CartLine, Owner
from portal.store.kept_forms import FormOwner, KeptForm
from portal.store.sent_orders import SentOrder

OWNER = Owner("person-1", UUID(int=5))
SWEPT = ("session", "sign_in", "sent_order", "cart_addition", "kept_form", "logout_message")


async def fill(connection, ago: timedelta) -> None:
    """A row of everything, as it was kept so long ago."""
    now = clock.now() - ago
    uow = UnitOfWork(connection, Origin("test"), now)
    tokens = Tokens("access", "refresh", "identity", now + timedelta(minutes=5))
    await signing_in.open_session(Identified("person-1", "sign-in-1", "Köln", tokens), uow)
    await signing_in.begin_sign_in("/", "", uow)
    await sent_orders.keep(uow, OWNER, SentOrder("sent-key-1", "cart", "/orders", "{}"))
    await carts.add(uow, OWNER, CartLine(UUID(int=7), Decimal(1)), "key-1")
    form = KeptForm(FormOwner("person-1", None), "/freitext", ())
    await kept_forms.keep(uow, "key", form)
    await logout_messages.take(uow, "jti-1")


async def rows(connection) -> dict[str, int]:
    counts = {}
    for table in (*SWEPT, "form_proof", "cart_line"):
        count = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
        counts[table] = count.scalar_one()
    return counts


@pytest.mark.parametrize(
    ("ago", "gone"),
    [
        (timedelta(minutes=9), set()),
        (timedelta(minutes=29), {"sign_in", "logout_message"}),
        (timedelta(minutes=31), {"session", "sign_in", "logout_message"}),
        (timedelta(hours=19), {"session", "sign_in", "logout_message", "kept_form"}),
        (timedelta(hours=21), {*SWEPT, "form_proof"} - {"sent_order"}),
        (timedelta(days=31), {*SWEPT, "form_proof"}),
    ],
)
async def test_each_kind_goes_in_its_own_time_and_the_cart_stays(connection, ago, gone: set):
    for table in (*SWEPT, "form_proof", "cart_line"):
        await connection.exec_driver_sql(f"DELETE FROM {table}")  # what other tests committed
    await fill(connection, ago)
    await jobs.sweep(PinnedDatabase(connection, "portal"))
    left = await rows(connection)
    assert {table for table, count in left.items() if count == 0} == gone
    assert left["cart_line"] == 1
