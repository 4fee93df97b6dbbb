"""Reviewed corrections: what may stand on a source, and what leads in a circle."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from marktbund.contracts.tender_planning import CorrectionStatus
from marktbund.errors import Conflict, NotFound
from marktbund.ids import new_id
from tender_planning.domain.corrections import Correction, Review, correct, require_correction

AT = datetime(2026, 1, 20, tzinfo=UTC)
LATER = AT + timedelta(days=3)


def standing(
    source: str, to_group: str, status: CorrectionStatus = "active", version: int = 1
) -> Correction:
    return Correction(new_id(), source, to_group, "Geprüft", new_id(), AT, status, version)


def known(*corrections: Correction) -> Mapping[str, Correction]:
    return {correction.source: correction for correction in corrections}


def review(source: str, to_group: str) -> Review:
    return Review(source, to_group, "Dieselbe Ware", new_id(), LATER, new_id())


def test_a_first_word_on_a_source_is_its_first_version():
    word = review("a", "b")
    made, event = correct({}, word)
    assert (made.source, made.to_group, made.status, made.version) == ("a", "b", "active", 1)
    assert (made.correction_id, made.reviewed_by, made.reviewed_at) == (
        word.correction_id,
        word.by,
        LATER,
    )
    assert (event.version, event.key, event.reason) == (1, str(made.correction_id), word.reason)


def test_a_new_word_on_a_source_keeps_its_identity_and_counts_on():
    first = standing("a", "b", version=3)
    made, event = correct(known(first), review("a", "c"))
    assert (made.correction_id, made.version, event.version) == (first.correction_id, 4, 4)
    assert (made.to_group, event.to_group) == ("c", "c")


def test_a_withdrawn_source_may_be_corrected_again():
    withdrawn = standing("a", "b", "withdrawn", 2)
    made, _ = correct(known(withdrawn), review("a", "b"))
    assert (made.status, made.version) == ("active", 3)


def test_a_correction_may_lead_on():
    made, event = correct(known(standing("b", "c")), review("a", "b"))
    assert (made.to_group, event.to_group) == ("b", "b")


@pytest.mark.parametrize(
    "steps",
    [
        {},
        {"b": "a"},
        {"b": "c", "c": "a"},
        {"b": "c", "c": "d", "d": "e", "e": "a"},
    ],
)
def test_a_correction_never_leads_back_to_its_source(steps: Mapping[str, str]):
    wanted = review("a", "b" if steps else "a")
    others = known(*(standing(source, group) for source, group in steps.items()))
    with pytest.raises(Conflict) as refused:
        correct(others, wanted)
    assert (refused.value.code, refused.value.field) == ("correction_circle", "to_group")


def test_a_withdrawn_step_closes_no_circle():
    made, _ = correct(known(standing("b", "a", "withdrawn", 2)), review("a", "b"))
    assert made.status == "active"


def test_what_the_source_itself_said_before_closes_no_circle():
    made, _ = correct(known(standing("a", "c"), standing("c", "d")), review("a", "d"))
    assert made.to_group == "d"


def test_a_withdrawal_is_announced_with_its_own_reason_and_counts_on():
    by = new_id()
    first = standing("a", "b")
    after, event = first.withdraw("Verwechslung", by, LATER)
    assert (after.status, after.version, after.to_group) == ("withdrawn", 2, "b")
    assert (event.version, event.reason, event.reviewed_by) == (2, "Verwechslung", by)
    assert (after.reason, after.reviewed_by, after.reviewed_at) == ("Verwechslung", by, LATER)


def test_a_correction_is_withdrawn_once():
    after, _ = standing("a", "b").withdraw("Verwechslung", new_id(), LATER)
    with pytest.raises(Conflict, match="correction_withdrawn"):
        after.withdraw("Noch einmal", new_id(), LATER)


def test_an_unknown_correction_is_not_withdrawn():
    with pytest.raises(NotFound, match="correction_unknown"):
        require_correction(known(standing("a", "b")), new_id())


def test_a_correction_is_known_by_its_own_id_among_others():
    wanted = standing("b", "c")
    assert require_correction(known(standing("a", "b"), wanted), wanted.correction_id) == wanted
