"""Typed changes of an agreement: what may be asked for, and what terms become by them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.agreements import (
    AgreementLot,
    AgreementPosition,
    Ceiling,
    CeilingContent,
    Content,
    EntitlementContent,
    PriceContent,
    SuccessorContent,
    TermContent,
)
from marktbund.contracts.base import Part
from marktbund.errors import Invalid
from marktbund.german import day_words
from orders.agreements.domain.terms import (
    Terms,
    ceiling_of,
    check_ceiling,
    check_entitlement,
    check_whole,
    lot_of,
    position_of,
)


class Change(Part):
    """A change, proposed by one person and approved by another; applied on its first day.

    basis: clause or reason, for the file.
    """

    change_no: int
    effective_on: date
    basis: str
    content: Content
    proposed_by: UUID
    approved_by: UUID | None = None
    applied: bool = False


def raises(before: Ceiling | None, after: Ceiling) -> bool:
    """Whether a ceiling lets more through than before, in value or in quantity."""
    if before is None:
        return False
    return _more(before.value_net, after.value_net) or _more(before.quantity, after.quantity)


def _more(before: Decimal | None, after: Decimal | None) -> bool:
    return before is not None and (after is None or after > before)


def check_change(terms: Terms, content: Content, effective_on: date, today: date) -> None:
    """Raises Invalid naming the field: `change_in_the_past`, `lot_unknown`, `position_unknown`,
    `term_invalid`, `raise_ground_missing`, `raise_ground_wrong`, `lowering_at_once`, and what
    `check_ceiling`, `check_whole` and `check_entitlement` raise.
    """
    if effective_on < today:
        raise Invalid(
            "change_in_the_past",
            "Eine Änderung gilt nicht rückwirkend",
            field="effective_on",
        )
    if isinstance(content, PriceContent | SuccessorContent):
        _found_position(_found_lot(terms, content.lot_no), content.position_no)
    elif isinstance(content, CeilingContent):
        _check_ceiling_change(terms, content, at_once=effective_on == today)
    elif isinstance(content, TermContent):
        _check_last_day(content.ends_on, max(effective_on, terms.starts_on), "content.ends_on")
    elif isinstance(content, EntitlementContent):
        entry, field = content.entitlement, "content.entitlement"
        check_entitlement(entry, field)
        if entry.entitled_to is not None:
            _check_last_day(entry.entitled_to, effective_on, f"{field}.entitled_to")


def _check_last_day(last_day: date, earliest: date, field: str) -> None:
    # What was called off until the change applies was called off under the terms of then.
    if last_day < earliest:
        raise Invalid(
            "term_invalid",
            "Dieser letzte Tag ist schon vorbei, wenn die Änderung gilt",
            f"Frühestens möglich ist der {day_words(earliest)}.",
            field=field,
            way_out=f"Bitte den {day_words(earliest)} oder einen späteren Tag wählen.",
        )


def _check_ceiling_change(terms: Terms, content: CeilingContent, *, at_once: bool) -> None:
    lot = _found_lot(terms, content.lot_no)
    check_ceiling(lot, content.ceiling, "content.ceiling")
    check_whole(lot, content.ceiling, "content.ceiling")
    if raises(ceiling_of(lot, content.ceiling.member_id), content.ceiling):
        if content.raise_ground is None:
            raise Invalid(
                "raise_ground_missing",
                "Eine Erhöhung braucht eine Grundlage in § 132 GWB",
                field="content.raise_ground",
            )
        return
    if content.raise_ground is not None:
        raise Invalid("raise_ground_wrong", "Das ist keine Erhöhung", field="content.raise_ground")
    if not at_once:
        raise Invalid(
            "lowering_at_once",
            "Eine Senkung gilt sofort",
            "Bis zu einem späteren Tag könnte mehr abgerufen werden, als dann noch gelten soll.",
            field="effective_on",
        )


def applied_to(terms: Terms, content: Content) -> Terms:
    """The terms after a change."""
    if isinstance(content, EntitlementContent):
        others = [
            entry for entry in terms.entitled if entry.member_id != content.entitlement.member_id
        ]
        return replace(terms, entitled=(*others, content.entitlement))
    if isinstance(content, TermContent):
        return replace(terms, ends_on=content.ends_on)
    if isinstance(content, CeilingContent):
        return _with_lot(terms, content.lot_no, lambda lot: _with_ceiling(lot, content.ceiling))
    if isinstance(content, PriceContent):
        update: dict[str, object] = {"unit_price_net": content.unit_price_net}
    else:
        update = {"article_id": content.article_id}
    return _with_lot(
        terms, content.lot_no, lambda lot: _with_position(lot, content.position_no, update)
    )


def _found_lot(terms: Terms, lot_no: int) -> AgreementLot:
    lot = lot_of(terms.lots, lot_no)
    if lot is None:
        raise Invalid("lot_unknown", "Dieses Los gibt es nicht", field="content.lot_no")
    return lot


def _found_position(lot: AgreementLot, position_no: int) -> AgreementPosition:
    position = position_of(lot, position_no)
    if position is None:
        raise Invalid(
            "position_unknown", "Diese Position gibt es nicht", field="content.position_no"
        )
    return position


def _with_lot(terms: Terms, lot_no: int, change: Callable[[AgreementLot], AgreementLot]) -> Terms:
    lots = tuple(change(lot) if lot.lot_no == lot_no else lot for lot in terms.lots)
    return replace(terms, lots=lots)


def _with_ceiling(lot: AgreementLot, ceiling: Ceiling) -> AgreementLot:
    others = [limit for limit in lot.ceilings if limit.member_id != ceiling.member_id]
    return lot.model_copy(update={"ceilings": (*others, ceiling)})


def _with_position(lot: AgreementLot, position_no: int, update: dict[str, object]) -> AgreementLot:
    positions = tuple(
        position.model_copy(update=update) if position.position_no == position_no else position
        for position in lot.positions
    )
    return lot.model_copy(update={"positions": positions})
