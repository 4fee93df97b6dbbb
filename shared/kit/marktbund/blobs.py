"""Documents too large for an event, named by their content: the SHA-256 is name and proof.

`file://` here, `s3://` there, `memory://` in tests; obstore speaks to all of them. A blob is never
changed, and taken away only when it is nobody's; whose it is stands in the database of the service
that keeps it.
"""

import asyncio
import contextlib
import hashlib
import os
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, NotFoundError
from obstore.store import LocalStore, from_url


class AlteredError(Exception):
    """What lies under a name is not what was named so."""


class Blobs:
    """A room for blobs at a URL. Whatever it is told to keep is durable when it returns."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._folder = Path(unquote(parts.path)) if parts.scheme == "file" else None
        self._store = LocalStore.from_url(url, mkdir=True) if self._folder else from_url(url)

    async def keep(self, sha256: str, content: IO[bytes]) -> None:
        """Keep a content under its SHA-256 (hexadecimal); known already, nothing changes."""
        with contextlib.suppress(AlreadyExistsError):
            await obstore.put_async(
                self._store, _path(sha256), content, mode="create", use_multipart=False
            )
        if self._folder is not None:
            await asyncio.to_thread(_sync, self._folder / _path(sha256))

    async def forget(self, sha256: str) -> None:
        """Take a content away that is nobody's; missing already, nothing changes."""
        with contextlib.suppress(FileNotFoundError, NotFoundError):
            await obstore.delete_async(self._store, _path(sha256))

    async def read(self, sha256: str) -> bytes:
        """The content. Raises LookupError where there is none, and AlteredError."""
        try:
            stored = await obstore.get_async(self._store, _path(sha256))
        except (FileNotFoundError, NotFoundError):
            raise LookupError(f"blob {sha256} is missing") from None
        content = bytes(await stored.bytes_async())
        if hashlib.sha256(content).hexdigest() != sha256:
            raise AlteredError(f"blob {sha256} is altered")
        return content


def _path(sha256: str) -> str:
    # Two digits a folder: no folder holds more than a 256th of them.
    return f"{sha256[:2]}/{sha256}"


def _sync(file: Path) -> None:
    # obstore leaves a new file and its folder's entry to the page cache.
    for path in (file, file.parent, file.parent.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
