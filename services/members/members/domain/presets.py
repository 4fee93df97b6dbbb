"""Rule sets to start from, as data with source and date. Amounts: net EUR.

Engineering defaults drawn from sources, not legal advice; a member adopts one knowingly.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from marktbund.contracts.rule_sets import (
    Advice,
    AwardRule,
    ContractKind,
    RouteLimit,
)
from marktbund.errors import NotFound

_GOODS: tuple[ContractKind, ...] = ("supply", "service", "freelance", "social")

_HESSE_2021 = AwardRule(
    contract_kinds=("supply", "service"),
    limits=(RouteLimit(route="direct", up_to_net=Decimal(10_000)),),
    window_months=12,
    binding=True,
    source="HVTG 2021",
    source_kind="statute",
    valid_from=date(2021, 9, 1),
    advice=(
        Advice(
            above_net=Decimal(10_000),
            text="Verhandlungsvergabe mit mindestens 3 Angeboten (HVTG 2021).",
        ),
    ),
)
"""A reform is announced and was not found in force: these values stay until it is adopted."""

_NRW_NONE = AwardRule(
    contract_kinds=_GOODS,
    recommend_request_above_net=Decimal(25_000),
    binding=False,
    source="§ 75a Abs. 1 GO NRW, keine Satzung",
    source_kind="statute",
    valid_from=date(2026, 1, 1),
    advice=(
        Advice(
            above_net=Decimal(25_000),
            text="Vertragsklauseln nach TVgG NRW aufnehmen.",
        ),
    ),
)
"""No limit is set in NRW unless a Satzung sets one; 25,000 is only where TVgG clauses begin."""

_BYLAW_EXAMPLE = AwardRule(
    contract_kinds=_GOODS,
    limits=(
        RouteLimit(route="direct", up_to_net=Decimal(5_000)),
        RouteLimit(route="compare", up_to_net=Decimal(25_000), offers_received=3),
        RouteLimit(route="request", up_to_net=Decimal(100_000), offers_asked=3, offers_received=1),
    ),
    window_months=12,
    binding=True,
    source="Beispielsatzung",
    source_kind="bylaw",
    valid_from=date(2026, 1, 1),
)
"""Not a model Satzung: none with values was published. To show how one is written down."""

PRESETS: Mapping[str, tuple[AwardRule, ...]] = {
    "hesse-2021": (_HESSE_2021,),
    "nrw-none": (_NRW_NONE,),
    "bylaw-example": (_BYLAW_EXAMPLE,),
}
"""Name -> rules; approval steps are each house's own."""


def preset_rules(name: str) -> tuple[AwardRule, ...]:
    """A preset's rules. Raises NotFound (`preset_unknown`)."""
    rules = PRESETS.get(name)
    if rules is None:
        known = ", ".join(f"{PRESETS[code][0].source} ({code})" for code in sorted(PRESETS))
        raise NotFound(
            "preset_unknown", "Diese Vorlage gibt es nicht", f"Es gibt: {known}.", field="preset"
        )
    return rules
