"""Rule sets as rows."""

from uuid import UUID

from pydantic import TypeAdapter

from marktbund.jsons import dumps
from marktbund.statements import Clause
from members.domain import RuleSet

RULE_SET = TypeAdapter(RuleSet | None)
"""Reads what `asked_rule_set` answers."""

_OF_MEMBER = "(SELECT to_jsonb(r) FROM rule_set AS r WHERE r.member_id = :member_id)"
_SAVE = """
    INSERT INTO rule_set (rule_set_id, member_id, status, rules, approval_steps, version)
    VALUES (:rule_set_id, :member_id, :status, CAST(:rules AS jsonb),
            CAST(:approval_steps AS jsonb), :version)
    ON CONFLICT (rule_set_id) DO UPDATE
       SET status = excluded.status, rules = excluded.rules,
           approval_steps = excluded.approval_steps, version = excluded.version
"""


def asked_rule_set(member_id: UUID) -> Clause:
    """The question for a member's rules, None where there never were any."""
    return Clause("rule_set", _OF_MEMBER, {"member_id": member_id})


def saving_rule_set(rule_set: RuleSet) -> Clause:
    """The write that keeps a member's rules, new or changed; the member is held."""
    values = {
        "rule_set_id": rule_set.rule_set_id,
        "member_id": rule_set.member_id,
        "status": rule_set.status,
        "rules": dumps([rule.model_dump(mode="json") for rule in rule_set.rules]),
        "approval_steps": dumps([step.model_dump(mode="json") for step in rule_set.approval_steps]),
        "version": rule_set.version,
    }
    return Clause("saved_rule_set", _SAVE, values)
