"""What an agreement's terms must be, and where a position or a ceiling stands in them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from marktbund.contracts.agreements import (
    AgreementLot,
    AgreementPosition,
    Binding,
    Ceiling,
    Entitlement,
)
from marktbund.errors import Invalid


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed. Days are inclusive, prices net EUR.

    later_members: the determinable group the notice names, in its words; empty: nobody later.
    """

    title: str
    binding: Binding
    starts_on: date
    ends_on: date
    later_members: str
    entitled: tuple[Entitlement, ...]
    lots: tuple[AgreementLot, ...]


def check(terms: Terms) -> None:
    """Raises Invalid naming the field: `term_invalid`, `number_repeated`, `entitled_repeated`,
    `ceiling_repeated`, `ceiling_empty`, `ceiling_unit_mixed`, `cascade_broken`.
    """
    if terms.ends_on < terms.starts_on:
        raise Invalid("term_invalid", "Die Laufzeit endet vor ihrem Beginn", field="ends_on")
    _once("entitled_repeated", "entitled", (one.member_id for one in terms.entitled))
    _once("number_repeated", "lots", (lot.lot_no for lot in terms.lots))
    for index, lot in enumerate(terms.lots):
        field = f"lots[{index}]"
        _once("number_repeated", f"{field}.positions", (one.position_no for one in lot.positions))
        _once("ceiling_repeated", f"{field}.ceilings", (one.member_id for one in lot.ceilings))
        if lot.after_lot_no is not None and lot.after_lot_no not in {
            before.lot_no for before in terms.lots[:index]
        }:
            raise Invalid(
                "cascade_broken",
                "Kein früheres Los hat diese Nummer",
                field=f"{field}.after_lot_no",
            )
        for ceiling in lot.ceilings:
            check_ceiling(lot, ceiling, f"{field}.ceilings")


def _once(code: str, field: str, values: Iterable[object]) -> None:
    if any(count > 1 for count in Counter(values).values()):
        raise Invalid(code, "Diese Angabe steht doppelt", field=field)


def check_ceiling(lot: AgreementLot, ceiling: Ceiling, field: str) -> None:
    """Raises Invalid (`ceiling_empty`, `ceiling_unit_mixed`): quantities add up in one unit."""
    if ceiling.value_net is None and ceiling.quantity is None:
        raise Invalid("ceiling_empty", "Höchstmenge oder Höchstwert fehlt", field=field)
    if ceiling.quantity is not None and len({one.order_unit for one in lot.positions}) > 1:
        raise Invalid(
            "ceiling_unit_mixed",
            "Eine Höchstmenge braucht eine einzige Bestelleinheit im Los",
            field=field,
            way_out="Bitte einen Höchstwert vereinbaren oder das Los teilen.",
        )


def check_complete(terms: Terms) -> None:
    """Raises Invalid (`ceiling_missing`, `entitled_missing`) for terms nobody may confirm.

    An agreement without a ceiling is void of effect beyond it (CJEU C-23/20).
    """
    for index, lot in enumerate(terms.lots):
        if all(ceiling.member_id is not None for ceiling in lot.ceilings):
            raise Invalid(
                "ceiling_missing",
                "Höchstmenge oder Höchstwert fehlt",
                f"Los {lot.lot_no}: ohne Obergrenze darf nichts abgerufen werden (EuGH C-23/20).",
                field=f"lots[{index}].ceilings",
            )
    if not terms.entitled:
        raise Invalid("entitled_missing", "Niemand ist abrufberechtigt", field="entitled")


def lot_of(lots: Sequence[AgreementLot], lot_no: int) -> AgreementLot | None:
    """The lot of that number."""
    return next((lot for lot in lots if lot.lot_no == lot_no), None)


def position_of(lot: AgreementLot, position_no: int) -> AgreementPosition | None:
    """The position of that number."""
    return next((one for one in lot.positions if one.position_no == position_no), None)


def ceiling_of(lot: AgreementLot, member_id: UUID | None) -> Ceiling | None:
    """The ceiling of one member, or with None that of all members."""
    return next((one for one in lot.ceilings if one.member_id == member_id), None)
