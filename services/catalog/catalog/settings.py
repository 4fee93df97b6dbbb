"""Environment -> typed values."""

from marktbund.settings import ServiceSettings


class Settings(ServiceSettings):
    """catalog needs nothing beyond what every service is told."""
