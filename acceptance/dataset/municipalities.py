"""The municipalities of North Rhine-Westphalia and Hesse, and the demo's members among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from acceptance.dataset.datafiles import rows

AS_OF = "2019-12-31"
SOURCE = "Statistisches Bundesamt, Gemeindeverzeichnis"

STATES = {"05": "NW", "06": "HE"}
ROLES = ("requester", "approver", "award_office", "auditor")


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality: official key (AGS, eight digits), German name and kind, state, people.

    `state` is the ISO 3166-2:DE code (NW, HE); `population` counts residents on 2019-12-31.
    """

    ags: str
    name: str
    kind: str
    state: str
    population: int


@dataclass(frozen=True, slots=True)
class DemoMember:
    """A municipality that is a member of the demo cooperative."""

    municipality: Municipality

    @property
    def key(self) -> str:
        """Stable key of the member in the demo data, made of its official key."""
        return f"gemeinde-{self.municipality.ags}"

    @property
    def legal_name(self) -> str:
        """Name as it stands in the member list, such as 'Stadt Goch' or 'Gemeinde Issum'."""
        kind = self.municipality.kind.removeprefix("kreisfreie ")
        return f"{kind} {self.municipality.name}"

    def account(self, role: str) -> str:
        """Opaque subject of the member's demo account for a role; no person stands behind it.

        Raises ValueError for a role that is not one of ROLES.
        """
        if role not in ROLES:
            raise ValueError(f"no demo account for role {role!r}")
        return f"demo-{role.replace('_', '-')}-{self.municipality.ags}"


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All 396 municipalities of North Rhine-Westphalia and 422 of Hesse, by official key."""
    return tuple(
        Municipality(
            row["ags"], row["name"], row["kind"], STATES[row["land"]], int(row["population"])
        )
        for row in rows("municipalities.csv")
    )


def demo_members(count: int = 40) -> list[DemoMember]:
    """A fixed choice of members, largest first: three fifths from NW, two fifths from HE.

    A quarter of each state's share are its largest cities, the rest is spread evenly over the
    ranking by population, so small municipalities are there too. The same count always gives the
    same members. Raises ValueError unless 1 <= count <= 600, where Hesse's share is still covered.
    """
    if not 1 <= count <= 600:
        raise ValueError(f"count must be between 1 and 600, not {count}")
    share = {"HE": count * 2 // 5}
    share["NW"] = count - share["HE"]
    chosen: list[Municipality] = []
    for state, wanted in share.items():
        ranked = _by_size([town for town in municipalities() if town.state == state])
        chosen += _spread(ranked, wanted)
    return [DemoMember(town) for town in _by_size(chosen)]


def _by_size(chosen: Sequence[Municipality]) -> list[Municipality]:
    return sorted(chosen, key=lambda town: (-town.population, town.ags))


def _spread(ranked: Sequence[Municipality], wanted: int) -> list[Municipality]:
    largest = (wanted + 3) // 4
    rest, others = ranked[largest:], wanted - largest
    evenly = [rest[(2 * i + 1) * len(rest) // (2 * others)] for i in range(others)]
    return [*ranked[:largest], *evenly]
