"""Environment -> typed values."""

from marktbund.settings import ServiceSettings


class Settings(ServiceSettings):
    """blobs_url: where uploaded documents lie (file:///folder, s3://bucket); marktbund.blobs."""

    blobs_url: str = "file:///var/lib/marktbund/blobs"
