"""Secrets of channels: made here, sealed for the database, opened only to sign.

A sealed secret opens for its own supplier only: a row moved to another one signs nothing.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SECRET_BYTES = 32
_PREFIX = "whsec_"


class SealBrokenError(Exception):
    """A stored secret does not open: another key, another supplier, or an altered row."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A signing secret in clear; its text never shows in a representation or a log."""

    text: str = field(repr=False)

    @classmethod
    def new(cls) -> "Secret":
        """A fresh one: `whsec_` and 32 random bytes in base64, as Standard Webhooks asks."""
        return cls(_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode())


class Vault:
    """Seals with the first key, opens with any: keys are replaced by putting a new one first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(key) for key in keys])

    @classmethod
    def from_file(cls, file: Path) -> "Vault":
        """One Fernet key a line, the newest first. Raises ValueError for a file without keys."""
        keys = file.read_text(encoding="ascii").split()
        if not keys:
            raise ValueError("the key file is empty")
        return cls(keys)

    def seal(self, supplier_id: UUID, secret: Secret) -> bytes:
        """The form that may be stored."""
        return self._keys.encrypt(supplier_id.bytes + secret.text.encode())

    def open(self, supplier_id: UUID, sealed: bytes) -> Secret:
        """The secret again. Raises SealBrokenError."""
        try:
            opened = self._keys.decrypt(sealed)
        except InvalidToken:
            raise SealBrokenError from None
        if opened[:16] != supplier_id.bytes:
            raise SealBrokenError
        return Secret(opened[16:].decode())
