"""What a campaign prints: seed, faults per kind, what they hit, every invariant by name."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.failures.campaign import FULL, Outcome
from tests.failures.invariants import violations


@dataclass(frozen=True)
class Minima:
    """Below these a campaign proves too little, whatever its invariants say."""

    kinds: int
    hits: int
    produced_twice: int
    suppressed: int
    parked: int


MINIMA = {
    "small": Minima(kinds=9, hits=4, produced_twice=20, suppressed=50, parked=12),
    "full": Minima(kinds=9, hits=60, produced_twice=2_000, suppressed=5_000, parked=80),
}


@dataclass(frozen=True)
class Figures:
    """The campaign in numbers."""

    orders: int
    faults: int
    kinds: int
    hits: int
    produced_twice: int
    suppressed: int
    parked: int
    retries: int


def figures(outcome: Outcome) -> Figures:
    evidence = outcome.evidence
    return Figures(
        orders=len(evidence.log.placed),
        faults=outcome.faults.done.total(),
        kinds=len(outcome.faults.done),
        hits=outcome.faults.hits.total(),
        produced_twice=outcome.duplicator.produced,
        suppressed=sum(tally.duplicates for tally in evidence.tallies.values()),
        parked=sum(tally.parked for tally in evidence.tallies.values()),
        retries=evidence.log.retries,
    )


def shortfalls(outcome: Outcome) -> list[str]:
    """Where a campaign stayed below its stated minima."""
    got, least = figures(outcome), MINIMA[outcome.size.name]
    # A full campaign cut down on the command line owes its share.
    share = outcome.size.faults / FULL.faults if outcome.size.name == "full" else 1
    owed = {name: int(number * share) for name, number in vars(least).items()}
    wanted = owed | {
        "orders": outcome.size.orders,
        "faults": outcome.size.faults,
        "kinds": least.kinds + (outcome.faults.platform.clock is not None),
    }
    return [
        f"{name}: {getattr(got, name)}, at least {number} wanted"
        for name, number in wanted.items()
        if getattr(got, name) < number
    ]


def lines(outcome: Outcome) -> Iterator[str]:
    """The report, a line each; the last says how many violations there are."""
    got, evidence = figures(outcome), outcome.evidence
    size = outcome.size
    yield f"name=failures size={size.name} seed={outcome.seed} {outcome.seconds:.0f} s"
    yield f"wanted {size.orders} orders and {size.faults} faults"
    yield f"orders {got.orders}, retries of their clients and suppliers {got.retries}"
    yield f"faults {got.faults}, of which {got.hits} hit work in flight:"
    for kind, number in sorted(outcome.faults.done.items()):
        yield f"  {kind:20} {number:4}  in flight {outcome.faults.hits[kind]:4}"
    yield _of_the_clock(outcome)
    yield f"records in the log {len(evidence.records)}, produced twice by hand {got.produced_twice}"
    yield f"duplicates suppressed {got.suppressed}, records parked {got.parked}"
    yield f"at rest {evidence.seconds_to_rest:.1f} s after the last fault and order"
    yield f"largest process {max(evidence.watch.peaks.values(), default=0):.0f} MB"
    broken = violations(evidence)
    for name, sentences in broken.items():
        yield f"{'VIOLATED' if sentences else 'holds':8} {name}"
        yield from (f"           {sentence}" for sentence in sentences[:10])
    for shortfall in shortfalls(outcome):
        yield f"TOO LITTLE {shortfall}"
    yield f"violations {sum(map(len, broken.values()))}"


def _of_the_clock(outcome: Outcome) -> str:
    clock = outcome.faults.platform.clock
    if clock is None:
        return "NOT STRUCK: set clock (no C compiler here, and none could be installed)"
    return f"clock {clock.ahead:+d} s at the end, {outcome.evidence.log.renewed} tokens renewed"


def verdict(name: str, broken: dict[str, list[str]], *, planted: bool) -> str:
    """One line about a scenario: what a planted fault broke, or that the sound build holds."""
    build = "planted" if planted else "sound  "
    if not broken:
        return f"{build} {name}: green"
    names = "; ".join(f"{invariant} ({len(sentences)})" for invariant, sentences in broken.items())
    return f"{build} {name}: RED {names}"
