"""A tender's result as typed, read: who won which lot at which prices, or what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from marktbund.contracts.tender_planning import DraftLot, DraftPosition
from portal.clients.bodies import EntitledMemberBody, TenderResultBody, WonLotBody, WonPositionBody
from portal.domain.problems import Problem
from portal.pages.forms.fields import read_day
from portal.pages.forms.numbers import AMOUNT, CEILING, PRICE, Measure, read_into

_DAYS = {"awarded_on": "Zuschlagstag", "starts_on": "ersten Tag", "ends_on": "letzten Tag"}
_WHOLE = frozenset({*_DAYS, "binding", "entitled"})
_NESTED = re.compile(r"lots\[([0-9]{1,4})\](?:\.positions\[([0-9]{1,4})\])?(?:\.([a-z_]+))?")
_OF_LOT = {"ceiling_value_net": "value", "ceiling_quantity": "amount"}
_OF_POSITION = {"quantity": "quantity", "order_unit": "unit"}
_MEMBER = "member-"

Typed = Mapping[str, str]


def read(typed: Typed, draft: Sequence[DraftLot]) -> TenderResultBody | list[Problem]:
    """The result as tender-planning takes it; problems where the form cannot be read.

    draft: the tender's lots. Fields: days, `binding`, `member-<id>`; per lot `supplier-<lot>`,
    `value-<lot>`, `amount-<lot>` (ceilings); per position `price-`, `quantity-` and, where units
    were mixed, `unit-<lot>-<position>`. A lot without a supplier and a position without a price
    were not awarded.
    """
    problems = [
        Problem(field, f"Bitte geben Sie den {name} an.")
        for field, name in _DAYS.items()
        if read_day(typed.get(field, "")) is None
    ]
    members = entitled(typed)
    if not members:
        problems.append(Problem("entitled", "Bitte wählen Sie die abrufberechtigten Mitglieder."))
    lots = []
    for lot in draft:
        if typed.get(f"supplier-{lot.lot_no}"):
            won, wrong = _lot(typed, lot)
            lots.append(won)
            problems += wrong
    if not lots:
        text = "Bitte wählen Sie für mindestens ein Los, wer den Zuschlag bekam."
        problems.append(Problem("lots", text))
    awarded_on, starts_on, ends_on = (typed.get(field, "") for field in _DAYS)
    return problems or TenderResultBody(
        awarded_on=awarded_on,
        starts_on=starts_on,
        ends_on=ends_on,
        binding=typed.get("binding", ""),
        entitled=tuple(
            EntitledMemberBody(member_id=member, entitled_from=starts_on) for member in members
        ),
        lots=tuple(lots),
    )


def entitled(typed: Typed) -> list[str]:
    """The members ticked, by id."""
    ticked = (name.removeprefix(_MEMBER) for name, on in typed.items() if name.startswith(_MEMBER))
    return [member for member in ticked if typed.get(_MEMBER + member) and _is_id(member)]


def place_of(field: str, award: TenderResultBody, typed: Typed) -> str:
    """Where a refusal of this result stands in its form. award: as it was sent, so that
    `lots[1].positions[0].quantity` is found again by its numbers.
    """
    if field in _WHOLE:
        return field
    if field.startswith("entitled"):
        # Everybody is entitled from the first day on: that day is what was typed.
        return "starts_on" if field.endswith(".entitled_from") else "entitled"
    nested = _NESTED.fullmatch(field)
    lots = award.lots
    if nested is None or int(nested[1]) >= len(lots):
        return "lots"
    lot, last = lots[int(nested[1])], nested[3] or ""
    number = lot.lot_no
    if nested[2] is None or int(nested[2]) >= len(lot.positions):
        return f"{_OF_LOT.get(last, 'supplier')}-{number}"
    numbers = f"{number}-{lot.positions[int(nested[2])].position_no}"
    wanted = f"{_OF_POSITION.get(last, 'price')}-{numbers}"
    return wanted if wanted in typed else f"price-{numbers}"


def _lot(typed: Typed, lot: DraftLot) -> tuple[WonLotBody, list[Problem]]:
    number = lot.lot_no
    problems: list[Problem] = []
    value, amount = f"value-{number}", f"amount-{number}"
    ceiling_value = _number(typed, value, AMOUNT, problems)
    ceiling_quantity = _number(typed, amount, CEILING, problems)
    if not typed.get(value) and not typed.get(amount):
        # An award is final; orders could never confirm an agreement without a ceiling.
        text = "Bitte geben Sie einen Höchstwert oder eine Höchstmenge an (EuGH C-23/20)."
        problems.append(Problem(value, text))
    priced = tuple(
        _position(typed, number, position, problems)
        for position in lot.positions
        if typed.get(f"price-{number}-{position.position_no}")
    )
    if not priced:
        first = f"price-{number}-{lot.positions[0].position_no}"
        problems.append(Problem(first, f"Los {number}: Bitte geben Sie mindestens einen Preis an."))
    won = WonLotBody(
        lot_no=number,
        title=lot.title,
        supplier_id=typed.get(f"supplier-{number}", ""),
        ceiling_value_net=ceiling_value,
        ceiling_quantity=ceiling_quantity,
        positions=priced,
    )
    return won, problems


def _position(
    typed: Typed, lot_no: int, position: DraftPosition, problems: list[Problem]
) -> WonPositionBody:
    numbers = f"{lot_no}-{position.position_no}"
    price, quantity, unit = f"price-{numbers}", f"quantity-{numbers}", f"unit-{numbers}"
    if not typed.get(quantity):
        problems.append(Problem(quantity, "Bitte geben Sie die Menge über die Laufzeit an."))
    code = position.order_unit or typed.get(unit, "").upper()
    if not code:
        problems.append(Problem(unit, "Bitte geben Sie die Bestelleinheit an."))
    return WonPositionBody(
        position_no=position.position_no,
        comparable_group=position.comparable_group,
        description=position.description,
        order_unit=code,
        unit_price_net=_number(typed, price, PRICE, problems),
        quantity=_number(typed, quantity, CEILING, problems),
    )


def _number(typed: Typed, field: str, measure: Measure, problems: list[Problem]) -> str | None:
    text = typed.get(field, "")
    read = read_into(problems, field, text, measure) if text else None
    return None if read is None else str(read)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
