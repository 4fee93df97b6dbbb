"""What the planning page is asked for."""

import pytest

from portal.pages.forms.wanted import DemandQuestion, read_wanted


@pytest.mark.parametrize(
    ("typed", "wanted", "fields"),
    [
        ({}, DemandQuestion(), []),
        ({"von": "03/2026", "bis": "2026-11"}, DemandQuestion("2026-03", "2026-11"), []),
        ({"von": "2026-13", "teile": "articles"}, DemandQuestion(parts="articles"), ["von"]),
        ({"von": "2026-03", "bis": "02/2026", "teile": "x"}, DemandQuestion(), ["bis"]),
    ],
)
def test_months_are_read_or_told(typed: dict[str, str], wanted: DemandQuestion, fields: list[str]):
    read, problems = read_wanted(typed)
    assert (read, [problem.field for problem in problems]) == (wanted, fields)
