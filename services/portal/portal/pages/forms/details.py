"""The part of an order form beside the lines: where it is booked, where it goes, what for."""

from collections.abc import Mapping
from typing import Any

from portal.pages.forms.problems import Problem

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


def to_offer(said: Mapping[str, str]) -> dict[str, str]:
    """What the next order's form offers again. What it was for is only suggested: on file it is a
    reason, and the last order's would stand there unread.
    """
    offered = {field: said[field] for field in FIELDS if said.get(field)}
    if "purpose" in offered:
        offered["last_purpose"] = offered.pop("purpose")
    return offered


NOTHING: dict[str, Any] = {"account": None, "delivery": None, "buyer_reference": "", "purpose": ""}
"""What a draft is told where the form says nothing: what stood there before is gone."""


def written(order: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the form for the details of an order, as orders tells them."""
    account, delivery = order.get("account") or {}, order.get("delivery") or {}
    told = {
        **{f"account.{name}": text for name, text in account.items()},
        **{f"delivery.{name}": text for name, text in delivery.items()},
        "buyer_reference": order.get("buyer_reference"),
        "purpose": order.get("purpose"),
    }
    return {field: told[place] for place, field in FIELD_OF.items() if told.get(place)}


def read(said: Mapping[str, str]) -> dict[str, Any] | list[Problem]:
    """The details as orders takes them, what is empty left out; problems where an address is
    begun and not ended.
    """
    account = {name: said[field] for field, name in _ACCOUNT.items() if said.get(field)}
    begun = any(said.get(field) for field in (*_NEEDED, "place_note", "receiving_hours"))
    problems = [
        Problem(field, text)
        for field, (_, text) in _NEEDED.items()
        if begun and not said.get(field)
    ]
    country = said.get("place_country", "").upper() or "DE"
    if begun and not (len(country) == 2 and country.isascii() and country.isalpha()):
        problems.append(Problem("place_country", "Bitte zwei Buchstaben angeben, etwa DE."))
    if problems:
        return problems
    found: dict[str, Any] = {
        name: said[name] for name in ("buyer_reference", "purpose") if said.get(name)
    }
    if account:
        found["account"] = account
    if begun:
        needed = {name: said[field] for field, (name, _) in _NEEDED.items()}
        further = {name: said[field] for field, name in _PLACE.items() if said.get(field)}
        found["delivery"] = {**needed, **further, "country": country}
    return found
