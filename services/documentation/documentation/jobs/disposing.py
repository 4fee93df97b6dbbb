"""Contents are disposed of by hand: filed, waited for until it is signed, deleted."""

import argparse
import asyncio
import time
from collections.abc import Sequence
from typing import TextIO
from uuid import UUID

from pydantic import ValidationError

from documentation import handlers
from documentation.commands import DisposeContents
from documentation.store import disposals
from marktbund.envelope import Origin
from marktbund.errors import DomainError
from marktbund.ids import new_id
from marktbund.jsons import dumps
from marktbund.unit_of_work import Database

PATIENCE = 120.0
"""Seconds that the command waits for seal and signature."""
_LOOK_EVERY = 0.5


def read(arguments: Sequence[str]) -> DisposeContents | None:
    """The command line; None with --finish. Ends the process on a wrong call."""
    parser = argparse.ArgumentParser(prog="documentation dispose", description=__doc__)
    parser.add_argument("--finish", action="store_true", help="only delete what is on record")
    parser.add_argument("--chain", help="the chain's id")
    parser.add_argument("--records", help="numbers, for instance 4,7-9")
    parser.add_argument("--by", type=UUID, help="the person_id of who decided")
    parser.add_argument("--reason", help="why these contents have to go")
    parser.add_argument("--law", help="by which rule, for instance Art. 17 Abs. 1 DSGVO")
    asked = vars(parser.parse_args(arguments))
    if asked.pop("finish"):
        return None
    try:
        numbers = _numbers(asked.pop("records") or "")
        return DisposeContents(numbers=numbers, **asked)
    except ValidationError as error:
        fields = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
        parser.error(f"missing or wrong: {', '.join(sorted(fields))}")
    except ValueError as error:
        parser.error(f"--records: {error}")


def _numbers(text: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return tuple(numbers)


async def dispose(
    database: Database,
    disposal: Database,
    command: DisposeContents | None,
    out: TextIO,
    *,
    demo: bool = False,
    patience: float = PATIENCE,
) -> bool:
    """File what is asked for, and delete it once a signed checkpoint covers the record.

    disposal: as the disposal role. False: refused, or not signed in time; --finish goes on.
    """
    if command is not None:
        try:
            async with database.begin(Origin(correlation_id=str(new_id()), demo=demo)) as uow:
                filed = await handlers.file_disposal(command, uow)
        except DomainError as refused:
            out.write(dumps({"refused": refused.code, "title": refused.title}) + "\n")
            return False
        out.write(dumps({"filed": filed, "by": str(command.by)}) + "\n")
    until, gone = time.monotonic() + patience, 0
    while True:
        async with disposal.engine.begin() as connection:
            gone += await disposals.finish(connection)
        async with database.reading() as connection:
            waiting = await disposals.waiting(connection)
        if waiting == 0 or time.monotonic() >= until:
            break
        await asyncio.sleep(_LOOK_EVERY)
    out.write(dumps({"disposed": gone, "waiting": waiting}) + "\n")
    return waiting == 0
