"""Offers a decision is made with."""

from dataclasses import dataclass

from marktbund.contracts.routes import KeptOffer


@dataclass(frozen=True, slots=True)
class Comparables:
    """How many comparable offers there are, the fewest of any line, and those kept."""

    offers: int
    kept: tuple[KeptOffer, ...]
