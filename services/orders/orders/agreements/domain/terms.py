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
from marktbund.german import day_words, decimal_words
from orders.ground.domain.articles import is_whole


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
    """Raises Invalid naming the field: `term_invalid`, `entitlement_invalid`, `entitled_repeated`,
    `number_repeated`, `ceiling_repeated`, `ceiling_empty`, `ceiling_unit_mixed`, `cascade_broken`.
    """
    if terms.ends_on < terms.starts_on:
        raise Invalid("term_invalid", "Die Laufzeit endet vor ihrem Beginn", field="ends_on")
    for index, entry in enumerate(terms.entitled):
        check_entitlement(entry, f"entitled[{index}]")
    _once("entitled_repeated", "entitled", (entry.member_id for entry in terms.entitled))
    _once("number_repeated", "lots", (lot.lot_no for lot in terms.lots))
    for index, lot in enumerate(terms.lots):
        field = f"lots[{index}]"
        _once(
            "number_repeated",
            f"{field}.positions",
            (position.position_no for position in lot.positions),
        )
        _once("ceiling_repeated", f"{field}.ceilings", (limit.member_id for limit in lot.ceilings))
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


def check_entitlement(entry: Entitlement, field: str) -> None:
    """Raises Invalid (`entitlement_invalid`) where it ends before it begins."""
    if entry.entitled_to is not None and entry.entitled_to < entry.entitled_from:
        raise Invalid(
            "entitlement_invalid",
            "Die Abrufberechtigung endet vor ihrem Beginn",
            field=f"{field}.entitled_to",
        )


def check_whole(lot: AgreementLot, ceiling: Ceiling, field: str) -> None:
    """Raises Invalid (`quantity_not_whole`): of pieces a ceiling is a whole number."""
    quantity = ceiling.quantity
    if quantity is not None and not all(
        is_whole(quantity, position.order_unit) for position in lot.positions
    ):
        raise Invalid(
            "quantity_not_whole",
            "Hier wird nur in ganzen Zahlen geliefert",
            f"Höchstmenge von Los {lot.lot_no}: {decimal_words(quantity)}.",
            field=f"{field}.quantity",
            way_out="Bitte eine ganze Zahl angeben.",
        )


def check_quantities(terms: Terms) -> None:
    """Raises Invalid (`quantity_not_whole`) for the first ceiling that ends within a piece."""
    for index, lot in enumerate(terms.lots):
        for ceiling in lot.ceilings:
            check_whole(lot, ceiling, f"lots[{index}].ceilings")


def check_ceiling(lot: AgreementLot, ceiling: Ceiling, field: str) -> None:
    """Raises Invalid (`ceiling_empty`, `ceiling_unit_mixed`): quantities add up in one unit."""
    if ceiling.value_net is None and ceiling.quantity is None:
        raise Invalid("ceiling_empty", "Höchstmenge oder Höchstwert fehlt", field=field)
    if (
        ceiling.quantity is not None
        and len({position.order_unit for position in lot.positions}) > 1
    ):
        raise Invalid(
            "ceiling_unit_mixed",
            "Eine Höchstmenge braucht eine einzige Bestelleinheit im Los",
            field=field,
            way_out="Bitte einen Höchstwert vereinbaren oder das Los teilen.",
        )


def check_complete(terms: Terms, today: date) -> None:
    """Raises Invalid (`term_invalid`, `ceiling_missing`, `quantity_not_whole`, `entitled_missing`)
    for terms nobody may confirm today.

    An agreement without a ceiling is void of effect beyond it (CJEU C-23/20).
    """
    if terms.ends_on < today:
        raise Invalid(
            "term_invalid",
            "Die Laufzeit ist schon vorbei",
            f"Sie endet am {day_words(terms.ends_on)}.",
            field="ends_on",
            way_out="Bitte den Entwurf ändern.",
        )
    check_quantities(terms)
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
    return next(
        (position for position in lot.positions if position.position_no == position_no), None
    )


def ceiling_of(lot: AgreementLot, member_id: UUID | None) -> Ceiling | None:
    """The ceiling of one member, or with None that of all members."""
    return next((ceiling for ceiling in lot.ceilings if ceiling.member_id == member_id), None)
