"""A supplier's form, read: what it says of every line, or what is wrong with it."""

from collections.abc import Mapping
from typing import Any

from portal.pages.forms.numbers import PRICE, QUANTITY, read_into
from portal.pages.forms.places import in_row
from portal.pages.forms.problems import Problem, line_numbers, read_day

_DECISIONS = ("accepted", "changed", "refused")


def read(typed: Mapping[str, str]) -> dict[str, object] | list[Problem]:
    """The answer as supplier-gateway takes it; problems where the form cannot be read.

    Fields: `decision-<line>`, `quantity-<line>`, `price-<line>`, `date-<line>`. A line without a
    decision stays open.
    """
    lines: list[dict[str, object]] = []
    problems: list[Problem] = []
    for number in line_numbers(typed, "decision-"):
        decision = typed[f"decision-{number}"]
        if decision not in _DECISIONS:
            continue
        line: dict[str, object] = {"line_no": number, "decision": decision}
        if decision != "refused":
            problems += _details(typed, number, line, changed=decision == "changed")
        lines.append(line)
    if not lines and not problems:
        problems.append(Problem("lines", "Bitte beantworten Sie mindestens eine Position."))
    return problems or {"lines": lines}


def _details(
    typed: Mapping[str, str], number: int, line: dict[str, object], *, changed: bool
) -> list[Problem]:
    problems: list[Problem] = []
    for name, key, measure in (
        ("quantity", "quantity", QUANTITY),
        ("price", "unit_price_net", PRICE),
    ):
        text = typed.get(f"{name}-{number}", "")
        if text and changed:
            line[key] = str(read_into(problems, f"{name}-{number}", text, measure))
    promised = typed.get(f"date-{number}", "")
    if promised:
        if read_day(promised) is None:
            problems.append(Problem(f"date-{number}", "Bitte geben Sie einen Tag an."))
        line["promised_date"] = promised
    return problems


_ANSWERED = {"quantity": "quantity", "unit_price_net": "price", "promised_date": "date"}
_DESPATCHED = {"quantity": "sent"}


def place_of(field: str, body: Mapping[str, Any]) -> str:
    """Where a refusal of this answer or despatch stands in its form."""
    if field == "despatched_on":
        return field
    despatched = "despatched_on" in body
    names = _DESPATCHED if despatched else _ANSWERED
    rows = [line["line_no"] for line in body["lines"]]
    return in_row(field, rows, names, "despatch" if despatched else "lines")


def read_despatch(typed: Mapping[str, str]) -> dict[str, object] | list[Problem]:
    """Goods sent off: `despatched_on`, and `sent-<line>` for what went; problems else."""
    problems: list[Problem] = []
    if read_day(typed.get("despatched_on", "")) is None:
        problems.append(Problem("despatched_on", "Bitte geben Sie den Versandtag an."))
    lines: list[dict[str, object]] = []
    for number in line_numbers(typed, "sent-"):
        text = typed[f"sent-{number}"]
        if text.strip("0,.") == "":
            continue
        sent = read_into(problems, f"sent-{number}", text, QUANTITY)
        lines.append({"line_no": number, "quantity": str(sent)})
    if not lines and not problems:
        problems.append(Problem("despatch", "Bitte geben Sie mindestens eine Menge an."))
    return problems or {"despatched_on": typed["despatched_on"], "lines": lines}
