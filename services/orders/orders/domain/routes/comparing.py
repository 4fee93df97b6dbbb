"""Two decisions about the same order, side by side."""

from marktbund.contracts.routes import RouteDecision

_FIELDS = ("outcome", "refusal", "binding", "decisive_net", "limit_net", "approval_required")


def differs(kept: RouteDecision, again: RouteDecision) -> bool:
    """Whether the way changed: its step, what asks for it, or whether that binds."""
    return (kept.outcome, kept.binding, kept.source) != (again.outcome, again.binding, again.source)


def differences(kept: RouteDecision, again: RouteDecision) -> tuple[str, ...]:
    """What a decision made again has otherwise, sums before outcomes; empty if it is the same."""
    found = []
    for before, now in zip(kept.inputs.classes, again.inputs.classes, strict=True):
        if before.before_net != now.before_net:
            found.append(f"{before.cpv_class}: {before.before_net}, neu {now.before_net}")
    if kept.inputs.need_before_net != again.inputs.need_before_net:
        found.append(f"need: {kept.inputs.need_before_net}, neu {again.inputs.need_before_net}")
    for name in _FIELDS:
        before, now = getattr(kept, name), getattr(again, name)
        if before != now:
            found.append(f"{name}: {before}, neu {now}")
    if kept.evaluator != again.evaluator:
        found.append(f"evaluator: {kept.evaluator}, neu {again.evaluator}")
    return tuple(found)
