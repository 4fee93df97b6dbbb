"""Which faults, on whom, in which order: drawn from a seed, the same again for the same seed."""

import random
from dataclasses import dataclass

from tests.failures.poison import SORTS
from tests.failures.processes import CONSUMERS, PACKAGES, worker

RELAYS = ("orders", "supplier_gateway")
"""Services whose relays always have something in hand while orders flow."""
SHORT, LONG = (0.5, 4.0), (11.0, 18.0)
"""Seconds that a stopped process stands still; long: past its group's session, or its lease."""

_SORTED = {"poison", "set clock"}
STEPS = {"an hour forward": 3600, "five seconds back": -5}
"""How the clock is set, in seconds."""


@dataclass(frozen=True)
class Fault:
    """`victim`: program, service, sort of poison, step of the clock.

    seconds: how long it stands still.
    """

    kind: str
    victim: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.kind} {self.victim}{lasting}".replace("  ", " ")


def deck(rng: random.Random, *, clock: bool) -> list[Fault]:
    """Every fault on every victim, the engines' several times, in random order.

    clock: whether the platform has one that can be set.
    """
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
    cards += [Fault("set clock", step) for step in STEPS if clock]
    rng.shuffle(cards)
    return cards


def hand(rng: random.Random, *, clock: bool) -> list[Fault]:
    """One of each kind, every sort of poison, every step of the clock."""
    first: dict[str, Fault] = {}
    for card in deck(rng, clock=clock):
        first.setdefault(card.victim if card.kind in _SORTED else card.kind, card)
    return list(first.values())


def draw(seed: int, number: int, *, clock: bool = True) -> list[Fault]:
    """So many faults: every kind first, then whole decks, shuffled."""
    rng = random.Random(seed)
    drawn = hand(rng, clock=clock)
    while len(drawn) < number:
        drawn += deck(rng, clock=clock)
    return drawn[:number]
