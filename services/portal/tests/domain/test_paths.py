"""Where people may be sent."""

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.paths import safe_target


@given(st.text())
def test_a_target_is_always_a_path_of_ours(asked: str):
    target = safe_target(asked)
    assert target == "/" or (
        target == asked and target[0] == "/" and target[1:2] not in {"/", "\\"}
    )
