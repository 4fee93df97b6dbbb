"""A German sentence for every way Pydantic refuses what people send."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from marktbund import german
from marktbund.days import Day
from marktbund.german import _SENTENCES, explain
from marktbund.texts import OneLine


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str


Form = Annotated[str, Field(pattern="^a$")]
Digits = Annotated[Decimal, Field(max_digits=5, decimal_places=2)]
OWN = {"text_invisible", "day_out_of_range", "mail_address", "mail_address_local"}
"""Types of errors that our own types of input raise."""
NO_NUMBER = "Das ist keine Zahl. Erlaubt sind die Ziffern 0 bis 9 und ein Punkt."
REFUSALS: list[tuple[Any, Any, str, str]] = [
    (Line, {}, "missing", "Diese Angabe fehlt."),
    (Line, {"name": "", "x": 1}, "extra_forbidden", "Diese Angabe ist hier nicht vorgesehen."),
    (Line, [], "model_type", "Hier wird ein Objekt erwartet."),
    (str, 1, "string_type", "Hier wird ein Text erwartet."),
    (Annotated[str, Field(max_length=2)], "abc", "string_too_long", "Höchstens 2 Zeichen."),
    (Annotated[str, Field(min_length=2)], "a", "string_too_short", "Mindestens 2 Zeichen."),
    (Form, "b", "string_pattern_mismatch", "Die Form stimmt nicht."),
    (Form, "\ud800", "string_unicode", "Der Text enthält ungültige Zeichen."),
    (
        Annotated[str, OneLine(9)],
        "a\u202eb",
        "text_invisible",
        "Zeichen 2 ist unsichtbar (U+202E). Bitte neu eintippen.",
    ),
    (
        Day,
        "1999-12-31",
        "day_out_of_range",
        "Ein Tag liegt zwischen dem 01.01.2000 und dem 31.12.2199.",
    ),
    (UUID, "4711", "uuid_parsing", "Das ist keine gültige Kennung (UUID)."),
    (
        Decimal,
        "drei",
        "decimal_parsing",
        "Das ist keine Zahl. Erlaubt sind die Ziffern 0 bis 9 und ein Punkt.",
    ),
    (Decimal, "NaN", "finite_number", "Das ist keine endliche Zahl."),
    (Digits, "1.001", "decimal_max_places", "Höchstens 2 Nachkommastellen."),
    (Digits, "1234", "decimal_whole_digits", "Höchstens 3 Stellen vor dem Komma."),
    (int, "drei", "int_parsing", "Das ist keine ganze Zahl."),
    (Annotated[int, Field(gt=0)], 0, "greater_than", "Der Wert muss größer als 0 sein."),
    (Annotated[int, Field(ge=1)], 0, "greater_than_equal", "Der Wert muss mindestens 1 sein."),
    (Annotated[int, Field(lt=5)], 5, "less_than", "Der Wert muss kleiner als 5 sein."),
    (Annotated[int, Field(le=5)], 6, "less_than_equal", "Der Wert darf höchstens 5 sein."),
    (date, "2026-02-30", "date_from_datetime_parsing", "Das ist kein gültiges Datum (JJJJ-MM-TT)."),
    (date, None, "date_type", "Das ist kein gültiges Datum (JJJJ-MM-TT)."),
    (tuple[int, ...], None, "tuple_type", "Hier wird eine Liste erwartet."),
    (Annotated[list[int], Field(min_length=1)], [], "too_short", "Mindestens 1 Eintrag."),
    (Annotated[list[int], Field(max_length=1)], [1, 2], "too_long", "Höchstens 1 Einträge."),
    (Literal["a", "b"], "c", "literal_error", "Erlaubt ist: 'a' oder 'b'."),
    (bool, "vielleicht", "bool_parsing", "Erlaubt ist true oder false."),
    (bool, None, "bool_type", "Erlaubt ist true oder false."),
]


@pytest.mark.parametrize(("kind", "value", "error_type", "sentence"), REFUSALS, ids=lambda v: "")
def test_a_refusal_in_german(kind: Any, value: Any, error_type: str, sentence: str):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    error = refused.value.errors()[0]
    assert (error["type"], explain(error["type"], error.get("ctx", {}))) == (error_type, sentence)


def test_every_sentence_belongs_to_an_error_there_is():
    assert set(_SENTENCES) - OWN <= set(get_args(ErrorType))


def test_an_error_nobody_thought_of_has_a_sentence_too():
    assert explain("never_heard_of", {}) == "Diese Angabe ist ungültig."


WORDS: list[tuple[str, str]] = [
    (german.euro_words(Decimal("1234.5")), "1.234,50 EUR"),
    (german.euro_words(Decimal("-0.005")), "-0,00 EUR"),
    (german.euro_words(Decimal("9999999999999999.99")), "9.999.999.999.999.999,99 EUR"),
    (german.price_words(Decimal("0.0175")), "0,0175 EUR"),
    (german.price_words(Decimal(12)), "12,00 EUR"),
    (german.decimal_words(Decimal("1234.500")), "1.234,5"),
    (german.decimal_words(Decimal("1E+3")), "1.000"),
    (german.number_words(Decimal("12.500")), "12,5"),
    (german.number_words(Decimal("0.000012")), "0,000012"),
    (german.number_words(Decimal(12), 2), "12,00"),
    (german.number_words(Decimal("12.34567"), 2), "12,34567"),
    (german.number_words(Decimal("2.5"), 0, 0), "2"),
    (german.percent_words(Decimal("0.926")), "93 %"),
    (german.percent_words(Decimal("-0.05")), "-5 %"),
    (german.day_words(date(2026, 7, 1)), "01.07.2026"),
    (german.month_words(date(2026, 7, 1)), "07/2026"),
    (german.moment_words(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)), "01.07.2026, 14:05 Uhr"),
    (german.moment_words(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)), "01.01.2027, 00:00 Uhr"),
]


@pytest.mark.parametrize(("words", "expected"), WORDS)
def test_figures_stand_as_people_in_germany_write_them(words: str, expected: str):
    assert words == expected
