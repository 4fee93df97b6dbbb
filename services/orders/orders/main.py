"""Puts orders together. `python -m orders.main` serves, `... advance YYYY-MM-DD` brings agreements
into force, changes and ends them, and tells of late goods, as of that day.
"""

import asyncio
import sys
from dataclasses import replace
from datetime import date

from marktbund.ahead import counted
from marktbund.blobs import Blobs
from marktbund.composition import Service, run
from marktbund.contracts.agreements import AGREEMENT_EVENTS
from marktbund.contracts.catalog import ARTICLE_STATE
from marktbund.contracts.members import MEMBER_STATE, PERSON_STATE
from marktbund.contracts.notices import ORDER_NOTICES
from marktbund.contracts.orders import ORDER_EVENTS, SUPPLIER_ORDER_EVENTS
from marktbund.contracts.routes import NEED_EVENTS
from marktbund.contracts.supplier_gateway import SUPPLIER_STATE
from marktbund.idempotency import router as keys
from marktbund.rebuilding import ReadModels
from marktbund.unit_of_work import Database, create_engine
from orders import consumers, jobs
from orders.agreements import api as agreements
from orders.agreements.face.ports import FEEDS
from orders.awarding import api as needs
from orders.ordering.api import attachments, call_offs, deciding, orders
from orders.ordering.gateways.scanning import scanner_at
from orders.settings import Settings

SERVICE = Service(
    name="orders",
    title="Bestellungen",
    routers=[
        orders.router,
        attachments.router,
        deciding.router,
        needs.router,
        agreements.router,
        call_offs.router,
        keys,
    ],
    hearing=consumers.hearing(),
    read_models=ReadModels(
        (MEMBER_STATE, SUPPLIER_STATE, ARTICLE_STATE, PERSON_STATE),
        ("member", "supplier", "article", "principal"),
    ),
    feeds=FEEDS,
    jobs=jobs.JOBS,
    wide_paths=("/attachments",),
    owns=(
        counted(ORDER_EVENTS, "spot_order", "order_id"),
        counted(SUPPLIER_ORDER_EVENTS, "supplier_order", "supplier_order_id"),
        counted(NEED_EVENTS, "need", "need_id"),
        counted(AGREEMENT_EVENTS, "agreement", "agreement_id", "announced"),
        counted(ORDER_NOTICES, "notice_count", "person_id"),
    ),
)


def composed(settings: Settings) -> Service:
    """The service with its room for uploaded documents and, where one is set, its scanner.

    Raises ValueError for a scanner's address that is none.
    """
    scan = scanner_at(settings.scanner_url) if settings.scanner_url else None
    blobs = Blobs(settings.blobs_url)
    state = {"blobs": blobs, "scan": scan}
    return replace(SERVICE, state=state, jobs=(*jobs.JOBS, jobs.sweeping(blobs)))


async def _advance(settings: Settings, today: date) -> None:
    engine = create_engine(settings.database_url, application="orders-advance")
    try:
        database = Database(engine, "orders")
        await jobs.tell_of_late(database, today)
        await jobs.advance_agreements(database, today)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    if sys.argv[1:2] == ["advance"]:
        asyncio.run(_advance(Settings(), date.fromisoformat(sys.argv[2])))
    else:
        settings = Settings()
        run(composed(settings), settings)
