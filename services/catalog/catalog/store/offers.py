"""Offers of a staged price list as rows, in a few round trips for many."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from catalog.domain.offers import Offer
from catalog.store.tables import OFFER_COLUMNS
from marktbund.ids import new_id
from marktbund.jsons import dumps
from marktbund.unit_of_work import UnitOfWork

_ROWS_A_TRIP = 5_000
_ADD = text(f"""
    INSERT INTO price_list_row (supplier_id, number, article_id, {", ".join(OFFER_COLUMNS)})
    SELECT :supplier_id, :number, * FROM unnest(CAST(:article_id AS uuid[]), {
    ", ".join(f"CAST(:{name} AS {kind.compile()}[])" for name, kind in OFFER_COLUMNS.items())
})
""")


async def add_offers(
    uow: UnitOfWork, supplier_id: UUID, number: int, offers: Sequence[Offer]
) -> None:
    """Keep the offers of a staged list, each with the id its article gets if it is new."""
    for start in range(0, len(offers), _ROWS_A_TRIP):
        some = offers[start : start + _ROWS_A_TRIP]
        staged = {"supplier_id": supplier_id, "number": number}
        columns = {name: [getattr(offer, name) for offer in some] for name in OFFER_COLUMNS}
        columns["features"] = [dumps(offer.features) for offer in some]
        columns["article_id"] = [new_id() for _ in some]
        await uow.connection.execute(_ADD, staged | columns)
