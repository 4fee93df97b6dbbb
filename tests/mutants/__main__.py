"""`make mutants`: small faults in the rules, and whether the tests of their service notice them.

A sample by chance (SEED) of SIZE mutants of all domain rooms, each tried in a copy of the tree
under .local/mutants. Can be interrupted: the same call goes on where it stopped, as long as the
commit is the same. --only names services. Writes docs/mutants/<date>.md; ends with 1 when fewer
than four of five were noticed.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from marktbund import clock
from tests.architecture.tree import ROOT, files, python_files
from tests.mutants.choosing import sample
from tests.mutants.mutating import Mutant
from tests.mutants.reporting import change, counted, report, share
from tests.mutants.trying import RedTestsError, Tree, Tried, copied

WANTED = 0.8
_WORK = ROOT / ".local" / "mutants"


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def _known(kept: Path) -> dict[str, Tried]:
    lines = kept.read_text().splitlines() if kept.exists() else []
    return {tried.mutant.key: tried for tried in map(Tried.parse, lines)}


def _try(wanted: list[Mutant], kept: Path, texts: dict[str, str]) -> list[Tried]:
    known = _known(kept)
    copied(ROOT, list(files()), _WORK / "tree")
    with (
        Tree(_WORK / "tree", texts, preloaded=True) as tree,
        kept.open("a", encoding="utf-8") as written,
    ):
        for number, mutant in enumerate(wanted, 1):
            if mutant.key not in known:
                try:
                    known[mutant.key] = tree.tried(mutant)
                except RedTestsError as red:
                    print(f"{number}/{len(wanted)} left out, red without it: {red}", flush=True)
                    continue
                written.write(known[mutant.key].line() + "\n")
                written.flush()
            tried = known[mutant.key]
            print(
                f"{number}/{len(wanted)} {tried.outcome} in {tried.seconds:.1f} s: {change(tried)}",
                flush=True,
            )
    return [known[mutant.key] for mutant in wanted if mutant.key in known]


def main() -> int:
    """Try, print, write down."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--only", nargs="*", default=[], help="services, of the same sample")
    options = parser.parse_args()
    _WORK.mkdir(parents=True, exist_ok=True)
    texts = dict(python_files(tests=True))
    wanted = sample(texts, options.seed, options.size)
    wanted = [m for m in wanted if not options.only or m.service in options.only]
    commit = _commit()
    kept = _WORK / f"{commit}-{options.seed}-{options.size}.jsonl"
    try:
        tried = _try(wanted, kept, texts)
    except KeyboardInterrupt:
        print("interrupted; the same call goes on from here", flush=True)
        return 130
    for service, (noticed, every) in counted(tried).items():
        print(f"{service}: {noticed} of {every} killed")
    print(f"together: {share(tried):.0%}")
    if not options.only:
        written = ROOT / "docs" / "mutants" / f"{clock.business_date(clock.now())}.md"
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(report(tried, commit, options.seed, options.size), encoding="utf-8")
        print(f"written: {written.relative_to(ROOT)}")
    return 0 if share(tried) >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
