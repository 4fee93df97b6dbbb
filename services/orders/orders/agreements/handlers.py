"""The office's work on framework agreements: draft, confirm, change, end, bring into effect."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund import clock
from marktbund.contracts.agreements import (
    AgreementLot,
    AgreementPosition,
    Ceiling,
    CeilingContent,
    Entitlement,
    SuccessorContent,
)
from marktbund.contracts.base import Message
from marktbund.contracts.tender_planning import TenderAwarded
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.agreements.commands import AgreementBody, DraftAgreement, ProposeChange
from orders.agreements.domain import partners
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.changes import Change
from orders.agreements.domain.numbers import require_free_form
from orders.agreements.domain.schedule import change_of
from orders.agreements.domain.terms import Terms, check_quantities, lot_of
from orders.agreements.store import agreements, ceilings
from orders.ground.store import replicas


async def draft_agreement(command: DraftAgreement, by: UUID, uow: UnitOfWork) -> Agreement:
    """Enter an agreement by hand; nothing applies before a second person confirms it."""
    today = _today(uow)
    require_free_form(command.number)
    number = command.number or await agreements.next_number(uow, today)
    terms = _terms(command)
    check_quantities(terms)
    drafted, news = Agreement.draft(new_id(), None, number, terms, by, today)
    await agreements.add(uow, drafted)
    uow.announce(*news)
    return drafted


async def draft_from_award(event: TenderAwarded, uow: UnitOfWork) -> None:
    """Draft the agreement a tender was awarded for; an award heard twice drafts it once."""
    if await agreements.of_tender(uow, event.tender_id) is not None:
        return
    number = await agreements.next_number(uow, event.awarded_on)
    drafted, news = Agreement.draft(
        new_id(),
        event.tender_id,
        number,
        _awarded_terms(event),
        event.awarded_by,
        event.awarded_on,
    )
    await agreements.add(uow, drafted)
    uow.announce(*news)


async def revise_agreement(
    agreement_id: UUID, command: AgreementBody, by: UUID, uow: UnitOfWork
) -> Agreement:
    """Replace a draft's terms."""
    draft = await agreements.load_locked(uow, agreement_id)
    terms = _terms(command)
    check_quantities(terms)
    revised, news = draft.revise(terms, by, _today(uow))
    return await _keep(revised, news, uow)


async def confirm_agreement(agreement_id: UUID, by: UUID, uow: UnitOfWork) -> Agreement:
    """Make a draft binding. Raises Conflict (`partner_not_active`) and as `Agreement.confirm`."""
    draft = await agreements.load_locked(uow, agreement_id)
    selling = await replicas.selling(uow, (lot.supplier_id for lot in draft.terms.lots))
    confirmed, news = draft.confirm(by, _today(uow))
    partners.require_selling(draft.terms, selling)
    return await _keep(confirmed, news, uow)


async def propose_change(
    agreement_id: UUID, command: ProposeChange, by: UUID, uow: UnitOfWork
) -> Change:
    """Ask for a change."""
    agreement = await _up_to_date(agreement_id, uow)
    changed, change = agreement.propose(
        command.wanted(), command.effective_on, command.basis, by, _today(uow)
    )
    await agreements.save(uow, changed)
    return change


async def approve_change(
    agreement_id: UUID, change_no: int, by: UUID, uow: UnitOfWork
) -> Agreement:
    """Approve a change; it applies from its day on."""
    agreement = await _up_to_date(agreement_id, uow)
    standings = await ceilings.lock_all(uow, agreement_id)
    content = change_of(agreement.changes, change_no).content
    standing = None
    if isinstance(content, CeilingContent):
        standing = standings.get((content.lot_no, content.ceiling.member_id))
    changed, news = agreement.approve(change_no, by, _today(uow), standing)
    if isinstance(content, SuccessorContent):
        article = await replicas.load_article(uow, content.article_id)
        lot = lot_of(agreement.terms.lots, content.lot_no)
        partners.require_successor(lot, content.position_no, article)
    return await _keep(changed, news, uow)


async def end_agreement(agreement_id: UUID, by: UUID, uow: UnitOfWork) -> Agreement:
    """No call-offs from now on."""
    agreement = await _up_to_date(agreement_id, uow)
    ended, news = agreement.end(by, _today(uow))
    return await _keep(ended, news, uow)


async def advance_agreement(agreement_id: UUID, today: date, uow: UnitOfWork) -> Agreement:
    """Bring into effect what is due by `today`: first day, changes, last day."""
    agreement = await agreements.load_locked(uow, agreement_id)
    current, news = agreement.advance(today)
    if current == agreement:
        return agreement
    return await _keep(current, news, uow)


async def current_agreement(agreement_id: UUID, uow: UnitOfWork) -> Agreement:
    """An agreement as it applies today, what is due brought into effect; not locked otherwise.

    Raises NotFound (`agreement_unknown`).
    """
    agreement = await agreements.load(uow, agreement_id)
    if agreement.next_due is not None and agreement.next_due <= _today(uow):
        return await advance_agreement(agreement_id, _today(uow), uow)
    return agreement


async def _up_to_date(agreement_id: UUID, uow: UnitOfWork) -> Agreement:
    return await advance_agreement(agreement_id, _today(uow), uow)


async def _keep(changed: Agreement, news: list[Message], uow: UnitOfWork) -> Agreement:
    await agreements.save(uow, changed)
    if changed.status in {"confirmed", "in_force"}:
        await ceilings.lock_all(uow, changed.agreement_id)
        await ceilings.set_limits(uow, changed)
    uow.announce(*news)
    return changed


def _today(uow: UnitOfWork) -> date:
    return clock.business_date(uow.business_now)


def _terms(command: AgreementBody) -> Terms:
    return Terms(
        title=command.title,
        binding=command.binding,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        later_members=command.later_members,
        entitled=tuple(command.entitled),
        lots=tuple(command.lots),
    )


def _awarded_terms(event: TenderAwarded) -> Terms:
    return Terms(
        title=event.title,
        binding=event.binding,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        later_members="",
        entitled=tuple(
            Entitlement(member_id=member.member_id, entitled_from=member.entitled_from)
            for member in event.entitled
        ),
        lots=tuple(
            AgreementLot(
                lot_no=lot.lot_no,
                title=lot.title,
                supplier_id=lot.supplier_id,
                positions=tuple(
                    AgreementPosition.model_validate(position, from_attributes=True)
                    for position in lot.positions
                ),
                ceilings=_awarded_ceilings(lot.ceiling_value_net, lot.ceiling_quantity),
            )
            for lot in event.lots
        ),
    )


def _awarded_ceilings(value: Decimal | None, quantity: Decimal | None) -> tuple[Ceiling, ...]:
    if value is None and quantity is None:
        return ()
    return (Ceiling(value_net=value, quantity=quantity),)
