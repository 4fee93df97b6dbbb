"""What catalog can be asked to do, parsed and valid."""

import hashlib
from typing import Self
from uuid import UUID

from catalog.domain.offers import Offer
from catalog.domain.price_list_files import read
from marktbund.commands import Command


class StagePriceList(Command):
    """Keep a supplier's price list, checked and ready to be published."""

    supplier_id: UUID
    content_sha256: str
    offers: tuple[Offer, ...]

    @classmethod
    def from_csv(cls, supplier_id: UUID, content: bytes) -> Self:
        """The command in a CSV file as sent. Raises Invalid (`price_list_invalid`)."""
        digest = hashlib.sha256(content).hexdigest()
        return cls(supplier_id=supplier_id, content_sha256=digest, offers=tuple(read(content)))


class PublishPriceList(Command):
    """Put a staged price list in force in place of the one before."""

    supplier_id: UUID
    number: int
