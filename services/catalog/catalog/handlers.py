"""One function per command or topic: load, let the domain decide, save, announce."""

from collections.abc import Sequence
from uuid import UUID

from catalog import store
from catalog.commands import PublishPriceList, StagePriceList
from catalog.domain.catalogues import PriceList
from catalog.domain.corrections import HeardCorrection, followed
from marktbund.contracts.agreements import AgreementState
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.contracts.tender_planning import GroupState
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork


async def stage_price_list(command: StagePriceList, by: UUID, uow: UnitOfWork) -> PriceList:
    """Keep a price list under the supplier's next number and say what it would change."""
    catalogue = await store.lock_catalogue(uow, command.supplier_id)
    catalogue = catalogue.take_number()
    await store.save_catalogue(uow, catalogue)
    await store.add_offers(uow, command.supplier_id, catalogue.last_number, command.offers)
    price_list = PriceList(
        supplier_id=command.supplier_id,
        number=catalogue.last_number,
        content_sha256=command.content_sha256,
        articles=len(command.offers),
        difference=await store.difference(uow, command.supplier_id, catalogue.last_number),
        status="staged",
        staged_by=by,
        staged_at=uow.business_now,
    )
    await store.add_price_list(uow, price_list)
    return price_list


async def publish_price_list(command: PublishPriceList, by: UUID, uow: UnitOfWork) -> PriceList:
    """Put a staged price list in force; doing it twice changes nothing."""
    catalogue = await store.lock_catalogue(uow, command.supplier_id)
    price_list = await store.load_price_list(uow, command.supplier_id, command.number)
    if catalogue.awaits(price_list):
        difference = await store.difference(uow, command.supplier_id, command.number)
        catalogue, price_list, events = catalogue.publish(
            price_list, difference, by, uow.business_now
        )
        await store.put_in_force(uow, catalogue, price_list)
        uow.announce(*events)
    return price_list


async def keep_suppliers(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Take over the newest state of each supplier."""
    newest: dict[UUID, SupplierState] = {}
    for record in records:
        state = record.event
        if isinstance(state, SupplierState):
            known = newest.get(state.supplier_id)
            if known is None or known.version < state.version:
                newest[state.supplier_id] = state
    if newest:
        await store.keep_suppliers(uow, list(newest.values()))


async def keep_agreements(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Take over the newest state of each framework agreement."""
    states = [record.event for record in records if isinstance(record.event, AgreementState)]
    newest = {s.agreement_id: s for s in sorted(states, key=lambda state: state.version)}
    await store.keep_agreements(uow, [newest[agreement_id] for agreement_id in sorted(newest)])


async def keep_corrections(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Take over reviewed corrections of groups; their articles follow in the background."""
    states = [record.event for record in records if isinstance(record.event, GroupState)]
    known = await store.load_corrections(uow)
    heard = [HeardCorrection(s.source, s.to_group, s.status, s.version) for s in states]
    await store.keep_corrections(uow, followed(known, heard))


async def correct_articles(source: str, uow: UnitOfWork) -> bool:
    """Bring the next articles of a changed correction to their group; False: none are left."""
    return await store.correct_some(uow, source)
