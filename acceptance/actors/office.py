"""What the cooperative's office does for a replay under rules: rule sets, framework agreements.

In: what is to hold. Out: rule sets in force at every member, agreements in force, by id.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from acceptance.actors.buying import Market
from acceptance.actors.client import DemoClient
from acceptance.actors.frameworks import Framework
from acceptance.actors.frameworks import body as terms
from acceptance.actors.readings import DraftedAgreementReading
from acceptance.actors.rulebook import Rulebook
from acceptance.actors.seeding import NOT_YET_HEARD
from acceptance.dataset.plans import OFFICE, SECOND_OFFICE, Plan
from marktbund.clock import BERLIN


async def adopt_rules(
    client: DemoClient, plan: Plan, rules: Rulebook, market: Market, at: datetime
) -> None:
    """Give every member its rules. Raises ProblemError and UnreachableError."""
    for member in plan.members:
        path = f"/members/{market.members[member.name]}/rule-set"
        body = rules.rule_set(member.name)
        await client.send(OFFICE, "members", path, body, method="PUT", at=at)


async def conclude(
    client: DemoClient, frameworks: Sequence[Framework], market: Market, since: date
) -> Mapping[str, Framework]:
    """Enter and confirm each agreement on its first day; it is in force then.

    Two people of the office, as the product demands. Raises ProblemError and UnreachableError.
    """
    at = datetime.combine(since, time(7), BERLIN)
    concluded = {}
    members = list(market.members.values())
    for framework in frameworks:
        supplier_id = market.suppliers[framework.vendor]
        entered = terms(framework, market.offers, supplier_id, members, since)
        content = await client.send(OFFICE, "orders", "/agreements", entered, at=at)
        agreement_id = DraftedAgreementReading.model_validate_json(content).agreement_id
        path = f"/agreements/{agreement_id}/confirmation"
        await client.send(SECOND_OFFICE, "orders", path, None, at=at, awaiting=NOT_YET_HEARD)
        concluded[agreement_id] = framework
    return concluded
