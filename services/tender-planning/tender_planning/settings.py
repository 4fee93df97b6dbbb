"""Environment -> typed values."""

from marktbund.settings import ServiceSettings


class Settings(ServiceSettings):
    """tender-planning needs nothing beyond what every service is told."""
