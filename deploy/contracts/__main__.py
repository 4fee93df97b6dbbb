"""The contracts as documents: compare with the last release, write AsyncAPI, keep a release.

In: `python -m deploy.contracts compare|asyncapi|release`. Out: the changes with their verdicts, or
the file written; exit code 1 when a change breaks what was released.
"""

import json
import sys

from deploy.contracts import asyncapi, releases
from deploy.contracts.comparison import Compatibility, compare
from deploy.devstack.deployment import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "asyncapi.json"


def rendered() -> str:
    """The AsyncAPI document as it is committed."""
    return json.dumps(asyncapi.document(asyncapi.services()), indent=2, ensure_ascii=False) + "\n"


def main(command: str) -> int:
    """Run one command; returns the exit code."""
    if command == "asyncapi":
        DOCUMENT.write_text(rendered(), encoding="utf-8")
        print(DOCUMENT.relative_to(REPOSITORY))
        return 0
    if command == "release":
        print(releases.write().relative_to(REPOSITORY))
        return 0
    return _compare()


def _compare() -> int:
    last, now = releases.released()[-1], releases.current()
    changes = compare(last, now)
    for change in changes:
        print(f"{change.verdict:<14} {change.path}: {change.what}")
    verdicts = [change.verdict for change in changes]
    counts = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in Compatibility)
    types, topics = len(now["types"]), len(now["topics"])
    print(f"{types} types on {topics} topics against {last['version']}: {counts}")
    return 1 if Compatibility.BREAKING in verdicts else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["compare"], ["asyncapi"], ["release"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
