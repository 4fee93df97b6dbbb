"""Environment -> typed values."""

from marktbund.settings import ServiceSettings


class Settings(ServiceSettings):
    """blobs_url: where uploaded documents lie (file:///folder, s3://bucket); marktbund.blobs.

    scanner_url: clamd://host:port or clamd:///path/of/its/socket; uploads are scanned before they
    are kept. Empty: nothing is scanned.
    """

    blobs_url: str = "file:///var/lib/marktbund/blobs"
    scanner_url: str = ""
