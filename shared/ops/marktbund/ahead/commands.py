"""The operator's command line when topics are ahead: `python -m <service>.main reconcile --help`.

`show` tells what is ahead, one JSON object a topic, with --keys one a key. `run` brings the
database as far as the log allows and opens the doors; what cannot be brought back is given up
only with a reason. Ends with 1 when the doors stay shut.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

import structlog

from marktbund.ahead.finding import Survey
from marktbund.ahead.reconciling import Reconciler
from marktbund.errors import DomainError
from marktbund.jsons import dumps


def _parser(service: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"{service} reconcile", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    show = verbs.add_parser("show", help="what the topics hold that the database does not know")
    show.add_argument("--keys", action="store_true", help="every key with its versions")
    run = verbs.add_parser("run", help="take over what the log holds, then open the doors")
    run.add_argument("--by", type=UUID, required=True, help="your person_id")
    run.add_argument("--give-up", default="", metavar="REASON", help="why the rest may be lost")
    return parser


@dataclass(frozen=True, slots=True)
class TopicLine:
    """What is ahead of a topic, in numbers."""

    topic: str
    keys: int
    records: int


@dataclass(frozen=True, slots=True)
class KeyLine:
    """What is ahead of a key: version -> type of the event."""

    topic: str
    key: str
    versions: dict[str, str]


def _lines(survey: Survey, *, keys: bool) -> Iterator[TopicLine | KeyLine]:
    for topic, topic_ahead in survey.ahead.items():
        if not keys:
            yield TopicLine(topic.name, len(topic_ahead.types), topic_ahead.records)
            continue
        for key, types in sorted(topic_ahead.types.items()):
            versions = {str(version): types[version] for version in sorted(types)}
            yield KeyLine(topic.name, key, versions)


async def _carry_out(asked: argparse.Namespace, reconciler: Reconciler) -> int:
    if asked.verb == "show":
        survey = await reconciler.look()
        for line in _lines(survey, keys=asked.keys):
            sys.stdout.write(dumps(line) + "\n")
        return 1 if survey.ahead else 0
    try:
        done = await reconciler.reconcile(asked.by, asked.give_up)
    except DomainError as refused:
        refusal = f"{refused.code}: {refused.title}. {refused.detail} {refused.way_out}\n"
        sys.stderr.write(refusal)
        return 1
    sys.stdout.write(dumps({"nothing": "ahead"} if done is None else asdict(done)) + "\n")
    return 0


async def _with(reconciler: Reconciler, asked: argparse.Namespace) -> int:
    try:
        return await _carry_out(asked, reconciler)
    finally:
        await reconciler.database.engine.dispose()


def carry_out(arguments: Sequence[str], reconciler: Reconciler) -> int:
    """Do what the command line says; returns the exit code."""
    asked = _parser(reconciler.database.source).parse_args(arguments)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    return asyncio.run(_with(reconciler, asked))
