"""Which faults, on whom, in which order: drawn from a seed, the same again for the same seed."""

import random
from dataclasses import dataclass

from tests.failures.poison import SORTS
from tests.failures.processes import CONSUMERS, PACKAGES, worker

RELAYS = ("orders", "supplier_gateway")
"""Services whose relays always have something in hand while orders flow."""
SHORT, LONG = (0.5, 4.0), (11.0, 18.0)
"""Seconds that a stopped process stands still; long: past its group's session, or its lease."""


@dataclass(frozen=True)
class Fault:
    """`victim`: program, service or sort of poison; `seconds`: how long it stands still."""

    kind: str
    victim: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.kind} {self.victim}{lasting}".replace("  ", " ")


def deck(rng: random.Random) -> list[Fault]:
    """Every fault on every victim, the engines' several times, in random order."""
    cards = []
    for package in PACKAGES:
        for program in (package, worker(package)):
            cards.append(Fault("kill", program))
            cards.append(Fault("stop", program, rng.uniform(*SHORT)))
    stopped = rng.choice(CONSUMERS)
    cards.append(Fault("stop", worker(stopped), rng.uniform(*LONG)))
    for package in RELAYS:
        cards += [Fault("kill mid-batch", worker(package))] * 3
    cards += [Fault("scale 1-3-1", package) for package in CONSUMERS]
    cards += [Fault("poison", sort) for sort in SORTS]
    cards += [Fault("kill broker"), Fault("restart PostgreSQL"), Fault("end all sessions")] * 2
    cards.append(Fault("restore", "tender_planning"))
    rng.shuffle(cards)
    return cards


def hand(rng: random.Random) -> list[Fault]:
    """One of each kind, every sort of poison."""
    first: dict[str, Fault] = {}
    for card in deck(rng):
        first.setdefault(card.kind if card.kind != "poison" else card.victim, card)
    return list(first.values())


def draw(seed: int, number: int) -> list[Fault]:
    """So many faults: every kind first, then whole decks, shuffled."""
    rng = random.Random(seed)
    drawn = hand(rng)
    while len(drawn) < number:
        drawn += deck(rng)
    return drawn[:number]
