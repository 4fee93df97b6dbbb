"""Which rows of the list the tests of a run called: with success, and with a refusal.

In: rows and the recorded calls of passed tests. Out: each row with a test for both, or None.
Two kinds of call count for nothing: drawn requests, which look for faults and are others under
another seed, and what was sent to the sign-in, which is neither the page nor a refusal with a code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from marktbund.testing.calls import RecordedCall
from tests.doors.listing import Door

DRAWN = "tests/doors/"
SIGN_IN = "/anmeldung"


@dataclass
class Row:
    """A door and the first tests that called it. An option is asked for success alone: how it is
    refused is its type's affair.
    """

    door: Door
    success: str | None = None
    refusal: str | None = None

    @property
    def gaps(self) -> list[str]:
        """What no test shows."""
        lacking = [] if self.success else ["success"]
        return lacking if self.refusal or self.door.option else [*lacking, "refusal"]


@dataclass
class _Index:
    rows: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    """Method and path of a request, once looked up -> rows it leads to."""


def judged(doors: Iterable[Door], calls: Iterable[RecordedCall]) -> list[Row]:
    """Every door with the tests that called it."""
    rows = [Row(door) for door in doors]
    index = _Index()
    counted = (c for c in calls if not c.test.startswith(DRAWN) and c.to != SIGN_IN)
    for call in sorted(counted, key=lambda call: call.test):
        for row in _led_to(rows, call, index):
            _mark(row, call)
    return rows


def only_refused(drawn: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """Operations of which every drawn request was refused -> how often by which status.

    drawn: operation -> status -> requests, as the run wrote them down.
    """
    return {
        name: ", ".join(f"{times} x {status}" for status, times in answers.items())
        for name, answers in drawn.items()
        if all(400 <= int(status) < 500 for status in answers)
    }


def _led_to(rows: list[Row], call: RecordedCall, index: _Index) -> list[Row]:
    key = (call.method, call.path)
    if key not in index.rows:
        fitting = [r for r in rows if r.door.method == call.method and r.door.fits(call.path)]
        fewest = min((r.door.path.count("{") for r in fitting), default=0)
        # "/orders/mine" leads to itself, not to "/orders/{order_id}".
        index.rows[key] = [r for r in fitting if r.door.path.count("{") == fewest]
    return index.rows[key]


def _mark(row: Row, call: RecordedCall) -> None:
    door = row.door
    options = dict(call.options)
    used = not door.option or (
        door.option in options and (not door.value or options[door.option] == door.value)
    )
    if used and call.status < 400:
        row.success = row.success or call.test
    if used and 400 <= call.status < 500:
        row.refusal = row.refusal or call.test
