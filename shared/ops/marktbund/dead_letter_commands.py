"""The operator's command line to dead letters: `python -m <service>.main dead-letters --help`.

Prints one JSON object a line. Ends with 1 when a replay failed or something was refused; a
refusal goes to stderr.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import structlog
from pydantic import BaseModel

from marktbund.consuming import Hearing
from marktbund.errors import DomainError, NotFound
from marktbund.failures import is_transient
from marktbund.jsons import dumps, loads
from marktbund.replaying import DeadLetters, ReplayAnswer, letters
from marktbund.settings import ServiceSettings
from marktbund.unit_of_work import Database, create_engine

_FIRST = UUID(int=0)


def _parser(service: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"{service} dead-letters", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("list", help="parked records, oldest first, without content")
    keys = verbs.add_parser("keys", help="keys that stand still, with their first letter")
    for paged in (listing, keys):
        paged.add_argument("--after", type=UUID, default=_FIRST, help="last id of the page before")
        paged.add_argument("--limit", type=int, default=100)
    listing.add_argument(
        "--status",
        default="parked",
        choices=("parked", "applied", "duplicate", "discarded", "all"),
    )
    for name in ("topic", "key", "code"):
        listing.add_argument(f"--{name}")
    about = {
        "show": "one letter with content and history",
        "repair": "keep a corrected content beside the original",
        "replay": "apply a letter, or with --key all of its key, in order",
        "discard": "give a letter up for good",
    }
    for verb, text in about.items():
        made = verbs.add_parser(verb, help=text)
        made.add_argument("id", type=UUID)
        if verb != "show":
            made.add_argument("--by", type=UUID, required=True, help="your person_id")
        if verb in {"repair", "discard"}:
            made.add_argument("--reason", required=True)
    verbs.choices["replay"].add_argument("--key", action="store_true")
    verbs.choices["repair"].add_argument("--value", type=Path, help="file with the whole value")
    verbs.choices["repair"].add_argument(
        "--headers", type=Path, help="file with all headers, a JSON object of texts"
    )
    return parser


async def _ask(database: Database, asked: argparse.Namespace) -> Sequence[BaseModel]:
    async with database.reading() as connection:
        if asked.verb == "keys":
            return await letters.quarantined_keys(connection, after=asked.after, limit=asked.limit)
        if asked.verb == "show":
            letter = await letters.shown(connection, asked.id)
            if letter is None:
                raise NotFound("letter_unknown", "Diesen abgelegten Satz gibt es nicht")
            return [letter]
        return await letters.listed(
            connection,
            after=asked.after,
            limit=asked.limit,
            status=None if asked.status == "all" else asked.status,
            topic=asked.topic,
            key=asked.key,
            code=asked.code,
        )


async def _act(desk: DeadLetters, asked: argparse.Namespace) -> Sequence[ReplayAnswer]:
    if asked.verb == "replay":
        if asked.key:
            return await desk.replay_key(asked.id, asked.by)
        return [await desk.replay(asked.id, asked.by)]
    if asked.verb == "discard":
        await desk.discard(asked.id, asked.by, asked.reason)
    else:
        value = asked.value.read_text(encoding="utf-8") if asked.value else None
        headers = loads(asked.headers.read_text(encoding="utf-8")) if asked.headers else None
        await desk.repair(asked.id, asked.by, asked.reason, value, headers)
    return []


async def _carry_out(
    asked: argparse.Namespace, service: str, hearing: Hearing, settings: ServiceSettings
) -> int:
    engine = create_engine(settings.database_url, application=f"{service}-dead-letters")
    try:
        database = Database(engine, service)
        answers: Sequence[BaseModel]
        if asked.verb in {"list", "keys", "show"}:
            answers = await _ask(database, asked)
        else:
            answers = await _act(DeadLetters(database, hearing, prefix=settings.prefix), asked)
    except DomainError as refused:
        sys.stderr.write(f"{refused.code}: {refused.title} {refused.detail}\n")
        return 1
    except Exception as error:
        if not is_transient(error):
            raise
        sys.stderr.write(f"try_again: Gerade nicht möglich {type(error).__name__}\n")
        return 1
    finally:
        await engine.dispose()
    for answer in answers:
        sys.stdout.write(dumps(answer.model_dump(mode="json")) + "\n")
    failed = any(
        isinstance(answer, ReplayAnswer) and answer.outcome == "failed" for answer in answers
    )
    return 1 if failed else 0


def carry_out(
    arguments: Sequence[str], service: str, hearing: Hearing, settings: ServiceSettings
) -> int:
    """Do what the command line says; returns the exit code."""
    asked = _parser(service).parse_args(arguments)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    return asyncio.run(_carry_out(asked, service, hearing, settings))
