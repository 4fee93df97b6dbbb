"""Whether a document can be opened, asked of a process that may crash, swell or hang alone."""

import asyncio
import sys
from typing import IO

MEMORY_BYTES = 1024**3
CPU_SECONDS = 10
_SECONDS = 60.0
_AT_ONCE = asyncio.Semaphore(2)
"""Openings at once: their memory is that of the service's machine."""


class NotInspectedError(Exception):
    """The machine had no room or no time to look; it says nothing of the document."""


async def opens(content: IO[bytes], media_type: str) -> bool:
    """Whether a document opens within bounds of memory and time; content: a file, read from its
    beginning. Raises NotInspectedError.
    """
    content.seek(0)
    bounds = (str(MEMORY_BYTES), str(CPU_SECONDS))
    program = (sys.executable, "-I", "-m", "orders.ordering.gateways.opening", media_type, *bounds)
    async with _AT_ONCE:
        try:
            opening = await asyncio.create_subprocess_exec(
                *program,
                stdin=content.fileno(),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
            )
        except OSError as error:
            raise NotInspectedError from error
        try:
            async with asyncio.timeout(_SECONDS):
                ended = await opening.wait()
        except TimeoutError:
            raise NotInspectedError from None
        finally:
            if opening.returncode is None:
                opening.kill()
                await opening.wait()
    if ended not in (0, 3) and ended > 0:
        raise NotInspectedError(ended)
    return ended == 0
