"""What changed between two shapes of the contracts, and whether others can live with it.

In: released and current shapes. Out: changes, each with its verdict. Why these verdicts:
docs/decisions/0011-released-contracts.md
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from deploy.contracts.shapes import Shape

_UNORDERED = ("pattern", "multiple_of")
_Bound = tuple[Decimal, bool]


class Compatibility(StrEnum):
    """breaking: what was promised is taken back. readers first: readers of the release park it.

    additive: readers of the release do not notice.
    """

    BREAKING = "breaking"
    READERS_FIRST = "readers first"
    ADDITIVE = "additive"


@dataclass(frozen=True, slots=True)
class ContractChange:
    """One difference; `path` is a topic, a type or a field of a type."""

    verdict: Compatibility
    path: str
    what: str


def compare(released: Shape, current: Shape) -> list[ContractChange]:
    """Every difference of `current` from `released`, the worst first."""
    topics = set(released["topics"])
    now = set(current["topics"])
    changes = [
        ContractChange(Compatibility.BREAKING, name, "topic removed") for name in topics - now
    ]
    changes += [
        ContractChange(Compatibility.ADDITIVE, name, "topic added") for name in now - topics
    ]
    for name, old in released["types"].items():
        new = current["types"].get(name)
        if new is None:
            changes.append(ContractChange(Compatibility.BREAKING, name, "type removed"))
        else:
            changes += _type(name, old, new)
    for name, new in current["types"].items():
        if name not in released["types"]:
            # On a topic that is heard already, the release's readers do not know the type.
            heard = new["topic"] in topics
            verdict = Compatibility.READERS_FIRST if heard else Compatibility.ADDITIVE
            changes.append(ContractChange(verdict, name, "type added"))
    return sorted(
        changes, key=lambda change: (list(Compatibility).index(change.verdict), change.path)
    )


def _type(name: str, old: Shape, new: Shape) -> Iterator[ContractChange]:
    for part in ("topic", "key"):
        if old[part] != new[part]:
            what = f"{part} {old[part]} became {new[part]}"
            yield ContractChange(Compatibility.BREAKING, name, what)
    yield from _value(name, old, new)


def _value(path: str, old: Shape, new: Shape) -> Iterator[ContractChange]:
    if old["type"] != new["type"]:
        yield ContractChange(
            Compatibility.BREAKING, path, f"type {old['type']} became {new['type']}"
        )
        return
    for verdict, what in (*_presence(old, new), *_values(old, new), *_limits(old, new)):
        yield ContractChange(verdict, path, what)
    if old["type"] == "list":
        yield from _value(f"{path}[]", old["items"], new["items"])
    if old["type"] == "object":
        yield from _fields(path, old["fields"], new["fields"])


def _fields(path: str, old: Shape, new: Shape) -> Iterator[ContractChange]:
    for name, field in old.items():
        if name in new:
            yield from _value(f"{path}.{name}", field, new[name])
        else:
            yield ContractChange(Compatibility.BREAKING, f"{path}.{name}", "field removed")
    for name, field in new.items():
        if name not in old:
            needed = field.get("required", False)
            verdict = Compatibility.BREAKING if needed else Compatibility.ADDITIVE
            what = "required field added" if needed else "optional field added"
            yield ContractChange(verdict, f"{path}.{name}", what)


def _presence(old: Shape, new: Shape) -> Iterator[tuple[Compatibility, str]]:
    if old.get("nullable") and not new.get("nullable"):
        yield Compatibility.BREAKING, "null refused"
    if new.get("nullable") and not old.get("nullable"):
        yield Compatibility.READERS_FIRST, "null allowed"
    if "default" in old and "required" in new:
        yield Compatibility.BREAKING, "default removed"
    if "required" in old and "default" in new:
        yield Compatibility.READERS_FIRST, "optional now"
    if "default" in old and "default" in new and old["default"] != new["default"]:
        yield Compatibility.BREAKING, f"default {old['default']!r} became {new['default']!r}"


def _values(old: Shape, new: Shape) -> Iterator[tuple[Compatibility, str]]:
    before, after = set(old.get("values", ())), set(new.get("values", ()))
    if before - after:
        yield Compatibility.BREAKING, f"values removed: {', '.join(sorted(before - after))}"
    if after - before:
        yield Compatibility.READERS_FIRST, f"values added: {', '.join(sorted(after - before))}"


def _limits(old: Shape, new: Shape) -> Iterator[tuple[Compatibility, str]]:
    before, after = _bounds(old.get("limits", {})), _bounds(new.get("limits", {}))
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if now is not None and (was is None or now > was):
            yield Compatibility.BREAKING, f"{name} tightened"
        elif now != was:
            yield Compatibility.READERS_FIRST, f"{name} loosened"
    was_rules, rules = _rules(old), _rules(new)
    if rules - was_rules:
        yield Compatibility.BREAKING, f"checks added: {', '.join(sorted(rules - was_rules))}"
    elif was_rules - rules:
        yield Compatibility.READERS_FIRST, f"checks removed: {', '.join(sorted(was_rules - rules))}"


def _bounds(limits: Shape) -> Mapping[str, _Bound]:
    """Each bound as a pair that is greater the tighter it is; the second part: exclusive."""
    by_name: dict[str, list[_Bound]] = {}

    def note(name: str, value: Decimal, *, exclusive: bool = False) -> None:
        by_name.setdefault(name, []).append((value, exclusive))

    for name, sign, bound, exclusive in (
        ("ge", 1, "lower bound", False),
        ("gt", 1, "lower bound", True),
        ("le", -1, "upper bound", False),
        ("lt", -1, "upper bound", True),
        ("min_length", 1, "shortest length", False),
        ("max_length", -1, "longest length", False),
        ("max_digits", -1, "digits", False),
        ("decimal_places", -1, "decimal places", False),
    ):
        if name in limits:
            note(bound, sign * Decimal(limits[name]), exclusive=exclusive)
    if {"max_digits", "decimal_places"} <= limits.keys():
        # More decimal places within the same digits leave fewer digits before the point.
        note("digits before the point", Decimal(limits["decimal_places"] - limits["max_digits"]))
    return {name: max(bounds) for name, bounds in by_name.items()}


def _rules(shape: Shape) -> set[str]:
    """Limits that have no order: a pattern, a step, a function; another one is a new one."""
    limits = shape.get("limits", {})
    rules = {f"{name} {limits[name]}" for name in _UNORDERED if name in limits}
    return rules | set(shape.get("checks", ()))
