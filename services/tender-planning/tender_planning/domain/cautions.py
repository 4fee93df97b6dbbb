"""What only looks like a core assortment: five cautions, each a factor with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from marktbund.contracts.tender_planning import CautionCode
from tender_planning.domain.evidence import ONE, WINDOW_MONTHS, ZERO, Evidence, MonthDemand
from tender_planning.domain.wording import month, percent

_HALF = Decimal("0.5")
_CRISIS_FROM = Decimal("0.4")
_FALLING_BELOW = Decimal("0.9")
_SINGLE_FROM = Decimal("0.8")
_SCATTERED_BELOW = Decimal("0.3")


@dataclass(frozen=True, slots=True)
class Caution:
    """Why a score is cut. factor: 0 to 1; text: the reason in words."""

    code: CautionCode
    factor: Decimal
    text: str


def warn(evidence: Evidence) -> list[Caution]:
    """The cautions that apply to a core; none where nothing is odd."""
    cautions = [check(evidence) for check in _CHECKS]
    return [caution for caution in cautions if caution is not None]


def _one_buyer(evidence: Evidence) -> Caution | None:
    # 50 % of one member cut nothing, 100 % everything.
    share = max(member.demand_net for member in evidence.members) / evidence.demand_net
    if share <= _HALF:
        return None
    text = f"Ein einziges Mitglied hat {percent(share)} des Bedarfs: wenig zu bündeln."
    return Caution("one_buyer", _cut(2 * (ONE - share)), text)


def _crisis(evidence: Evidence) -> Caution | None:
    # 40 % within two months cut nothing, 100 % everything.
    share = _strongest_two(evidence.months) / evidence.demand_net
    if share <= _CRISIS_FROM:
        return None
    text = (
        f"{percent(share)} des Bedarfs fallen in zwei Monate: eher ein Anlass als ein Dauerbedarf."
    )
    return Caution("crisis", _cut((ONE - share) / (ONE - _CRISIS_FROM)), text)


def _strongest_two(months: Sequence[MonthDemand]) -> Decimal:
    net_by_month = {
        demand.month.year * 12 + demand.month.month: demand.demand_net for demand in months
    }
    return max(net + net_by_month.get(number + 1, ZERO) for number, net in net_by_month.items())


def _falling(evidence: Evidence) -> Caution | None:
    if evidence.window.months < WINDOW_MONTHS:
        return None
    lately = sum((m.demand_net for m in evidence.months if m.month >= evidence.window.middle), ZERO)
    before = evidence.demand_net - lately
    if before <= 0 or lately / before >= _FALLING_BELOW:
        return None
    kept = lately / before
    text = (
        f"Seit {month(evidence.window.middle)} nur noch {percent(kept)} des Bedarfs im Jahr davor."
    )
    return Caution("falling", _cut(kept / _FALLING_BELOW), text)


def _single_supplier(evidence: Evidence) -> Caution | None:
    # 80 % of one supplier cut nothing, 100 % three fifths.
    share = max(seller.demand_net for seller in evidence.suppliers) / evidence.demand_net
    if share <= _SINGLE_FROM:
        return None
    text = f"Ein Lieferant hat {percent(share)} des Bedarfs: ob es Wettbewerb gibt, ist offen."
    return Caution("single_supplier", _cut(ONE - 3 * (share - _SINGLE_FROM)), text)


def _scattered(evidence: Evidence) -> Caution | None:
    # 30 % of the class in the core cut nothing, none three fifths.
    share = evidence.demand_net / max(evidence.class_net, evidence.demand_net)
    if share >= _SCATTERED_BELOW:
        return None
    text = (
        f"Nur {percent(share)} des Bedarfs der Klasse entfallen auf Artikel, die mehrere Mitglieder"
        " kaufen; der Rest ist verstreut."
    )
    return Caution("scattered", _cut(Decimal("0.4") + 2 * share), text)


def _cut(factor: Decimal) -> Decimal:
    return min(ONE, max(ZERO, factor)).quantize(Decimal("0.0001"))


_CHECKS = (_one_buyer, _crisis, _falling, _single_supplier, _scattered)
