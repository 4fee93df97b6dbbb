"""Channels: where a supplier's documents are pushed to, and the secrets that sign them.

A secret is in the answer that made it and nowhere else: it is stored sealed and never shown again.
"""

from uuid import UUID

from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway import store
from supplier_gateway.commands import RegisterChannel
from supplier_gateway.domain import channels as domain
from supplier_gateway.domain.channels import Channel
from supplier_gateway.gateways.vault import Secret, Vault
from supplier_gateway.store import channels


async def register_channel(
    supplier_id: UUID,
    command: RegisterChannel,
    vault: Vault,
    uow: UnitOfWork,
    *,
    private_allowed: bool,
) -> tuple[Channel, Secret | None]:
    """Set or replace a channel; whatever waits is due at once. The first one brings a secret."""
    url = domain.admitted_target(command.url, private_allowed=private_allowed)
    supplier = await store.load_supplier(uow, supplier_id, lock=True)
    supplier, channel, events = domain.register(supplier, url)
    await store.save_supplier(uow, supplier)
    await channels.put_channel(uow, channel, uow.now)
    live = await channels.live_secrets(uow, [supplier_id], uow.now)
    secret = None if live[supplier_id] else await _new_secret(supplier_id, vault, uow)
    uow.announce(*events)
    return channel, secret


async def rotate_secret(supplier_id: UUID, vault: Vault, uow: UnitOfWork) -> tuple[Channel, Secret]:
    """Give a channel a new secret; those before it sign beside it for a day."""
    supplier = await store.load_supplier(uow, supplier_id, lock=True)
    channel = await channels.need_channel(uow, supplier_id)
    live = (await channels.live_secrets(uow, [supplier_id], uow.now))[supplier_id]
    supplier, channel, events = domain.rotate(supplier, channel, len(live))
    await store.save_supplier(uow, supplier)
    await channels.forget_expired(uow, supplier_id, uow.now)
    for signing in live:
        ends = domain.expiry(uow.now, signing.expires_at)
        await channels.expire_secret(uow, signing.secret_id, ends)
    secret = await _new_secret(supplier_id, vault, uow)
    uow.announce(*events)
    return channel, secret


async def remove_channel(supplier_id: UUID, uow: UnitOfWork) -> None:
    """Back to fetching; the secrets are forgotten."""
    supplier = await store.load_supplier(uow, supplier_id, lock=True)
    channel = await channels.need_channel(uow, supplier_id)
    supplier, _, events = domain.remove(supplier, channel)
    await store.save_supplier(uow, supplier)
    await channels.remove_channel(uow, supplier_id)
    uow.announce(*events)


async def _new_secret(supplier_id: UUID, vault: Vault, uow: UnitOfWork) -> Secret:
    secret = Secret.new()
    await channels.add_secret(uow, supplier_id, new_id(), vault.seal(supplier_id, secret))
    return secret
