"""A supplier's catalogue: its price lists in numbered versions, one of them in force."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.catalog import PriceListStatus, VersionPublished
from marktbund.errors import Conflict


@dataclass(frozen=True, slots=True)
class PriceListDifference:
    """How a price list differs from the articles in force, in numbers of articles.

    withdrawn: articles in force that the list no longer names. added: also those that return.
    """

    added: int
    changed: int
    unchanged: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class PriceList:
    """One version. `difference` is against what was in force when it was staged, and once it is
    published, against what it replaced.
    """

    supplier_id: UUID
    number: int
    content_sha256: str
    articles: int
    difference: PriceListDifference
    status: PriceListStatus
    staged_by: UUID
    staged_at: datetime
    published_by: UUID | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Which numbers a supplier's price lists have. in_force 0: none yet. version counts
    publications.
    """

    supplier_id: UUID
    last_number: int
    in_force: int
    version: int

    @property
    def next_number(self) -> int:
        """The number the next price list gets."""
        return self.last_number + 1

    def stage(
        self,
        content_sha256: str,
        articles: int,
        difference: PriceListDifference,
        by: UUID,
        at: datetime,
    ) -> PriceList:
        """The next price list, checked and ready to be published. articles: how many it names."""
        return PriceList(
            supplier_id=self.supplier_id,
            number=self.next_number,
            content_sha256=content_sha256,
            articles=articles,
            difference=difference,
            status="staged",
            staged_by=by,
            staged_at=at,
        )

    def awaits(self, price_list: PriceList) -> bool:
        """Whether a list is still to be published; False: it is in force, nothing to do.

        Raises Conflict (`price_list_superseded`) when a newer one is in force.
        """
        if price_list.number < self.in_force:
            raise Conflict(
                "price_list_superseded",
                "Eine neuere Preisliste ist schon in Kraft",
                f"In Kraft ist die Preisliste {self.in_force}.",
                field="number",
                way_out="Bitte die gewünschten Preise als neue Preisliste laden.",
            )
        return price_list.number > self.in_force

    def publish(
        self, price_list: PriceList, difference: PriceListDifference, by: UUID, at: datetime
    ) -> tuple[Self, PriceList, list[Message]]:
        """Put a list in force in place of the one before. Raises Conflict as `awaits` does."""
        if not self.awaits(price_list):
            return self, price_list, []
        catalogue = replace(self, in_force=price_list.number, version=self.version + 1)
        published = replace(
            price_list, difference=difference, status="in_force", published_by=by, published_at=at
        )
        event = VersionPublished(
            version=catalogue.version,
            supplier_id=self.supplier_id,
            price_list=published.number,
            content_sha256=published.content_sha256,
            articles=published.articles,
            added=difference.added,
            changed=difference.changed,
            withdrawn=difference.withdrawn,
        )
        return catalogue, published, [event]
