"""Puts tender-planning together. `python -m tender_planning.main` serves, `... recount` compares
the live demand with its order lines, prints JSON and ends with 1 if they differ, `... propose`
assesses the demand at once and prints how many proposals changed.
"""

import asyncio
import sys
from datetime import timedelta

from marktbund.ahead import counted
from marktbund.composition import Job, Service, run
from marktbund.contracts.members import MEMBER_STATE, PERSON_STATE
from marktbund.contracts.orders import SUPPLIER_ORDER_EVENTS
from marktbund.contracts.supplier_gateway import SUPPLIER_STATE
from marktbund.contracts.tender_planning import GROUP_EVENTS, PROPOSAL_EVENTS, TENDER_EVENTS
from marktbund.rebuilding import ReadModels
from marktbund.unit_of_work import Database, create_engine
from tender_planning import api, consumers, jobs
from tender_planning.settings import Settings
from tender_planning.store.decisions import FEEDS

SERVICE = Service(
    name="tender-planning",
    title="Vergabeplanung",
    routers=api.ROUTERS,
    hearing=consumers.hearing(),
    read_models=ReadModels(
        (SUPPLIER_ORDER_EVENTS, MEMBER_STATE, SUPPLIER_STATE, PERSON_STATE),
        (
            *("order_line", "demand", "group_demand", "group_supply", "group_price"),
            *("member_name", "supplier_name", "principal"),
        ),
    ),
    feeds=FEEDS,
    owns=(
        counted(PROPOSAL_EVENTS, "proposal", "proposal_id"),
        counted(TENDER_EVENTS, "tender", "tender_id"),
        counted(GROUP_EVENTS, "group_correction", "correction_id"),
    ),
    jobs=[Job("proposals", timedelta(minutes=5), jobs.Proposer())],
)


async def _at_hand(command: str, settings: Settings) -> int:
    engine = create_engine(settings.database_url, application=f"tender-planning-{command}")
    database = Database(engine, "tender-planning")
    try:
        if command == "propose":
            sys.stdout.write(f"{await jobs.propose(database)}\n")
            return 0
        recount = await jobs.recount(database)
    finally:
        await engine.dispose()
    sys.stdout.write(recount.model_dump_json(indent=2) + "\n")
    return 1 if recount.differences else 0


if __name__ == "__main__":
    if sys.argv[1:2] in (["recount"], ["propose"]):
        sys.exit(asyncio.run(_at_hand(sys.argv[1], Settings())))
    else:
        run(SERVICE, Settings())
