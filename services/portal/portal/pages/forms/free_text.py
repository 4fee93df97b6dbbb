"""The form of a free-text order, read: lines in words, resting on one quote of a supplier."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marktbund.contracts.http.orders import FreeTextAnswer, WantedAnswer
from portal.clients.bodies import LineBody, OrderBody, QuotedLineBody
from portal.domain.problems import Problem
from portal.pages.forms.fields import read_day
from portal.pages.forms.numbers import QUANTITY, QUOTED_PRICE, read_into
from portal.words.figures import price, quantity, typed

QUOTE = ("supplier_id", "document", "quoted_on")
"""The form's fields about the quote, in the order of the form; the document is a file."""
POSITION = (
    "description",
    "article_number",
    "cpv",
    "quantity",
    "order_unit",
    "unit_price_net",
    "vat_rate",
    "wanted_on",
)
"""The form's fields of each position, in the order of the form."""
Typed = dict[str, str]
"""Field of the form -> what stands in it."""
_CHOSEN = {"order_unit", "vat_rate"}
"""Fields that say something before anybody has typed; alone they make no position."""
MOST = 20
VAT_RATES = (("19", "19 %"), ("7", "7 %"), ("0", "0 %"))
_CPV = re.compile(r"^([0-9]{8})(-[0-9])?$")


def named(field: str, index: int) -> str:
    """A field's name in the form; from the second position on it ends with the number."""
    return field if index == 0 else f"{field}-{index + 1}"


def fields(positions: int) -> list[str]:
    """The names of all fields of a form with so many positions, in their order."""
    lines = [named(field, index) for index in range(positions) for field in POSITION]
    return [*QUOTE, *lines, "reference"]


def filled(texts: Mapping[str, str], positions: int) -> list[int]:
    """Indices of the positions in which something is said, the first always; the lines' order."""
    typed = [field for field in POSITION if field not in _CHOSEN]
    return [
        index
        for index in range(positions)
        if index == 0 or any(texts.get(named(field, index)) for field in typed)
    ]


def written(wanted: Sequence[WantedAnswer]) -> Typed | None:
    """What stands in the form for a draft's lines, as orders tells them; None where it has no
    place for them: lines from a catalogue, several quotes, or too many.
    """
    quoted = [line.free_text for line in wanted if line.free_text is not None]
    if not 1 <= len(wanted) <= MOST or len(quoted) < len(wanted):
        return None
    if len({(text.supplier_id, text.quoted_on, text.document_sha256) for text in quoted}) != 1:
        return None
    quote = {
        "supplier_id": str(quoted[0].supplier_id),
        "quoted_on": quoted[0].quoted_on.isoformat(),
        "document_sha256": quoted[0].document_sha256,
        "positions": str(len(wanted)),
    }
    for index, (line, text) in enumerate(zip(wanted, quoted, strict=True)):
        position = _position(line, text)
        quote |= {named(field, index): position[field] for field in POSITION}
    return quote


def _position(line: WantedAnswer, text: FreeTextAnswer) -> Typed:
    day = line.requested_delivery_date
    return {
        "description": text.description,
        "article_number": text.article_number,
        "cpv": text.cpv,
        "quantity": typed(line.quantity),
        "order_unit": text.order_unit,
        "unit_price_net": price(text.unit_price_net).removesuffix(" €"),
        "vat_rate": quantity(text.vat_rate),
        "wanted_on": day.isoformat() if day else "",
    }


def read(
    texts: Mapping[str, str], positions: int, document_sha256: str
) -> OrderBody | list[Problem]:
    """The order's lines and reference as orders takes them; problems where it cannot be read.

    positions: how many the form has; those left empty, but for the first, are left out.
    document_sha256: the uploaded quote; empty: none yet.
    """
    problems: list[Problem] = []
    quote = _Quote(
        _required(texts, "supplier_id", "Bitte wählen Sie den Lieferanten.", problems),
        _day(texts.get("quoted_on", ""), problems),
        document_sha256,
    )
    if not document_sha256:
        problems.append(Problem("document", "Bitte laden Sie das Angebot hoch."))
    lines = []
    for index in filled(texts, positions):
        position = {field: texts.get(named(field, index), "") for field in POSITION}
        wrong: list[Problem] = []
        lines.append(_line(position, quote, wrong))
        problems += [Problem(named(fault.field, index), fault.text) for fault in wrong]
    if problems:
        order = fields(positions)
        return sorted(problems, key=lambda problem: order.index(problem.field))
    return OrderBody(reference=texts.get("reference", ""), lines=tuple(lines))


@dataclass(frozen=True, slots=True)
class _Quote:
    supplier_id: str
    quoted_on: str
    document_sha256: str


def _line(position: Mapping[str, str], quote: _Quote, problems: list[Problem]) -> LineBody:
    typed_price = position.get("unit_price_net", "")
    free = QuotedLineBody(
        supplier_id=quote.supplier_id,
        quoted_on=quote.quoted_on,
        document_sha256=quote.document_sha256,
        description=_required(position, "description", "Bitte beschreiben Sie die Ware.", problems),
        article_number=position.get("article_number", ""),
        order_unit=_required(position, "order_unit", "Bitte wählen Sie die Einheit.", problems),
        unit_price_net=str(read_into(problems, "unit_price_net", typed_price, QUOTED_PRICE)),
        vat_rate=position.get("vat_rate") or "19",
        cpv=_cpv(position.get("cpv", ""), problems),
    )
    ordered = read_into(problems, "quantity", position.get("quantity", ""), QUANTITY)
    wanted_on = position.get("wanted_on", "")
    if wanted_on:
        return LineBody(quantity=str(ordered), free_text=free, requested_delivery_date=wanted_on)
    return LineBody(quantity=str(ordered), free_text=free)


def _required(texts: Mapping[str, str], field: str, missing: str, problems: list[Problem]) -> str:
    if not texts.get(field):
        problems.append(Problem(field, missing))
    return texts.get(field, "")


def _cpv(text: str, problems: list[Problem]) -> str:
    match = _CPV.match(text)
    if match is None:
        problems.append(Problem("cpv", "Bitte geben Sie die CPV-Nummer mit acht Ziffern an."))
        return ""
    return match[1]


def _day(text: str, problems: list[Problem]) -> str:
    if read_day(text) is None:
        problems.append(Problem("quoted_on", "Bitte geben Sie den Tag des Angebots an."))
    return text
