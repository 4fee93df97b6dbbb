"""The scanner for malware: clamd, asked by its command INSTREAM over TCP or a local socket.

The protocol: `zINSTREAM` and a zero byte, then pieces of the content, each behind its length (four
bytes, big-endian), a length of zero at the end; the answer ends with a zero byte. clamd takes up to
`StreamMaxLength` (25 MB), which is above the largest document.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import IO
from urllib.parse import urlsplit

Scan = Callable[[IO[bytes]], Awaitable[str]]
"""Content, read from its beginning, to the name of what was found in it; empty: nothing. Raises
ScannerAwayError.
"""
SECONDS = 60.0
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096


class ScannerAwayError(Exception):
    """The scanner does not answer, or answers that it could not look."""


def scanner_at(url: str) -> Scan:
    """The scanner at `clamd://host:port` or `clamd:///run/clamav/clamd.ctl`.

    Raises ValueError for another URL: an upload must not pass because of a misspelt setting.
    """
    parts = urlsplit(url)
    if parts.scheme != "clamd" or not (parts.port if parts.hostname else parts.path):
        raise ValueError("a scanner is clamd://host:port or clamd:///path/of/its/socket")
    address = (parts.hostname, parts.port or 0) if parts.hostname else parts.path

    async def scan(content: IO[bytes]) -> str:
        content.seek(0)
        try:
            async with asyncio.timeout(SECONDS):
                return _finding(await _asked(address, content))
        except (OSError, TimeoutError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise ScannerAwayError(type(error).__name__) from error

    return scan


async def _asked(address: tuple[str, int] | str, content: IO[bytes]) -> str:
    if isinstance(address, str):
        reader, writer = await asyncio.open_unix_connection(address, limit=_LONGEST_ANSWER)
    else:
        reader, writer = await asyncio.open_connection(*address, limit=_LONGEST_ANSWER)
    try:
        writer.write(b"zINSTREAM\0")
        while piece := content.read(_PIECE):
            writer.write(len(piece).to_bytes(4, "big") + piece)
            await writer.drain()
        writer.write(bytes(4))
        await writer.drain()
        answer = await reader.readuntil(b"\0")
    finally:
        writer.close()
    return answer[:-1].decode("utf-8", "replace").strip()


def _finding(answer: str) -> str:
    _, _, word = answer.partition(": ")
    if word == "OK":
        return ""
    if word.endswith(" FOUND"):
        return word.removesuffix(" FOUND")
    raise ScannerAwayError(answer[:200])
