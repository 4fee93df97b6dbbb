"""The list of types with release and flag is whole: what no release has is in it, with a flag."""

from collections.abc import Mapping

import pytest

from deploy.contracts import releases
from marktbund.contracts import MESSAGES
from marktbund.contracts.introduced import INTRODUCED, Introduced

BEFORE_FLAGS = "0.2.0"
"""The release whose types were announced before there were flags."""
NEW = Introduced("0.3.0", "placing")
RELEASED = {release["version"]: set(release["types"]) for release in releases.released()}


def faults(
    introduced: Mapping[str, Introduced], released: Mapping[str, set[str]], known: set[str]
) -> list[str]:
    """What is wrong with the list, a sentence each."""
    in_releases = set[str]().union(*released.values())
    broken = [
        f"{kind}: no release has it, and it is not in the list"
        for kind in known - in_releases - introduced.keys()
    ]
    broken += [f"{kind}: in the list, and no type" for kind in introduced.keys() - known]
    for kind, entry in introduced.items():
        first = next((version for version, types in released.items() if kind in types), None)
        if first is not None and first != entry.since:
            broken.append(f"{kind}: since {entry.since}, and {first} has it first")
        if first is None and entry.flag is None and entry.since != BEFORE_FLAGS:
            broken.append(f"{kind}: no release has it yet, and it has no flag")
    return sorted(broken)


def test_the_list_of_types_is_whole():
    assert faults(INTRODUCED, RELEASED, set(MESSAGES)) == []


@pytest.mark.parametrize(
    ("introduced", "released", "fault"),
    [
        ({}, {"0.1.0": set()}, "a: no release has it, and it is not in the list"),
        ({"a": Introduced("0.3.0")}, {}, "a: no release has it yet, and it has no flag"),
        (
            {"a": Introduced("0.3.0", "f")},
            {"0.1.0": {"a"}},
            "a: since 0.3.0, and 0.1.0 has it first",
        ),
        (
            {"a": Introduced("0.3.0", "f"), "b": Introduced("0.2.0")},
            {},
            "b: in the list, and no type",
        ),
    ],
)
def test_a_list_with_a_fault_is_noticed(
    introduced: dict[str, Introduced], released: dict[str, set[str]], fault: str
):
    assert faults(introduced, released, {"a"}) == [fault]


def test_a_flag_is_taken_off_once_a_release_has_the_type():
    introduced = {"a": Introduced("0.3.0")}
    assert faults(introduced, {"0.2.0": set(), "0.3.0": {"a"}}, {"a"}) == []
