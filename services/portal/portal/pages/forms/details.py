"""The part of an order form beside the lines: where it is booked, where it goes, what for."""

from collections.abc import Mapping

from marktbund.contracts.http.orders import OrderAnswer
from portal.clients.bodies import AccountBody, DetailsBody, PlaceBody
from portal.domain.problems import Problem

Typed = dict[str, str]
"""Field of a form -> what stands in it."""
_ACCOUNT = {
    "cost_centre": "cost_centre",
    "internal_order": "internal_order",
    "budget_line": "budget_line",
}
_NEEDED = {
    "place_name": ("name", "Bitte geben Sie an, wie der Lieferort heißt."),
    "place_street": ("street", "Bitte geben Sie Straße und Hausnummer an."),
    "place_postcode": ("postcode", "Bitte geben Sie die Postleitzahl an."),
    "place_town": ("town", "Bitte geben Sie den Ort an."),
}
_PLACE = {
    "place_country": "country",
    "place_note": "note",
    "receiving_hours": "receiving_hours",
}
FIELDS = (*_ACCOUNT, *_NEEDED, *_PLACE, "buyer_reference", "purpose")
"""The form's fields, in the order of the form."""
FIELD_OF = {
    **{f"account.{name}": field for field, name in _ACCOUNT.items()},
    **{f"delivery.{name}": field for field, (name, _) in _NEEDED.items()},
    **{f"delivery.{name}": field for field, name in _PLACE.items()},
    "buyer_reference": "buyer_reference",
    "purpose": "purpose",
}
"""Where a service's field stands in the form."""


def to_offer(typed: Mapping[str, str]) -> Typed:
    """What the next order's form offers again. What it was for is only suggested: on file it is a
    reason, and the last order's would stand there unread.
    """
    offered = {field: typed[field] for field in FIELDS if typed.get(field)}
    if "purpose" in offered:
        offered["last_purpose"] = offered.pop("purpose")
    return offered


NOTHING = DetailsBody(account=None, delivery=None, buyer_reference="", purpose="")
"""What a draft is told where the form says nothing: what stood there before is gone."""


def written(order: OrderAnswer) -> Typed:
    """What stands in the form for the details of an order, as orders tells them."""
    parts = {"account": order.account, "delivery": order.delivery}
    texts = {
        f"{part}.{name}": str(text)
        for part, given in parts.items()
        if given is not None
        for name, text in given
    }
    texts |= {"buyer_reference": order.buyer_reference, "purpose": order.purpose}
    return {
        field: texts[place_field]
        for place_field, field in FIELD_OF.items()
        if texts.get(place_field)
    }


def read(typed: Mapping[str, str]) -> DetailsBody | list[Problem]:
    """The details as orders takes them, what is empty left out; problems where an address is
    begun and not ended.
    """
    account = {name: typed[field] for field, name in _ACCOUNT.items() if typed.get(field)}
    begun = any(typed.get(field) for field in (*_NEEDED, "place_note", "receiving_hours"))
    problems = [
        Problem(field, text)
        for field, (_, text) in _NEEDED.items()
        if begun and not typed.get(field)
    ]
    country = typed.get("place_country", "").upper() or "DE"
    if begun and not (len(country) == 2 and country.isascii() and country.isalpha()):
        problems.append(Problem("place_country", "Bitte zwei Buchstaben angeben, etwa DE."))
    if problems:
        return problems
    texts = {name: typed[name] for name in ("buyer_reference", "purpose") if typed.get(name)}
    details = DetailsBody.model_validate(texts)
    if account:
        details = details.model_copy(update={"account": AccountBody(**account)})
    if begun:
        needed = {name: typed[field] for field, (name, _) in _NEEDED.items()}
        further = {name: typed[field] for field, name in _PLACE.items() if typed.get(field)}
        delivery = PlaceBody(**{**needed, **further, "country": country})
        details = details.model_copy(update={"delivery": delivery})
    return details
