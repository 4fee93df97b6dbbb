"""Environment -> typed values."""

from marktbund.settings import ServiceSettings


class Settings(ServiceSettings):
    """supplier-gateway needs nothing beyond what every service is told."""
