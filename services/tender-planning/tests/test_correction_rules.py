"""Corrections of comparable groups: they lead on, never back, and are taken back once."""

from datetime import UTC, datetime

import pytest

from marktbund.errors import Conflict
from marktbund.ids import new_id
from tender_planning.domain.corrections import Correction, correct


def correction(source: str, to_group: str) -> Correction:
    at = datetime(2026, 1, 20, tzinfo=UTC)
    return Correction(new_id(), source, to_group, "Geprüft", new_id(), at, "active", 1)


def test_a_correction_may_lead_on_but_never_back():
    made, event = correct(correction("a", "b"), {"b": "c"})
    assert (made.to_group, event.source, event.version) == ("b", "a", 1)
    for steps in ({"b": "a"}, {"b": "c", "c": "a"}):
        with pytest.raises(Conflict) as refused:
            correct(correction("a", "b"), steps)
        assert refused.value.code == "correction_circle"


def test_a_correction_is_taken_back_once():
    after, event = correction("a", "b").withdraw(
        "Doch nicht", new_id(), datetime(2026, 2, 1, tzinfo=UTC)
    )
    assert (after.status, event.version) == ("withdrawn", 2)
    with pytest.raises(Conflict):
        after.withdraw("Noch einmal", new_id(), datetime(2026, 2, 1, tzinfo=UTC))
