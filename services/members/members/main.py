"""Puts members together. `python -m members.main` serves, `... bootstrap SUB` makes the first
office account.
"""

import asyncio
import sys

from marktbund.ahead import counted
from marktbund.composition import Service, run
from marktbund.contracts.members import MEMBER_EVENTS, PERSON_EVENTS, UNIT_EVENTS
from marktbund.contracts.rule_sets import RULE_SET_EVENTS
from marktbund.unit_of_work import Database, create_engine
from members import api, jobs, store
from members.settings import Settings

SERVICE = Service(
    name="members",
    title="Mitglieder",
    routers=[api.router],
    feeds=store.FEEDS,
    owns=(
        counted(MEMBER_EVENTS, "member", "member_id"),
        counted(UNIT_EVENTS, "unit", "unit_id"),
        counted(RULE_SET_EVENTS, "rule_set", "rule_set_id"),
        counted(PERSON_EVENTS, "person", "person_id"),
    ),
    keeps_people=False,
)


async def _bootstrap(settings: Settings, sub: str) -> None:
    engine = create_engine(settings.database_url, application="members-bootstrap")
    try:
        await jobs.bootstrap(Database(engine, "members"), sub)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    if sys.argv[1:2] == ["bootstrap"]:
        asyncio.run(_bootstrap(Settings(), sys.argv[2]))
    else:
        run(SERVICE, Settings())
