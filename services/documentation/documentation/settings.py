"""Environment -> typed values."""

from pathlib import Path

from marktbund.settings import ServiceSettings


class Settings(ServiceSettings):
    """signing_key_file: Ed25519 private key (PEM), needed wherever checkpoints are signed.

    public_key_file: its public half, for processes of role `api` that must not hold the other.
    """

    public_key_file: Path | None = None
