"""The rules: member bodies, units, accounts, rule sets. Pure; time and ids are passed in."""

from members.domain.bodies import Member
from members.domain.granting import COOPERATIVE_ROLES
from members.domain.people import Person
from members.domain.presets import PRESETS, preset_rules
from members.domain.rule_sets import RuleSet
from members.domain.units import Unit

__all__ = ["COOPERATIVE_ROLES", "PRESETS", "Member", "Person", "RuleSet", "Unit", "preset_rules"]
