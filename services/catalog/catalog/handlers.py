"""One function per command or topic: gather, decide, write."""

from collections.abc import Sequence
from uuid import UUID

from catalog import store
from catalog.commands import PublishPriceList, StagePriceList
from catalog.domain.agreements import covering
from catalog.domain.catalogues import PriceList
from catalog.domain.corrections import HeardCorrection, followed
from catalog.domain.replicas import newest
from marktbund.contracts.agreements import AgreementState
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.contracts.tender_planning import GroupState
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork


async def stage_price_list(command: StagePriceList, by: UUID, uow: UnitOfWork) -> PriceList:
    """Keep a price list under the supplier's next number and say what it would change.

    Raises NotFound (`supplier_unknown`).
    """
    catalogue = await store.lock_catalogue(uow, command.supplier_id)
    # A long list is compared where the articles are: its rows go first, under the lock.
    await store.add_offers(uow, command.supplier_id, catalogue.next_number, command.offers)
    difference = await store.difference(uow, command.supplier_id, catalogue.next_number)
    price_list = catalogue.stage(
        command.content_sha256, len(command.offers), difference, by, uow.business_now
    )
    await store.keep_staged(uow, price_list)
    return price_list


async def publish_price_list(command: PublishPriceList, by: UUID, uow: UnitOfWork) -> PriceList:
    """Put a staged price list in force; doing it twice changes nothing.

    Raises NotFound (`supplier_unknown`, `price_list_unknown`), Conflict (`price_list_superseded`).
    """
    catalogue = await store.lock_catalogue(uow, command.supplier_id)
    staged, difference = await store.staged(uow, command.supplier_id, command.number)
    catalogue, price_list, events = catalogue.publish(staged, difference, by, uow.business_now)
    if events:
        await store.put_in_force(uow, catalogue, price_list)
        uow.announce(*events)
    return price_list


async def keep_suppliers(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Take over the newest state of each supplier."""
    states = newest(r.event for r in records if isinstance(r.event, SupplierState))
    await store.keep_suppliers(uow, states)


async def keep_agreements(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Take over the newest state of each framework agreement."""
    states = newest(r.event for r in records if isinstance(r.event, AgreementState))
    await store.keep_agreements(uow, [covering(state) for state in states])


async def keep_corrections(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Take over reviewed corrections of groups; their articles follow in the background."""
    states = [record.event for record in records if isinstance(record.event, GroupState)]
    known = await store.load_corrections(uow)
    heard = [HeardCorrection(s.source, s.to_group, s.status, s.version) for s in states]
    await store.keep_corrections(uow, followed(known, heard))


async def correct_articles(source: str, uow: UnitOfWork) -> bool:
    """Bring the next articles of a changed correction to their group; False: none are left."""
    if not await store.take_correction(uow, source):
        return False
    return await store.move_articles(uow, source)
