"""German for people: validation errors as sentences, amounts and days as words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

_SENTENCES = {
    "missing": "Diese Angabe fehlt.",
    "extra_forbidden": "Diese Angabe ist hier nicht vorgesehen.",
    "string_type": "Hier wird ein Text erwartet.",
    "string_too_long": "Höchstens {max_length} Zeichen.",
    "string_too_short": "Mindestens {min_length} Zeichen.",
    "string_pattern_mismatch": "Die Form stimmt nicht.",
    "text_invisible": "Zeichen {position} ist unsichtbar ({code}). Bitte neu eintippen.",
    "mail_address": "Diese Adresse nimmt kein Mailserver an. Sie sieht aus wie name@stadt.de.",
    "mail_address_local": "Vor dem @ stehen keine Umlaute: das nimmt nicht jeder Mailserver an.",
    "string_unicode": "Der Text enthält ungültige Zeichen.",
    "uuid_parsing": "Das ist keine gültige Kennung (UUID).",
    "uuid_type": "Das ist keine gültige Kennung (UUID).",
    "decimal_parsing": "Das ist keine Zahl. Erlaubt sind die Ziffern 0 bis 9 und ein Punkt.",
    "decimal_type": "Das ist keine Zahl.",
    "finite_number": "Das ist keine endliche Zahl.",
    "decimal_max_places": "Höchstens {decimal_places} Nachkommastellen.",
    "decimal_max_digits": "Höchstens {max_digits} Stellen.",
    "decimal_whole_digits": "Höchstens {whole_digits} Stellen vor dem Komma.",
    "int_parsing": "Das ist keine ganze Zahl.",
    "int_type": "Das ist keine ganze Zahl.",
    "greater_than": "Der Wert muss größer als {gt} sein.",
    "greater_than_equal": "Der Wert muss mindestens {ge} sein.",
    "less_than": "Der Wert muss kleiner als {lt} sein.",
    "less_than_equal": "Der Wert darf höchstens {le} sein.",
    "date_from_datetime_parsing": "Das ist kein gültiges Datum (JJJJ-MM-TT).",
    "day_out_of_range": "Ein Tag liegt zwischen dem {first} und dem {last}.",
    "date_type": "Das ist kein gültiges Datum (JJJJ-MM-TT).",
    "date_parsing": "Das ist kein gültiges Datum (JJJJ-MM-TT).",
    "too_short": "Mindestens {min_length} Eintrag.",
    "too_long": "Höchstens {max_length} Einträge.",
    "literal_error": "Erlaubt ist: {expected}.",
    "model_attributes_type": "Hier wird ein Objekt erwartet.",
    "model_type": "Hier wird ein Objekt erwartet.",
    "dict_type": "Hier wird ein Objekt erwartet.",
    "list_type": "Hier wird eine Liste erwartet.",
    "tuple_type": "Hier wird eine Liste erwartet.",
    "bool_parsing": "Erlaubt ist true oder false.",
    "bool_type": "Erlaubt ist true oder false.",
}


def explain(error_type: str, context: Mapping[str, Any]) -> str:
    """A sentence for a validation error's type; a general one where none is known."""
    sentence = _SENTENCES.get(error_type, "Diese Angabe ist ungültig.")
    values = dict(context)
    if "expected" in values:
        values["expected"] = str(values["expected"]).replace(" or ", " oder ")
    return sentence.format_map(values)


def euro_words(net: Decimal) -> str:
    """An amount for a sentence: 1.234,50 EUR."""
    return f"{_swapped(f'{net:,.2f}')} EUR"


def price_words(net: Decimal) -> str:
    """A unit price for a sentence, with all its decimals, at least two: 0,0175 EUR."""
    whole, _, fraction = f"{net:,.4f}".partition(".")
    return f"{_swapped(whole + '.' + fraction.rstrip('0').ljust(2, '0'))} EUR"


def decimal_words(value: Decimal) -> str:
    """A quantity for a sentence, without needless zeros: 1.234,5."""
    whole, _, fraction = f"{value:,.3f}".partition(".")
    fraction = fraction.rstrip("0")
    return _swapped(f"{whole}.{fraction}" if fraction else whole)


def day_words(day: date) -> str:
    """A day for a sentence: 01.07.2026."""
    return f"{day:%d.%m.%Y}"


def _swapped(english: str) -> str:
    return english.translate(str.maketrans(",.", ".,"))
