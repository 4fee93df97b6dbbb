"""Numbers of agreements: RV-2026-0017 is drawn from the sequence, a house types others."""

import re
from datetime import date

from marktbund.errors import Invalid

_DRAWN = re.compile(r"RV-[0-9]{4}-[0-9]+", re.IGNORECASE)


def drawn_number(today: date, drawn: int) -> str:
    """The number of this draw of the sequence."""
    return f"RV-{today.year}-{drawn:04d}"


def require_free_form(number: str) -> None:
    """Raises Invalid (`agreement_number_reserved`): what is typed never meets what is drawn."""
    if _DRAWN.fullmatch(number):
        raise Invalid(
            "agreement_number_reserved",
            "Nummern dieser Form werden vergeben, nicht eingetragen",
            f"{number} könnte der nächste Vertrag aus einer Ausschreibung bekommen.",
            field="number",
            way_out="Bitte das Feld leer lassen oder eine eigene Form wählen, etwa LV-2026-17.",
        )
