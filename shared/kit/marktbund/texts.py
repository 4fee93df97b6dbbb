"""Text from outside: the one type that every line of text passes, in doors, forms and files."""

import unicodedata
from dataclasses import dataclass
from typing import TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_T = TypeVar("_T")
_BARRED = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
_SCHEMA_PATTERN = (
    r"^[^\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*$"
)
"""The barred characters a reader of OpenAPI meets most; the type bars their whole categories."""


def is_barred(character: str) -> bool:
    """Whether no line of text may hold it: controls, line breaks, bidirectional overrides,
    zero-width and other format characters (Unicode Cc, Cf, Zl, Zp) and lone surrogates. They break
    lists, logs and CSV files, hide one name behind another, and PostgreSQL stores no NUL.
    """
    return unicodedata.category(character) in _BARRED


def stripped(text: str) -> str:
    """Without blanks and zero-width characters at both ends: what is left is what was typed.

    A control or half a character stays: it was no slip, so it is refused and never dropped.
    """
    first, last = 0, len(text)
    while first < last and _is_blank(text[first]):
        first += 1
    while last > first and _is_blank(text[last - 1]):
        last -= 1
    return text[first:last]


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in {"Cf", "Zl", "Zp"}


def _cleaned(value: _T) -> _T | str:
    if not isinstance(value, str):
        return value
    text = stripped(value)
    for position, character in enumerate(text, start=1):
        if is_barred(character):
            raise PydanticCustomError(
                "text_invisible",
                "invisible character {code} at {position}",
                {"position": position, "code": f"U+{ord(character):04X}"},
            )
    return text


@dataclass(frozen=True, slots=True)
class OneLine:
    """Marks `Annotated[str, OneLine(...)]`: a text on one line, stripped, then measured.

    min_length, max_length: characters after stripping; a required text has min_length 1, so that
    blanks and zero-width characters are no reason, no name and no description. Invalid as
    `text_invisible`, `string_too_short`, `string_too_long`.
    """

    max_length: int
    min_length: int = 0

    def __get_pydantic_core_schema__(
        self, source: type[str], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Strip and look through, then the string type, a pattern before this mark kept."""
        form = handler(source).get("pattern")
        text = core_schema.str_schema(
            min_length=self.min_length, max_length=self.max_length, pattern=form
        )
        return core_schema.no_info_before_validator_function(_cleaned, text)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The string with its lengths and the pattern of what it may hold."""
        described = handler(schema)
        described.setdefault("pattern", _SCHEMA_PATTERN)
        return described
