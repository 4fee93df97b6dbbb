"""Rules of awarding: gather, decide, write."""

from uuid import UUID

from marktbund import statements
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from members.commands import AdoptRules
from members.domain import RuleSet, preset_rules
from members.domain.bodies import require_member
from members.domain.rule_sets import require_rule_set
from members.store import bodies, locks, rule_sets


async def adopt_rules(member_id: UUID, command: AdoptRules, by: UUID, uow: UnitOfWork) -> RuleSet:
    """Replace a member's rules. Raises NotFound (`member_unknown`, `preset_unknown`) and what
    RuleSet.adopt does.
    """
    await locks.hold(uow, locks.member(member_id))
    asked = bodies.asked_member(member_id), rule_sets.asked_rule_set(member_id)
    known = await statements.ask(uow.connection, *asked)

    member = require_member(bodies.MEMBER.validate_python(known.member))
    rules = preset_rules(command.preset) if command.preset else command.plain_rules
    before = rule_sets.RULE_SET.validate_python(known.rule_set)
    before = before or RuleSet(new_id(), member.member_id, (), ())
    rule_set, events = before.adopt(rules, command.approval_steps, by, command.preset)

    uow.announce(*events)
    await uow.write(rule_sets.saving_rule_set(rule_set))
    return rule_set


async def withdraw_rules(member_id: UUID, by: UUID, uow: UnitOfWork) -> RuleSet:
    """Let no rules hold for a member any more. Raises NotFound (`rule_set_unknown`), Conflict."""
    await locks.hold(uow, locks.member(member_id))
    known = await statements.ask(uow.connection, rule_sets.asked_rule_set(member_id))

    before = require_rule_set(rule_sets.RULE_SET.validate_python(known.rule_set))
    rule_set, events = before.withdraw(by)

    uow.announce(*events)
    await uow.write(rule_sets.saving_rule_set(rule_set))
    return rule_set
