"""Orders sent off once, whatever the network does: kept first, sent under one key, then settled."""

from dataclasses import dataclass
from uuid import UUID

from marktbund.envelope import Origin
from marktbund.unit_of_work import Database
from portal.clients import orders
from portal.clients.services import Caller, Refused, Services, Unavailable
from portal.store import carts, last_details, sent_orders
from portal.store.carts import Owner
from portal.store.sent_orders import Kind, SentOrder

_USED_UP = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and with what."""

    database: Database
    services: Services
    caller: Caller
    owner: Owner
    origin: Origin


@dataclass(frozen=True, slots=True)
class SendingOutcome:
    """The order it became; `before`: it was there already, perhaps with other details."""

    order_id: UUID
    before: bool = False


async def became(sender: Sender, key: str) -> UUID | None:
    """The order that a form became which was sent before."""
    async with sender.database.reading() as connection:
        sent = await sent_orders.find(connection, sender.owner, key)
    return sent.order_id if sent else None


@dataclass(frozen=True, slots=True)
class Settled:
    """An earlier sending whose key is used up now, and the order it became, if it did."""

    key: str
    order_id: UUID | None


async def settle_earlier(sender: Sender, kind: Kind, going: SentOrder | None) -> Settled | None:
    """Find out what an earlier sending became; its order is taken out of the cart. None: there is
    none to settle.

    Of one that never arrived nothing comes any more. `going`: what is to be sent now; the very same
    again needs no settling. Raises Unavailable while it is not known.
    """
    async with sender.database.reading() as connection:
        earlier = await sent_orders.unsettled(connection, sender.owner, kind)
    if earlier is None:
        return None
    if going and (earlier.key, earlier.door, earlier.body) == (going.key, going.door, going.body):
        return None
    return Settled(earlier.key, await _settled(sender, earlier))


async def send(sender: Sender, going: SentOrder) -> SendingOutcome:
    """Send an order off. Raises Refused, and Unavailable; `unknown` says whether it may exist."""
    async with sender.database.begin(sender.origin) as uow:
        await sent_orders.keep(uow, sender.owner, going)
    try:
        made = await orders.send(sender.services, sender.caller, going.door, going.body, going.key)
    except Refused as refused:
        if refused.code != _USED_UP:
            await _forget(sender, going.key)
            raise
        order_id = await _settled(sender, going)
        if order_id is None:
            raise
        return SendingOutcome(order_id, before=True)
    except Unavailable as unavailable:
        if not unavailable.unknown:
            await _forget(sender, going.key)
        raise
    await _finish(sender, going, made.order_id)
    return SendingOutcome(made.order_id)


async def _settled(sender: Sender, sent: SentOrder) -> UUID | None:
    outcome = await orders.settle(sender.services, sender.caller, sent.key)
    if outcome.answer is not None:
        await _finish(sender, sent, outcome.answer.order_id)
        return outcome.answer.order_id
    await _forget(sender, sent.key)
    async with sender.database.begin(sender.origin) as uow:
        await carts.renew(uow, sender.owner)
    return None


async def _finish(sender: Sender, sent: SentOrder, order_id: UUID) -> None:
    async with sender.database.begin(sender.origin) as uow:
        if not await sent_orders.settle(uow, sender.owner, sent.key, order_id):
            return
        await carts.take_out_ordered(uow, sender.owner, sent.lines)
        if sent.offered:
            await last_details.keep(uow, sender.owner, sent.offered)


async def _forget(sender: Sender, key: str) -> None:
    async with sender.database.begin(sender.origin) as uow:
        await sent_orders.forget(uow, sender.owner, key)
