"""`python -m tests.doors`: after a run of all tests, the doors that no test called; `make test`
fails where there is one.

Reads what the run recorded under .local/doors, writes the list with its tests beside it, and names
the operations whose drawn requests were all refused: nothing behind their checks was tried. Exit
code 1 where a row lacks a success or a refusal.
"""

import json
import sys
from pathlib import Path

from marktbund.testing.calls import FOLDER, RecordedCall
from tests.architecture.tree import ROOT
from tests.doors.judging import Row, judged, only_refused
from tests.doors.listing import doors

RECORDS = ROOT / FOLDER


def calls(folder: Path) -> list[RecordedCall]:
    """The calls of every process of the last run."""
    sent: list[RecordedCall] = []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            call = json.loads(line)
            sent.append(RecordedCall(**{**call, "options": tuple(map(tuple, call["options"]))}))
    return sent


def table(rows: list[Row]) -> str:
    """Every row with its tests, for people."""
    head = "| door | success | refusal |\n|---|---|---|\n"
    body = (f"| {r.door.name} | {r.success or ''} | {r.refusal or ''} |" for r in rows)
    return head + "\n".join(body) + "\n"


def main() -> int:
    """Judge the last run."""
    rows = judged(doors(), calls(RECORDS))
    (RECORDS / "doors.md").write_text(table(rows))
    lacking = [row for row in rows if row.gaps]
    for row in lacking:
        print(f"no test: {row.door.name}: {', '.join(row.gaps)}")
    written = RECORDS / "generated.json"
    drawn = json.loads(written.read_text()) if written.exists() else {}
    refused = only_refused(drawn)
    for name, answers in refused.items():
        print(f"drawn requests all refused: {name}: {answers}")
    print(f"drawn requests: {len(refused)} of {len(drawn)} operations with nothing but 4xx")
    print(f"doors: {len(rows)} rows, {len(lacking)} without a test ({RECORDS / 'doors.md'})")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
