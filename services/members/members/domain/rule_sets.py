"""A member's rules of awarding: data with sources and dates, adopted as a whole per version."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.rule_sets import (
    ApprovalStep,
    AwardRule,
    RuleSetAdopted,
    RuleSetWithdrawn,
)
from marktbund.errors import Conflict, Invalid, NotFound

_STEPS = ("direct", "compare", "request")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What holds for a member; exactly one per member."""

    rule_set_id: UUID
    member_id: UUID
    rules: tuple[AwardRule, ...]
    approval_steps: tuple[ApprovalStep, ...]
    status: Literal["active", "withdrawn"] = "active"
    version: int = 0

    def adopt(
        self,
        rules: Sequence[AwardRule],
        approval_steps: Sequence[ApprovalStep],
        by: UUID,
        preset: str = "",
    ) -> tuple[Self, list[Message]]:
        """Replace all rules. Raises Invalid naming the rule: `limits_not_ascending`,
        `validity_empty`, `instruction_binds`, `limits_of_advice`.
        """
        for position, rule in enumerate(rules):
            _check(rule, f"rules[{position}]")
        adopted = replace(
            self,
            rules=tuple(rules),
            approval_steps=tuple(approval_steps),
            status="active",
            version=self.version + 1,
        )
        event = RuleSetAdopted(
            version=adopted.version,
            rule_set_id=self.rule_set_id,
            member_id=self.member_id,
            rules=adopted.rules,
            approval_steps=adopted.approval_steps,
            preset=preset,
            adopted_by=by,
        )
        return adopted, [event]

    def withdraw(self, by: UUID) -> tuple[Self, list[Message]]:
        """Let no rules hold any more. Raises Conflict (`rule_set_withdrawn`)."""
        if self.status == "withdrawn":
            raise Conflict("rule_set_withdrawn", "Diese Vergaberegeln gelten nicht mehr")
        withdrawn = replace(self, status="withdrawn", version=self.version + 1)
        event = RuleSetWithdrawn(
            version=withdrawn.version,
            rule_set_id=self.rule_set_id,
            member_id=self.member_id,
            withdrawn_by=by,
        )
        return withdrawn, [event]


def require_rule_set(rule_set: RuleSet | None) -> RuleSet:
    """The rules that were looked for. Raises NotFound (`rule_set_unknown`)."""
    if rule_set is None:
        raise NotFound("rule_set_unknown", "Dieses Mitglied hat keine Vergaberegeln")
    return rule_set


def _check(rule: AwardRule, field: str) -> None:
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise Invalid("validity_empty", "Die Regel gilt an keinem Tag", field=f"{field}.valid_to")
    if rule.source_kind == "instruction" and rule.binding:
        raise Invalid(
            "instruction_binds",
            "Eine Dienstanweisung bindet den Weg nicht",
            "Sie steuert nur Zuständigkeit und Genehmigung.",
            field=f"{field}.binding",
        )
    steps = [(limit.up_to_net, _STEPS.index(limit.route)) for limit in rule.limits]
    for before, after in itertools.pairwise(steps):
        if after[0] <= before[0] or after[1] <= before[1]:
            raise Invalid(
                "limits_not_ascending",
                "Wertgrenzen müssen aufsteigen",
                "Jede Grenze ist höher und verlangt mehr als die vorige.",
                field=f"{field}.limits",
            )
    if rule.limits and rule.recommend_request_above_net is not None:
        raise Invalid(
            "limits_of_advice",
            "Eine Regel mit Wertgrenzen empfiehlt nicht",
            field=f"{field}.recommend_request_above_net",
        )
