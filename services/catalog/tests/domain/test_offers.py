"""Words inside compounds."""

from catalog.domain.offers import word_endings


def test_every_ending_of_a_compound_can_be_found():
    endings = word_endings("Kopierpapier A4, 80 g").split()
    assert {"kopierpapier", "papier", "ier"} <= set(endings)
    assert "er" not in endings
    assert "a4" not in endings
