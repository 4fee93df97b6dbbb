"""A supplier's form, read: what it says of every line, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.figures import read_quantity

_DECISIONS = ("accepted", "changed", "refused")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and at which field of the form."""

    field: str
    text: str


def read(typed: Mapping[str, str]) -> dict[str, object] | list[Problem]:
    """The answer as supplier-gateway takes it; problems where the form cannot be read.

    Fields: `decision-<line>`, `quantity-<line>`, `price-<line>`, `date-<line>`. A line without a
    decision stays open.
    """
    lines: list[dict[str, object]] = []
    problems: list[Problem] = []
    for number in _numbers(typed, "decision-"):
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
    problems = []
    for name, key in (("quantity", "quantity"), ("price", "unit_price_net")):
        text = typed.get(f"{name}-{number}", "")
        if text and changed:
            value = read_quantity(text)
            if value is None:
                problems.append(Problem(f"{name}-{number}", "Bitte geben Sie eine Zahl an."))
            else:
                line[key] = str(value)
    promised = typed.get(f"date-{number}", "")
    if promised:
        if _day(promised) is None:
            problems.append(Problem(f"date-{number}", "Bitte geben Sie einen Tag an."))
        line["promised_date"] = promised
    return problems


def read_despatch(typed: Mapping[str, str]) -> dict[str, object] | list[Problem]:
    """Goods sent off: `despatched_on`, and `sent-<line>` for what went; problems else."""
    problems = []
    if _day(typed.get("despatched_on", "")) is None:
        problems.append(Problem("despatched_on", "Bitte geben Sie den Versandtag an."))
    lines: list[dict[str, object]] = []
    for number in _numbers(typed, "sent-"):
        text = typed[f"sent-{number}"]
        if text and text.strip("0,.") == "":
            continue
        value = read_quantity(text) if text else None
        if text and value is None:
            problems.append(Problem(f"sent-{number}", "Bitte geben Sie eine Zahl an."))
        elif value is not None:
            lines.append({"line_no": number, "quantity": str(value)})
    if not lines and not problems:
        problems.append(Problem("despatch", "Bitte geben Sie mindestens eine Menge an."))
    return problems or {"despatched_on": typed["despatched_on"], "lines": lines}


def _numbers(typed: Mapping[str, str], prefix: str) -> list[int]:
    ends = (name.removeprefix(prefix) for name in typed if name.startswith(prefix))
    return sorted(int(end) for end in ends if end.isdigit())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
