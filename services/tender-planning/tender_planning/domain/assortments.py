"""Which articles of a CPV class are a core assortment, and how well it would bear a tender.

Core are the comparable groups that at least CORE_MEMBERS members wanted in at least CORE_MONTHS
months of the window. Counted is what was bought freely; call-offs have their agreement already.

score = 100 x (0.30 members + 0.25 regularity + 0.20 value + 0.15 suppliers + 0.10 price spread)
            x every caution's factor

members: ln(m) / ln(20), where m is how many members of equal size would buy as concentratedly
(inverse Herfindahl index). regularity: months, weighted in the same way, of the window's months.
value: 1,000 EUR a year give 0, a million gives 1, by logarithm. suppliers: (s - 1) / 3, weighted
as members. price spread: width of the middle half of prices by their median, 30 % give 1.
Cautions tell a core assortment from what only looks like one; each is 1 where nothing is odd.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tender_planning.domain.cautions import Caution, warn
from tender_planning.domain.criteria import TENTH, Criterion, judge
from tender_planning.domain.evidence import ZERO, Evidence

CORE_MEMBERS = 3
CORE_MONTHS = 3
LARGEST_CORE = 200
"""Most groups of one assortment, by value: more is no core and no readable specification."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """How well a core assortment would bear a tender, 0 to 100, and why."""

    evidence: Evidence
    criteria: Sequence[Criterion]
    cautions: Sequence[Caution]
    score: Decimal


def assess_all(cores: Iterable[Evidence]) -> list[Assessment]:
    """The scores of all cores."""
    return [assess(evidence) for evidence in cores]


def assess(evidence: Evidence) -> Assessment:
    """The score of a core that has demand, with its reasons in German."""
    criteria, cautions = judge(evidence), warn(evidence)
    score = sum((criterion.points for criterion in criteria), ZERO)
    for caution in cautions:
        score *= caution.factor
    return Assessment(evidence, criteria, cautions, score.quantize(TENTH, ROUND_HALF_UP))
