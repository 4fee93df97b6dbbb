"""`make figures`: the house in figures, beside those it had before it was rebuilt.

Reads the tree as git has it and the figures kept of an earlier commit; measures which files an
order passes between request and answer by that test of orders. `--keep NAME` writes a column down.
"""

import argparse
import json
import subprocess
import sys

from tests.architecture.tree import ROOT, python_files
from tests.figures.counting import figures

KEPT = ROOT / "docs" / "figures"
PASSED = ROOT / ".local" / "figures" / "post_orders.txt"
_MEASURE = "services/orders/tests/ordering/api/test_files_passed.py"


def files_passed() -> int:
    """First-party files with an executed line between request and answer of `POST /orders`."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", _MEASURE]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return len(PASSED.read_text().splitlines())


def table(before: dict[str, str], now: dict[str, str]) -> str:
    """Markdown: label, before, now."""
    rows = [f"| {label} | {before.get(label, '')} | {figure} |" for label, figure in now.items()]
    return "\n".join(["| figure | be55ac8 | now |", "|---|---:|---:|", *rows])


def main() -> int:
    """Print the table; keep today's column where asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.figures")
    parser.add_argument("--keep", metavar="NAME", help="write today's figures to docs/figures")
    options = parser.parse_args()
    now = figures(dict(python_files(tests=True)))
    now["files passed by one POST /orders"] = str(files_passed())
    if options.keep:
        KEPT.mkdir(exist_ok=True)
        (KEPT / f"{options.keep}.json").write_text(json.dumps(now, indent=1) + "\n")
    before = json.loads((KEPT / "be55ac8.json").read_text())
    sys.stdout.write(table(before, now) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
