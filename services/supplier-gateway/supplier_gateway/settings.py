"""Environment -> typed values."""

from pathlib import Path

from marktbund.settings import ServiceSettings


class Settings(ServiceSettings):
    """channel_key_file: Fernet keys, one a line, the newest first, that seal webhook secrets.

    Without it there are no channels: suppliers fetch. private_targets: channels may lead inside
    the own network and without TLS; for demo and test only.
    """

    channel_key_file: Path | None = None
    private_targets: bool = False
