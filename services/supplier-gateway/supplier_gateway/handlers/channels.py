"""Channels: where a supplier's documents are pushed to, and the secrets that sign them.

A secret is in the answer that made it and nowhere else: it is stored sealed and never shown again.
"""

from uuid import UUID

from marktbund.ids import new_id
from marktbund.statements import Clause
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.commands import RegisterChannel
from supplier_gateway.domain import channels as domain
from supplier_gateway.domain.channels import Channel
from supplier_gateway.gateways.vault import Secret, Vault
from supplier_gateway.store import channels, suppliers


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
    known, _ = await channels.hold(uow, supplier_id)
    live = (await channels.live_secrets(uow, [supplier_id], uow.now))[supplier_id]
    supplier, channel, events = domain.register(known, url)
    secret = None if live else Secret.new()
    uow.announce(*events)
    await uow.write(
        *suppliers.saving([supplier]),
        *channels.putting(channel, uow.now),
        *(_sealed(supplier_id, secret, vault) if secret else ()),
    )
    return channel, secret


async def rotate_secret(supplier_id: UUID, vault: Vault, uow: UnitOfWork) -> tuple[Channel, Secret]:
    """Give a channel a new secret; those before it sign beside it for a day."""
    known, standing = await channels.hold(uow, supplier_id)
    if standing is None:
        raise channels.unknown_channel()
    live = (await channels.live_secrets(uow, [supplier_id], uow.now))[supplier_id]
    supplier, channel, events = domain.rotate(known, standing, len(live))
    ends = [(signing.secret_id, domain.expiry(uow.now, signing.expires_at)) for signing in live]
    secret = Secret.new()
    uow.announce(*events)
    await uow.write(
        *suppliers.saving([supplier]),
        *channels.expiring(supplier_id, ends, uow.now),
        *_sealed(supplier_id, secret, vault),
    )
    return channel, secret


async def remove_channel(supplier_id: UUID, uow: UnitOfWork) -> None:
    """Back to fetching; the secrets are forgotten."""
    known, standing = await channels.hold(uow, supplier_id)
    if standing is None:
        raise channels.unknown_channel()
    supplier, _, events = domain.remove(known, standing)
    uow.announce(*events)
    await uow.write(*suppliers.saving([supplier]), *channels.removing(supplier_id))


def _sealed(supplier_id: UUID, secret: Secret, vault: Vault) -> tuple[Clause, ...]:
    return channels.adding_secret(supplier_id, new_id(), vault.seal(supplier_id, secret))
