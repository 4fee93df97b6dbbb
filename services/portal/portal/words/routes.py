"""A purchase's route (Wertgrenzenprüfung) as people read it: the way, what it was held against."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.words.codes import word
from portal.words.figures import money

WAY: Mapping[str, str] = {
    "direct": "Direktauftrag",
    "compare": "Preisvergleich",
    "request": "Angebotseinholung",
    "hand_over": "Abgabe an die Vergabestelle",
    "use_agreement": "Rahmenvertrag nutzen",
    "refused": "so nicht möglich",
}
SOURCE: Mapping[str, str] = {
    "statute": "Gesetz oder Erlass",
    "bylaw": "Satzung",
    "instruction": "Dienstanweisung",
    "grant": "Zuwendungsbescheid",
}
OFFER: Mapping[str, str] = {
    "catalog": "Preis im Marktplatz",
    "external": "mitgebrachtes Angebot",
    "asked": "angefragt",
    "received": "Angebot eingegangen",
}
VERDICT: Mapping[str, str] = {
    "approve": "genehmigt",
    "refuse": "abgelehnt",
    "send_back": "zurückgegeben",
}
OCCASION: Mapping[str, str] = {
    "approval": "Bei der Genehmigung",
    "offers": "Beim Eintragen der Angebote",
    "release": "Bei der Freigabe durch die Vergabestelle",
}
RELEASE: Mapping[str, str] = {
    "fixed_price": "Preisbindung",
    "single_supplier": "nur ein Anbieter",
    "urgency": "Dringlichkeit",
    "no_comparable_offer": "kein vergleichbares Angebot",
    "other": "anderer Grund",
}
PROCEDURE: Mapping[str, str] = {
    "open": "öffentliche Ausschreibung, offenes Verfahren",
    "restricted": "beschränkte Ausschreibung, nicht offenes Verfahren",
    "negotiated": "Verhandlungsvergabe, Verhandlungsverfahren",
    "direct_urgent": "Vergabe bei Dringlichkeit",
    "other": "anderes Verfahren",
}
METHOD: Mapping[str, str] = {
    "sum_of_lines": "Summe der Positionen samt Nebenkosten",
    "stated": "eigene Schätzung des ganzen Bedarfs",
    "twelve_months": "Wert von zwölf Monaten",
    "forty_eight_months": "48-facher Monatswert",
}
WAY_OUT: Mapping[str, str] = {
    "use_agreement": "Bitte rufen Sie aus dem Rahmenvertrag ab.",
    "reason_missing": "Rufen Sie aus dem Rahmenvertrag ab, oder geben Sie einen Grund an.",
    "comparison_insufficient": "Wenden Sie sich an Ihre Vergabestelle; sie kann freigeben.",
}
TONE: Mapping[str, str] = {
    "direct": "success",
    "compare": "success",
    "use_agreement": "danger",
    "refused": "danger",
}


@dataclass(frozen=True, slots=True)
class Summed:
    """What was added up under a name: ordered before and with this order. Amounts: net EUR.

    last_order_id: the latest order that counted before; empty where there is none to show.
    """

    name: str
    before: Decimal
    ordered: Decimal
    last_order_id: str = ""

    @property
    def together(self) -> Decimal:
        """Both."""
        return self.before + self.ordered


@dataclass(frozen=True, slots=True)
class ReasonSentence:
    """A sentence of a decision around the order it is about; without one it is all `text`."""

    text: str
    order_id: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A decision of orders for a page. Amounts: net EUR. limit: in words, also that none is set.

    unfit: why the purchase does not go on as it is, by the code of orders; empty when it does.
    """

    way: str
    tone: str
    unfit: str
    reasons: tuple[ReasonSentence, ...]
    estimate: Decimal
    method: str
    sums: tuple[Summed, ...]
    ordered_before: Decimal
    decisive: Decimal
    limit_name: str
    limit: str
    binding: str
    source: str
    approval: str
    offers: str
    version: str
    agreements: tuple[Mapping[str, Any], ...]
    beside_agreement: bool
    beside_advice: bool

    @property
    def usable(self) -> list[Mapping[str, Any]]:
        """The agreements to call off from."""
        return [one for one in self.agreements if one["entitled"] and not one["exhausted"]]


