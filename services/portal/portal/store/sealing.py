"""Sealed with a key that only a browser holds: whoever reads the database reads nothing of it."""

import base64
import hashlib

from cryptography.fernet import Fernet


def seal(purpose: bytes, key: str) -> Fernet:
    """The seal of one browser's key for one purpose."""
    secret = hashlib.sha256(purpose + b"\0" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))
