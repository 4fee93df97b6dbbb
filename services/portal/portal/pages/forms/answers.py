"""A supplier's form, read: what it says of every line, or what is wrong with it."""

from collections.abc import Mapping

from portal.clients.bodies import (
    DespatchBody,
    DespatchLineBody,
    ResponseBody,
    ResponseLineBody,
)
from portal.domain.problems import Problem
from portal.pages.forms.fields import line_numbers, read_day
from portal.pages.forms.numbers import PRICE, QUANTITY, read_into
from portal.pages.forms.places import in_row

_DECISIONS = ("accepted", "changed", "refused")


def read(typed: Mapping[str, str]) -> ResponseBody | list[Problem]:
    """The answer as supplier-gateway takes it; problems where the form cannot be read.

    Fields: `decision-<line>`, `quantity-<line>`, `price-<line>`, `date-<line>`. A line without a
    decision stays open.
    """
    lines: list[ResponseLineBody] = []
    problems: list[Problem] = []
    for number in line_numbers(typed, "decision-"):
        decision = typed.get(f"decision-{number}", "")
        if decision not in _DECISIONS:
            continue
        line = ResponseLineBody(line_no=number, decision=decision)
        if decision != "refused":
            details = _details(typed, number, problems, changed=decision == "changed")
            line = line.model_copy(update=details)
        lines.append(line)
    if not lines and not problems:
        problems.append(Problem("lines", "Bitte beantworten Sie mindestens eine Position."))
    return problems or ResponseBody(lines=tuple(lines))


def _details(
    typed: Mapping[str, str], number: int, problems: list[Problem], *, changed: bool
) -> Mapping[str, str]:
    details = {}
    for name, key, measure in (
        ("quantity", "quantity", QUANTITY),
        ("price", "unit_price_net", PRICE),
    ):
        text = typed.get(f"{name}-{number}", "")
        if text and changed:
            details[key] = str(read_into(problems, f"{name}-{number}", text, measure))
    promised = typed.get(f"date-{number}", "")
    if promised:
        if read_day(promised) is None:
            problems.append(Problem(f"date-{number}", "Bitte geben Sie einen Tag an."))
        details["promised_date"] = promised
    return details


_ANSWERED = {"quantity": "quantity", "unit_price_net": "price", "promised_date": "date"}
_DESPATCHED = {"quantity": "sent"}


def place_of_answer(field: str, body: ResponseBody) -> str:
    """Where a refusal of this answer stands in its form."""
    return in_row(field, [line.line_no for line in body.lines], _ANSWERED, "lines")


def place_of_despatch(field: str, body: DespatchBody) -> str:
    """Where a refusal of this despatch stands in its form."""
    if field == "despatched_on":
        return field
    return in_row(field, [line.line_no for line in body.lines], _DESPATCHED, "despatch")


def read_despatch(typed: Mapping[str, str]) -> DespatchBody | list[Problem]:
    """Goods sent off: `despatched_on`, and `sent-<line>` for what went; problems else."""
    problems: list[Problem] = []
    day = typed.get("despatched_on", "")
    if read_day(day) is None:
        problems.append(Problem("despatched_on", "Bitte geben Sie den Versandtag an."))
    lines: list[DespatchLineBody] = []
    for number in line_numbers(typed, "sent-"):
        text = typed.get(f"sent-{number}", "")
        if text.strip("0,.") == "":
            continue
        sent = read_into(problems, f"sent-{number}", text, QUANTITY)
        lines.append(DespatchLineBody(line_no=number, quantity=str(sent)))
    if not lines and not problems:
        problems.append(Problem("despatch", "Bitte geben Sie mindestens eine Menge an."))
    return problems or DespatchBody(despatched_on=day, lines=tuple(lines))
