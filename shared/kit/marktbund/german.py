"""German for people: validation errors as sentences, amounts, days and times as words (CLDR)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

GERMAN = Locale.parse("de_DE")
BERLIN = ZoneInfo("Europe/Berlin")

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


def explain(error_type: str, context: Mapping[str, str | float | Decimal | date]) -> str:
    """A sentence for a validation error's type; a general one where none is known."""
    sentence = _SENTENCES.get(error_type, "Diese Angabe ist ungültig.")
    values = dict(context)
    if "expected" in values:
        values["expected"] = str(values["expected"]).replace(" or ", " oder ")
    return sentence.format_map(values)


def number_words(value: Decimal, least: int = 0, most: int | None = None) -> str:
    """A number: 1.234,5. least, most: places after the comma, rounded half even; None: all."""
    rounded = most is not None
    places = "0" * least + "#" * ((most or least) - least)
    pattern = f"#,##0.{places}" if places else "#,##0"
    return format_decimal(value, pattern, GERMAN, decimal_quantization=rounded)


def euro_words(net: Decimal) -> str:
    """An amount for a sentence: 1.234,50 EUR."""
    return f"{number_words(net, 2, 2)} EUR"


def price_words(net: Decimal) -> str:
    """A unit price for a sentence, with all its decimals, at least two: 0,0175 EUR."""
    return f"{number_words(net, 2, 4)} EUR"


def decimal_words(value: Decimal) -> str:
    """A quantity for a sentence, without needless zeros: 1.234,5."""
    return number_words(value, 0, 3)


def percent_words(share: Decimal) -> str:
    """A share of 0 to 1, or a change, in whole percent: 93 %."""
    return format_percent(share, "#,##0 %", GERMAN)


def day_words(day: date) -> str:
    """A day for a sentence: 01.07.2026."""
    return format_date(day, "dd.MM.yyyy", GERMAN)


def month_words(day: date) -> str:
    """The month of a day: 07/2026."""
    return format_date(day, "MM/yyyy", GERMAN)


def moment_words(moment: datetime) -> str:
    """A time as clocks in Berlin show it: 01.07.2026, 14:05 Uhr."""
    return format_datetime(moment, "dd.MM.yyyy, HH:mm 'Uhr'", BERLIN, GERMAN)
