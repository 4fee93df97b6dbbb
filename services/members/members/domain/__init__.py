"""The rules: member bodies, units, accounts, rule sets. Pure; time and ids are passed in."""

from members.domain.bodies import Member, Unit
from members.domain.people import COOPERATIVE_ROLES, Person
from members.domain.presets import PRESETS, preset_rules
from members.domain.rule_sets import RuleSet

__all__ = ["COOPERATIVE_ROLES", "PRESETS", "Member", "Person", "RuleSet", "Unit", "preset_rules"]
