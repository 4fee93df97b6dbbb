"""Puts tender-planning together. `python -m tender_planning.main` serves, `... recount` compares
the live demand with its order lines, prints JSON and ends with 1 if they differ.
"""

import asyncio
import sys

from marktbund.composition import Service, run
from marktbund.contracts.members import MEMBER_STATE, PERSON_STATE
from marktbund.contracts.orders import SUPPLIER_ORDER_EVENTS
from marktbund.contracts.supplier_gateway import SUPPLIER_STATE
from marktbund.rebuilding import ReadModels
from marktbund.unit_of_work import Database, create_engine
from tender_planning import api, consumers, jobs
from tender_planning.settings import Settings

SERVICE = Service(
    name="tender-planning",
    title="Vergabeplanung",
    routers=[api.router],
    hearing=consumers.hearing(),
    read_models=ReadModels(
        (SUPPLIER_ORDER_EVENTS, MEMBER_STATE, SUPPLIER_STATE, PERSON_STATE),
        (
            *("order_line", "demand", "group_demand", "group_supply", "group_price"),
            *("member_name", "supplier_name", "principal"),
        ),
    ),
)


async def _recount(settings: Settings) -> int:
    engine = create_engine(settings.database_url, application="tender-planning-recount")
    try:
        found = await jobs.recount(Database(engine, "tender-planning"))
    finally:
        await engine.dispose()
    sys.stdout.write(found.model_dump_json(indent=2) + "\n")
    return 1 if found.differences else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["recount"]:
        sys.exit(asyncio.run(_recount(Settings())))
    else:
        run(SERVICE, Settings())
