"""A tender's result: what may be entered of it. Days are those of Europe/Berlin."""

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from marktbund.contracts.agreements import Binding
from marktbund.contracts.tender_planning import AwardedLot, EntitledMember
from marktbund.errors import Invalid
from marktbund.german import day_words
from marktbund.units import is_countable

LONGEST_YEARS = 10
"""Of an agreement's term; the law asks for reasons above four, so more is a slip of the pen."""

_Fault = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Award:
    """A tender's result. binding: exclusive stops spot orders for its articles, open asks why."""

    awarded_on: date
    binding: Binding
    starts_on: date
    ends_on: date
    entitled: tuple[EntitledMember, ...]
    lots: tuple[AwardedLot, ...]


def refuse_award(award: Award, groups: set[str], opened_on: date, today: date) -> None:
    """Refuse a result that cannot be; groups: what was put out to tender.

    Raises Invalid (`award_invalid`).
    """
    faults = (
        *_days(award, opened_on, today),
        *_entitled(award),
        *_lots(award),
        *_positions(award, groups),
    )
    for field, detail in faults:
        raise Invalid(
            "award_invalid",
            "Der Zuschlag ist so nicht möglich",
            detail,
            field=field,
            way_out="Bitte vergleichen Sie die Angabe mit dem Vergabevermerk.",
        )


def refuse_unknown(award: Award, unknown: Collection[UUID]) -> None:
    """Refuse a supplier or member nobody has told us of. Raises Invalid (`award_party_unknown`)."""
    named = (
        *(
            (f"lots[{at}].supplier_id", f"Den Lieferanten von Los {lot.lot_no}", lot.supplier_id)
            for at, lot in enumerate(award.lots)
        ),
        *(
            (f"entitled[{at}].member_id", f"Das {at + 1}. genannte Mitglied", member.member_id)
            for at, member in enumerate(award.entitled)
        ),
    )
    for field, who, party in named:
        if party in unknown:
            raise Invalid(
                "award_party_unknown",
                "Ein Mitglied oder Lieferant ist nicht bekannt",
                f"{who} gibt es hier nicht.",
                field=field,
                way_out="Bitte nehmen Sie ihn oder es zuerst in das Verzeichnis auf.",
            )


def _days(award: Award, opened_on: date, today: date) -> Iterator[_Fault]:
    if award.awarded_on > today:
        yield "awarded_on", f"Der Zuschlag liegt in der Zukunft; heute ist der {day_words(today)}."
    if award.awarded_on < opened_on:
        yield "awarded_on", f"Die Vergabe ist erst seit dem {day_words(opened_on)} eröffnet."
    if award.starts_on < award.awarded_on:
        yield "starts_on", "Der Beginn liegt vor dem Zuschlag."
    if award.ends_on < award.starts_on:
        yield "ends_on", "Das Ende liegt vor dem Beginn."
    first, last = award.starts_on, award.ends_on
    if (last.year - first.year, last.month, last.day) >= (LONGEST_YEARS, first.month, first.day):
        yield "ends_on", f"Ein Rahmenvertrag läuft weniger als {LONGEST_YEARS} Jahre."


def _entitled(award: Award) -> Iterator[_Fault]:
    if _repeats([member.member_id for member in award.entitled]):
        yield "entitled", "Ein Mitglied ist doppelt genannt."
    for position, member in enumerate(award.entitled):
        if member.entitled_from < award.starts_on:
            yield (
                f"entitled[{position}].entitled_from",
                "Ein Mitglied wäre schon vor dem Beginn abrufberechtigt.",
            )
        if member.entitled_from > award.ends_on:
            yield (
                f"entitled[{position}].entitled_from",
                "Ein Mitglied wäre erst nach dem Ende abrufberechtigt.",
            )


def _lots(award: Award) -> Iterator[_Fault]:
    if _repeats([lot.lot_no for lot in award.lots]):
        yield "lots", "Eine Losnummer ist doppelt vergeben."
    for at, lot in enumerate(award.lots):
        if _repeats([position.position_no for position in lot.positions]):
            yield f"lots[{at}].positions", "Eine Positionsnummer ist in ihrem Los doppelt vergeben."
        units = {position.order_unit for position in lot.positions}
        if lot.ceiling_quantity is not None and len(units) > 1:
            yield (
                f"lots[{at}].ceiling_quantity",
                "Eine Höchstmenge braucht eine einzige Bestelleinheit in ihrem Los.",
            )
        if lot.ceiling_quantity is not None and lot.ceiling_quantity % 1 and _counted(units):
            yield f"lots[{at}].ceiling_quantity", "Was gezählt wird, hat eine ganze Höchstmenge."


def _positions(award: Award, groups: set[str]) -> Iterator[_Fault]:
    for at, lot in enumerate(award.lots):
        for number, position in enumerate(lot.positions):
            field = f"lots[{at}].positions[{number}]"
            if position.comparable_group not in groups:
                yield (
                    f"{field}.comparable_group",
                    f"„{position.description}“ war nicht ausgeschrieben.",
                )
            if position.quantity % 1 and is_countable(position.order_unit):
                yield f"{field}.quantity", f"„{position.description}“ wird in ganzen Stück gezählt."


def _counted(units: set[str]) -> bool:
    return any(map(is_countable, units))


def _repeats(values: Sequence[Hashable]) -> bool:
    return len(set(values)) != len(values)
