"""When Keycloak is asked again, and for whom it demands a second factor."""

from datetime import UTC, datetime, timedelta

import pytest

from members.domain.sign_ins import demands_second_factor, next_attempt
from services.members.tests.domain.cast import at

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PAUSES = [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 320), (8, 600), (9_999, 600)]
"""Attempts so far -> seconds until the next one: doubled, ten minutes at most, without an end."""


@pytest.mark.parametrize(("attempts", "seconds"), PAUSES)
def test_pauses_double_up_to_ten_minutes(attempts: int, seconds: int):
    assert next_attempt(attempts, NOW) == NOW + timedelta(seconds=seconds)


FACTORS = [
    ([], False),
    ([at("requester"), at("receiver"), at("expert"), at("auditor")], False),
    ([at("auditor", None)], True),
    ([at("requester"), at("finance")], True),
    ([at("board", None)], True),
]


@pytest.mark.parametrize(("grants", "demanded"), FACTORS)
def test_what_a_second_person_agreed_to_a_second_factor_guards(grants, demanded: bool):
    assert demands_second_factor("person", grants) is demanded
    assert demands_second_factor("machine", grants) is False
