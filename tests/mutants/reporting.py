"""What became of the mutants, per service, and every one that nobody noticed."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.mutants.trying import Tried

_SHOWN = 160


def counted(tried: Iterable[Tried]) -> dict[str, tuple[int, int]]:
    """Service -> how many were noticed, and how many there were. A time-out was noticed."""
    every: Counter[str] = Counter()
    noticed: Counter[str] = Counter()
    for result in tried:
        every[result.mutant.service] += 1
        noticed[result.mutant.service] += result.outcome != "survived"
    return {service: (noticed[service], every[service]) for service in sorted(every)}


def share(tried: Sequence[Tried]) -> float:
    """The share that was noticed, of those tried; 1.0 for none."""
    if not tried:
        return 1.0
    return sum(result.outcome != "survived" for result in tried) / len(tried)


def change(result: Tried) -> str:
    """`path:line`, what stood there and what stands there now, on one line."""
    mutant = result.mutant
    before, after = (" ".join(text.split())[:_SHOWN] for text in (mutant.before, mutant.after))
    return f"{mutant.path}:{mutant.line}: `{before}` -> `{after}`"


def report(tried: Sequence[Tried], commit: str, seed: int, asked: int) -> str:
    """Markdown."""
    rows = [
        f"| {service} | {noticed} | {every - noticed} | {noticed / every:.0%} |"
        for service, (noticed, every) in counted(tried).items()
    ]
    survivors = [f"- {change(r)}" for r in sorted(tried, key=change) if r.outcome == "survived"]
    noticed = sum(result.outcome != "survived" for result in tried)
    return "\n".join(
        [
            "# Mutants of the domain rooms",
            "",
            f"Seed {seed}, {asked} asked for, {len(tried)} tried, on {commit}.",
            "",
            "| service | killed | survived | share |",
            "|---|---:|---:|---:|",
            *rows,
            f"| together | {noticed} | {len(tried) - noticed} | {share(tried):.0%} |",
            "",
            "## Survivors",
            "",
            *(survivors or ["None."]),
            "",
        ]
    )
