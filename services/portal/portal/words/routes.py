"""A purchase's route (Wertgrenzenprüfung) as people read it: the way, what it was held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.routes import AgreementHint, ClassSum, RouteDecision, RouteInputs
from marktbund.contracts.words import METHOD, SOURCE, WAY
from portal.words.codes import ROUTE_TONE, word
from portal.words.figures import money


@dataclass(frozen=True, slots=True)
class Summed:
    """What was added up under a name: ordered before and with this order. Amounts: net EUR.

    last_order_id: the latest order that counted before; None where there is none to show.
    """

    name: str
    before: Decimal
    ordered: Decimal
    last_order_id: UUID | None = None

    @property
    def together(self) -> Decimal:
        """Both."""
        return self.before + self.ordered


@dataclass(frozen=True, slots=True)
class ReasonSentence:
    """A sentence of a decision around the order it is about; without one it is all `text`."""

    text: str
    order_id: UUID | None = None
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
    agreements: tuple[AgreementHint, ...]
    beside_agreement: bool
    beside_advice: bool


def route_of(decision: RouteDecision, order_id: UUID | None = None) -> Route:
    """A decision, read; order_id: the order it was made on, which is never its own last."""
    inputs, limit = decision.inputs, decision.limit_net
    sums = _sums(inputs, order_id)
    agreements = tuple({hint.agreement_id: hint for hint in inputs.agreements}.values())
    return Route(
        way=word(WAY, decision.outcome),
        tone=ROUTE_TONE.get(decision.outcome, "warning"),
        unfit=decision.refusal or "",
        reasons=reasons_of(decision, order_id),
        estimate=inputs.estimate.net,
        method=word(METHOD, inputs.estimate.method),
        sums=sums,
        ordered_before=max((summed.before for summed in sums), default=Decimal(0)),
        decisive=decision.decisive_net,
        limit_name="Wertgrenze" if decision.binding or limit is None else "Empfohlene Grenze",
        limit=money(limit) if limit is not None else "keine gesetzt",
        binding="ja, das ist vorgeschrieben" if decision.binding else "nein, das ist ein Hinweis",
        source=_source(decision),
        approval=decision.approval_reason,
        offers=_offers(decision),
        version=_version(decision),
        agreements=agreements,
        beside_agreement=any(
            hint.entitled and not hint.exhausted and hint.binding == "open" for hint in agreements
        ),
        beside_advice=decision.outcome == "request" and not decision.binding,
    )


def _sums(inputs: RouteInputs, order_id: UUID | None) -> tuple[Summed, ...]:
    need = Summed("Derselbe Bedarf", inputs.need_before_net, inputs.ordered_net)
    classes = (
        Summed(
            f"Gleichartige Leistungen, CPV-Klasse {counted.cpv_class}",
            counted.before_net,
            counted.ordered_net,
            _last_order(counted, order_id),
        )
        for counted in inputs.classes
    )
    return (need, *classes)


def _source(decision: RouteDecision) -> str:
    kind = word(SOURCE, decision.source_kind) if decision.source_kind else ""
    parts = [part for part in (decision.source, kind) if part]
    return ", ".join(dict.fromkeys(parts)) or "keine hinterlegt"


def _offers(decision: RouteDecision) -> str:
    if decision.outcome == "request":
        return offers_wanted(decision.offers_asked, decision.offers_received)
    compared = decision.inputs.offers
    return f"{compared} gefunden, {decision.offers_received} nötig" if compared is not None else ""


def offers_wanted(asked: int, received: int) -> str:
    """How many suppliers are to be asked, and how many offers have to come in."""
    must = "muss" if received == 1 else "müssen"
    return f"{asked} anzufragen, {received} {must} eingehen"


def _version(decision: RouteDecision) -> str:
    rules, made = decision.rule_set_version, f"Auswertung {decision.evaluator}"
    return f"Vergaberegeln Stand {rules}, {made}" if rules else f"ohne Vergaberegeln, {made}"


def reasons_of(decision: RouteDecision, order_id: UUID | None = None) -> tuple[ReasonSentence, ...]:
    """Why it was decided so, each sentence with the order it is about: the latest that counted in
    the class it names. order_id: the order decided on.
    """
    classes = decision.inputs.classes
    return tuple(_reason(text, classes, order_id) for text in decision.reasons)


def _reason(text: str, classes: Sequence[ClassSum], order_id: UUID | None) -> ReasonSentence:
    for counted in classes:
        # Evaluator 1 wrote the order's id into its sentence; such decisions stay on file.
        before, named, after = text.partition(f", zuletzt Bestellung {counted.last_order_id}")
        if named:
            return ReasonSentence(f"{before} (", counted.last_order_id, f"){after}")
    of_class = [counted for counted in classes if f"(CPV-Klasse {counted.cpv_class})" in text]
    decisive = max(of_class, key=lambda counted: counted.before_net, default=None)
    last = _last_order(decisive, order_id) if decisive else None
    return ReasonSentence(f"{text} ", last) if last else ReasonSentence(text)


def _last_order(counted: ClassSum, order_id: UUID | None) -> UUID | None:
    return None if counted.last_order_id == order_id else counted.last_order_id
