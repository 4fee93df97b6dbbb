"""Environment -> typed values."""

from pydantic import Field, SecretStr

from marktbund.settings import ServiceSettings


class Settings(ServiceSettings):
    """site: the address people open, without a slash at its end. client_secret: the portal's at
    the issuer. services: package name of each service -> its address, as JSON. feedback: where
    people tell of barriers.
    """

    site: str = "http://127.0.0.1"
    client_id: str = "portal"
    client_secret: SecretStr = SecretStr("")
    services: dict[str, str] = Field(default_factory=dict)
    feedback: str = "barrierefrei@marktbund.example"
