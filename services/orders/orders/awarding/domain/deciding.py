"""The decision, and its reasons in German, for the requester's page and for the file.

Pure: the same inputs and rules give the same answer, years later too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from marktbund.contracts.routes import AgreementHint, RouteDecision, RouteInputs
from marktbund.contracts.rule_sets import AwardRule, RuleSetState
from marktbund.contracts.words import METHOD, WAY
from marktbund.german import euro_words
from orders.awarding.domain.limits import (
    STRICTNESS,
    Step,
    Verdict,
    applicable,
    approval_of,
    before_in,
    strictest,
    value_of,
    verdict,
)

EVALUATOR = 2
"""Version of these rules of evaluation; kept with every decision. 1 held every rule with a window
against the sums of the longest; its decisions are made again as they were: their sums know no
other.
"""


@dataclass(frozen=True, slots=True)
class _Way:
    """A route in the making: step, whether it binds, what asks for it, how many offers."""

    step: Step
    binding: bool
    reasons: tuple[str, ...]
    value_net: Decimal
    rule: AwardRule | None = None
    limit_net: Decimal | None = None
    offers_asked: int = 0
    offers_received: int = 0


def decide(
    inputs: RouteInputs, rule_set: RuleSetState | None, evaluator: int = EVALUATOR
) -> RouteDecision:
    """Contract first, then estimate, then sums, against the strictest rule that applies.

    inputs.offers None: not looked yet, so `compare` stands without being held against a number.
    evaluator: of the decision that is made again.
    """
    rules = applicable(rule_set, inputs.contract_kind, inputs.decided_on)
    needs = approval_of(inputs, rule_set, rules)
    made = _contract_first(inputs)
    if made is None:
        way = _granted(_way(inputs, rule_set, rules), inputs)
        made = _enough(_released(way, inputs), inputs)
    return made.model_copy(
        update={
            "evaluator": evaluator,
            "rule_set_id": rule_set.rule_set_id if rule_set else None,
            "rule_set_version": rule_set.version if rule_set else None,
            "approval_required": needs.required,
            "approval_reason": needs.reason,
            "tell_award_office": needs.tell_award_office,
            "reasons": (*made.reasons, *beside(inputs.agreements)),
        }
    )


def _contract_first(inputs: RouteInputs) -> RouteDecision | None:
    forced = must_use(inputs.agreements)
    if forced is not None:
        return RouteDecision(
            outcome="use_agreement",
            refusal="use_agreement",
            binding=True,
            reasons=(f"Rahmenvertrag {forced.number} nutzen: er ist ausschließlich vereinbart.",),
            source=f"Rahmenvertrag {forced.number}",
            decisive_net=inputs.ordered_net,
            agreement_id=forced.agreement_id,
            evaluator=EVALUATOR,
            inputs=inputs,
        )
    open_agreement = could_use(inputs.agreements)
    if open_agreement is None or inputs.reason_beside_agreement:
        return None
    return RouteDecision(
        outcome="refused",
        refusal="reason_missing",
        binding=False,
        reasons=(f"Neben Rahmenvertrag {open_agreement.number} ist ein Grund anzugeben.",),
        source=f"Rahmenvertrag {open_agreement.number}",
        decisive_net=inputs.ordered_net,
        agreement_id=open_agreement.agreement_id,
        evaluator=EVALUATOR,
        inputs=inputs,
    )


def _way(inputs: RouteInputs, rule_set: RuleSetState | None, rules: Sequence[AwardRule]) -> _Way:
    estimated = estimate_reason(inputs)
    value = value_of(inputs)
    if rule_set is None or rule_set.status != "active":
        reason = "Für dieses Mitglied sind keine Vergaberegeln hinterlegt."
        return _Way("direct", False, (estimated, reason), value)
    if inputs.contract_kind == "works":
        reason = "Bauleistungen führt der Marktplatz nicht: Abgabe an die Vergabestelle."
        return _Way("hand_over", False, (estimated, reason), value)
    verdicts = [verdict(rule, inputs) for rule in rules if rule.source_kind != "instruction"]
    if not verdicts:
        reason = "Für diese Vertragsart ist keine Regel hinterlegt: Abgabe an die Vergabestelle."
        return _Way("hand_over", False, (estimated, reason), value)
    return _of(strictest(verdicts), inputs, estimated)


def _of(verdict: Verdict, inputs: RouteInputs, estimated: str) -> _Way:
    summed = sum_reason(verdict, inputs)
    advice = [
        advised.text for advised in verdict.rule.advice if verdict.value_net > advised.above_net
    ]
    reasons = [estimated, *([summed] if summed else []), step_reason(verdict), *advice]
    return _Way(
        verdict.step,
        verdict.binding,
        tuple(reasons),
        verdict.value_net,
        verdict.rule,
        verdict.limit.up_to_net if verdict.limit else verdict.exceeded_net,
        verdict.limit.offers_asked if verdict.limit else 0,
        verdict.limit.offers_received if verdict.limit else 0,
    )


def _granted(way: _Way, inputs: RouteInputs) -> _Way:
    grant = inputs.grant
    if grant is None or STRICTNESS.index(way.step) > STRICTNESS.index("request"):
        return way
    reason = f"Zuwendung „{grant.title}“ verlangt {grant.offers_asked} Angebote; das bindet."
    return replace(
        way,
        step="request",
        binding=True,
        reasons=(*way.reasons, reason),
        offers_asked=max(way.offers_asked, grant.offers_asked),
    )


def _released(way: _Way, inputs: RouteInputs) -> _Way:
    if way.step not in {"compare", "request"}:
        return way
    if inputs.release is not None:
        reason = f"Freigabe der Vergabestelle: {inputs.release.reason}"
    elif inputs.reason_without_offers and not way.binding:
        reason = f"Der Empfehlung wird nicht gefolgt: {inputs.reason_without_offers}"
    else:
        return way
    return replace(way, step="direct", reasons=(*way.reasons, reason))


def _enough(way: _Way, inputs: RouteInputs) -> RouteDecision:
    offers = inputs.offers
    short = way.step == "compare" and offers is not None and offers < way.offers_received
    reasons = way.reasons
    if short:
        reasons += (f"Nur {offers} von {way.offers_received} vergleichbaren Angeboten gefunden.",)
    elif way.step == "request" and inputs.offers_obtained:
        reasons += ("Die Angebote sind eingeholt.",)
    granted = inputs.grant is not None and way.step == "request"
    return RouteDecision(
        outcome="refused" if short else way.step,
        refusal="comparison_insufficient" if short else None,
        binding=way.binding,
        reasons=reasons,
        source=_source(way, inputs, granted=granted),
        source_kind="grant" if granted else way.rule.source_kind if way.rule else None,
        decisive_net=way.value_net,
        limit_net=way.limit_net,
        offers_asked=way.offers_asked,
        offers_received=way.offers_received,
        evaluator=EVALUATOR,
        inputs=inputs,
    )


def _source(way: _Way, inputs: RouteInputs, *, granted: bool) -> str:
    if granted and inputs.grant is not None:
        return inputs.grant.title
    return way.rule.source if way.rule else ""


def must_use(agreements: Sequence[AgreementHint]) -> AgreementHint | None:
    """The agreement that stops the purchase: exclusive, entitled, with room left."""
    return next(
        (hint for hint in agreements if hint.binding == "exclusive" and _usable(hint)), None
    )


def could_use(agreements: Sequence[AgreementHint]) -> AgreementHint | None:
    """The open agreement a purchase beside it needs a reason for."""
    return next((hint for hint in agreements if hint.binding == "open" and _usable(hint)), None)


def beside(agreements: Sequence[AgreementHint]) -> list[str]:
    """A sentence per agreement that stops nothing; each agreement once."""
    known = {hint.agreement_id: hint for hint in agreements}.values()
    return [_hint_words(hint) for hint in known]


def _usable(hint: AgreementHint) -> bool:
    return hint.entitled and not hint.exhausted


def _hint_words(hint: AgreementHint) -> str:
    if not hint.entitled:
        return f"Rahmenvertrag {hint.number}: dieses Mitglied ist nicht abrufberechtigt."
    if hint.exhausted:
        return f"Rahmenvertrag {hint.number}: die Höchstmenge ist ausgeschöpft."
    return f"Rahmenvertrag {hint.number} führt vergleichbare Artikel; ein Abruf ist möglich."


_BASES = {"twelve_months": ", § 3 Abs. 10 VgV", "forty_eight_months": ", § 3 Abs. 11 VgV"}
"""Method of an estimate -> the rule that prescribes it."""


def estimate_reason(inputs: RouteInputs) -> str:
    """What the need was estimated at, and how."""
    method = inputs.estimate.method
    basis = _BASES.get(method, "")
    return f"Schätzwert {euro_words(inputs.estimate.net)} netto ({METHOD[method]}{basis})."


def sum_reason(verdict: Verdict, inputs: RouteInputs) -> str | None:
    """What was added up, where that decides; None where the estimate does."""
    if verdict.value_net <= inputs.estimate.net:
        return None
    if verdict.value_net == inputs.need_before_net + inputs.ordered_net:
        return (
            f"Für denselben Bedarf sind {euro_words(inputs.need_before_net)} beauftragt; "
            f"mit dieser Bestellung {euro_words(verdict.value_net)}."
        )
    months = verdict.rule.window_months
    if months is None:
        raise LookupError("only a rule with a window adds classes up")
    decisive = max(
        inputs.classes, key=lambda bought: before_in(bought, months) + bought.ordered_net
    )
    return (
        f"In {months} Monaten sind gleichartige Leistungen (CPV-Klasse {decisive.cpv_class}) für "
        f"{euro_words(before_in(decisive, months))} beauftragt; "
        f"mit dieser Bestellung {euro_words(verdict.value_net)}."
    )


def step_reason(verdict: Verdict) -> str:
    """Why this step: never "überschritten" where no limit is set or the rule does not bind."""
    source = verdict.rule.source
    if not verdict.rule.limits:
        if verdict.step == "direct":
            return f"Es ist keine Wertgrenze gesetzt ({source}). Der Preis wird geprüft."
        return (
            f"Es ist keine Wertgrenze gesetzt ({source}). Über {_exceeded(verdict)} wird "
            "eine Angebotseinholung empfohlen; vorgeschrieben ist sie nicht."
        )
    if verdict.limit is not None:
        return f"Bis {euro_words(verdict.limit.up_to_net)}: {WAY[verdict.step]} ({source})."
    limit = "Wertgrenze" if verdict.binding else "Empfohlene Grenze"
    return f"{limit} von {_exceeded(verdict)} überschritten ({source}): {WAY[verdict.step]}."


def _exceeded(verdict: Verdict) -> str:
    return euro_words(verdict.exceeded_net or Decimal(0))
