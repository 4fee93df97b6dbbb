"""Environment -> typed values."""

from pathlib import Path

from marktbund.settings import ServiceSettings


class Settings(ServiceSettings):
    """signing_key_file: Ed25519 private key (PEM), needed wherever checkpoints are signed.

    public_key_file: its public half, for processes of role `api` that must not hold the other.
    anchor_folder: takes a file a day with a checkpoint. stamp_url: of a time stamp authority (RFC
    3161); stamp_ca_file: PEM of the roots its certificates lead to.
    """

    public_key_file: Path | None = None
    anchor_folder: Path | None = None
    stamp_url: str = ""
    stamp_ca_file: Path | None = None