def route_of(decision: Mapping[str, Any], order_id: str = "") -> Route:
    """A RouteDecision, read; order_id: the order it was made on, which is never its own last."""
    inputs = decision["inputs"]
    outcome, limit = decision["outcome"], decision["limit_net"]
    sums = _sums(inputs, order_id)
    agreements = {one["agreement_id"]: one for one in inputs["agreements"]}.values()
    usable = [one for one in agreements if one["entitled"] and not one["exhausted"]]
    return Route(
        way=word(WAY, outcome),
        tone=TONE.get(outcome, "warning"),
        unfit=decision["refusal"] or "",
        reasons=reasons_of(decision, order_id),
        estimate=Decimal(inputs["estimate"]["net"]),
        method=word(METHOD, inputs["estimate"]["method"]),
        sums=sums,
        ordered_before=max((one.before for one in sums), default=Decimal(0)),
        decisive=Decimal(decision["decisive_net"]),
        limit_name="Wertgrenze" if decision["binding"] or limit is None else "Empfohlene Grenze",
        limit=money(limit) if limit is not None else "keine gesetzt",
        binding=_binding(decision),
        source=_source(decision),
        approval=decision["approval_reason"],
        offers=_offers(decision),
        version=_version(decision),
        agreements=tuple(agreements),
        beside_agreement=any(one["binding"] == "open" for one in usable),
        beside_advice=outcome == "request" and not decision["binding"],
    )


def _sums(inputs: Mapping[str, Any], order_id: str) -> tuple[Summed, ...]:
    ordered = Decimal(inputs["ordered_net"])
    need = Summed("Derselbe Bedarf", Decimal(inputs["need_before_net"]), ordered)
    classes = (
        Summed(
            f"Gleichartige Leistungen, CPV-Klasse {one['cpv_class']}",
            Decimal(one["before_net"]),
            Decimal(one["ordered_net"]),
            _last_order(one, order_id),
        )
        for one in inputs["classes"]
    )
    return (need, *classes)


def _binding(decision: Mapping[str, Any]) -> str:
    return "ja, das ist vorgeschrieben" if decision["binding"] else "nein, das ist ein Hinweis"


def _source(decision: Mapping[str, Any]) -> str:
    kind = word(SOURCE, decision["source_kind"]) if decision["source_kind"] else ""
    parts: Sequence[str] = [part for part in (decision["source"], kind) if part]
    return ", ".join(dict.fromkeys(parts)) or "keine hinterlegt"


def _offers(decision: Mapping[str, Any]) -> str:
    asked, received = decision["offers_asked"], decision["offers_received"]
    if decision["outcome"] == "request":
        return f"{asked} anzufragen, {received} müssen eingehen"
    found = decision["inputs"]["offers"]
    return f"{found} gefunden, {received} nötig" if found is not None else ""


def _version(decision: Mapping[str, Any]) -> str:
    rules = decision["rule_set_version"]
    made = f"Auswertung {decision['evaluator']}"
    return f"Vergaberegeln Stand {rules}, {made}" if rules else f"ohne Vergaberegeln, {made}"


_LAST_ORDER = re.compile(r"(.*), zuletzt Bestellung ([0-9a-f-]{36})(.*)", re.DOTALL)
"""How evaluator 1 named the order in its sentence; such decisions stay on file."""


def reasons_of(decision: Mapping[str, Any], order_id: str = "") -> tuple[ReasonSentence, ...]:
    """Why it was decided so, each sentence with the order it is about: the latest that counted in
    the class it names. order_id: the order decided on.
    """
    classes = decision["inputs"]["classes"]
    return tuple(_reason(text, classes, order_id) for text in decision["reasons"])


def _reason(text: str, classes: Sequence[Mapping[str, Any]], order_id: str) -> ReasonSentence:
    named = _LAST_ORDER.fullmatch(text)
    if named:
        return ReasonSentence(f"{named[1]} (", named[2], f"){named[3]}")
    summed = [known for known in classes if f"(CPV-Klasse {known['cpv_class']})" in text]
    decisive = max(summed, key=lambda known: Decimal(known["before_net"]), default=None)
    last = _last_order(decisive, order_id) if decisive else ""
    return ReasonSentence(f"{text} ", last) if last else ReasonSentence(text)


def _last_order(summed: Mapping[str, Any], order_id: str) -> str:
    last = summed["last_order_id"] or ""
    return "" if last == order_id else last
