"""Forms of an award office, read: offers asked and received, the lines of an award."""

from collections.abc import Iterable, Mapping

from marktbund.contracts.http.orders import OrderedLineAnswer
from portal.clients.bodies import AwardBody, AwardedLineBody, OfferBody, OffersBody
from portal.domain.problems import Problem
from portal.pages.forms.fields import read_day
from portal.pages.forms.numbers import AMOUNT, PRICE, QUANTITY, read_into, read_number
from portal.pages.forms.places import in_row

ROWS = 5
"""So many suppliers fit into the form of offers; it can be sent again while the order waits."""


def read_offers(typed: Mapping[str, str]) -> OffersBody | list[Problem]:
    """Offers as orders takes them; fields `offer-name-<row>`, `-net-`, `-on-`; problems else."""
    problems: list[Problem] = []
    offers: list[OfferBody] = []
    for row in range(1, ROWS + 1):
        name, net, on = (typed.get(f"offer-{what}-{row}", "") for what in ("name", "net", "on"))
        if not (name or net or on):
            continue
        problems += _unreadable(row, name, net, on)
        given = {"net_total": str(read_number(net, AMOUNT)) if net else "", "quoted_on": on}
        offers.append(
            OfferBody(supplier_name=name, **{key: text for key, text in given.items() if text})
        )
    if not offers and not problems:
        problems.append(Problem("offer-name-1", "Bitte nennen Sie mindestens einen Anbieter."))
    return problems or OffersBody(offers=tuple(offers))


def _unreadable(row: int, name: str, net: str, on: str) -> list[Problem]:
    problems: list[Problem] = []
    if not name:
        problems.append(Problem(f"offer-name-{row}", "Bitte nennen Sie den Anbieter."))
    if net:
        read_into(problems, f"offer-net-{row}", net, AMOUNT)
    if on and read_day(on) is None:
        problems.append(Problem(f"offer-on-{row}", "Bitte geben Sie einen Tag an."))
    return problems


_OFFERED = {"supplier_name": "offer-name", "net_total": "offer-net", "quoted_on": "offer-on"}
_AWARDED = {"quantity": "award-quantity", "unit_price_net": "award-price"}


def place_of_offer(field: str, typed: Mapping[str, str]) -> str:
    """Where a refusal of these offers stands in their form."""
    filled = [
        row
        for row in range(1, ROWS + 1)
        if any(typed.get(f"offer-{what}-{row}") for what in ("name", "net", "on"))
    ]
    return in_row(field, filled, _OFFERED, "offer-name-1")


def place_of_award(field: str, typed: Mapping[str, str], lines: Iterable[OrderedLineAnswer]) -> str:
    """Where a refusal of this result stands in its form."""
    if field in {"procedure", "file_reference"}:
        return field
    numbers = [line.line_no for line in lines]
    filled = [no for no in numbers if typed.get(f"award-quantity-{no}", "").strip("0,. ")]
    return in_row(field, filled, _AWARDED, "result")


def read_award(
    typed: Mapping[str, str], lines: Iterable[OrderedLineAnswer]
) -> AwardBody | list[Problem]:
    """A result as orders takes it; fields `award-quantity-<line>`, `award-price-<line>`.

    A line without a quantity is not awarded; without a price it has the article's of now.
    """
    problems: list[Problem] = []
    awarded: list[AwardedLineBody] = []
    for line in lines:
        number = line.line_no
        quantity, price = (
            typed.get(f"award-{what}-{number}", "") for what in ("quantity", "price")
        )
        if quantity.strip("0,. ") == "":
            continue
        read = {"quantity": read_into(problems, f"award-quantity-{number}", quantity, QUANTITY)}
        if price:
            read["unit_price_net"] = read_into(problems, f"award-price-{number}", price, PRICE)
        given = {name: str(value) for name, value in read.items()}
        awarded.append(AwardedLineBody(article_id=str(line.article_id), **given))
    if not typed.get("file_reference"):
        problems.append(Problem("file_reference", "Bitte geben Sie das Aktenzeichen an."))
    if not awarded and not problems:
        problems.append(Problem("result", "Bitte geben Sie mindestens eine Menge an."))
    return problems or AwardBody(
        procedure=typed.get("procedure", ""),
        file_reference=typed.get("file_reference", ""),
        lines=tuple(awarded),
    )
