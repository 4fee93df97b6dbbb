"""Somebody new at a member, as its administration typed it: an address and roles."""

from collections.abc import Mapping

from portal.clients.bodies import ColleagueBody
from portal.domain.problems import Problem

AT_MEMBER = (
    *("requester", "approver", "award_office", "finance"),
    *("receiver", "expert", "auditor", "member_admin"),
)
"""Roles that a member's administration gives, in the order they are offered."""
FOUR_EYES = frozenset({"approver", "award_office", "finance", "member_admin"})
"""Those of them that wait for a second person."""
_ROLE = "role-"


def ticked(typed: Mapping[str, str]) -> list[str]:
    """The roles chosen, in the order they are offered."""
    return [role for role in AT_MEMBER if typed.get(_ROLE + role)]


def read(typed: Mapping[str, str]) -> ColleagueBody | list[Problem]:
    """The person as members takes it; problems where something is missing."""
    problems = []
    if not typed.get("email"):
        problems.append(Problem("email", "Bitte geben Sie die E-Mail-Adresse der Person an."))
    if not ticked(typed):
        problems.append(Problem("roles", "Bitte wählen Sie mindestens eine Rolle."))
    return problems or ColleagueBody(email=typed.get("email", ""), roles=tuple(ticked(typed)))
