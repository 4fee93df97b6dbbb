"""Environment -> typed values."""

from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from marktbund.settings import ServiceSettings


class Settings(ServiceSettings):
    """mail_host: the server that takes mails on; without it none is sent and all wait.

    mail_encryption: starttls, tls, or none, which is for demo and test only. mail_user: empty
    where the server asks for no login; mail_ca_file: the authority of its certificate, None: the
    machine's list. mail_from: the address mails come from. site: where the portal is found, for
    links.

    identity_url: Keycloak's inner address, up to what stands before `/realms`; without it accounts
    are made and closed there by hand. identity_demo_password: of every new account, for demo and
    test only; without one people are invited by mail to set theirs.
    """

    mail_host: str = ""
    mail_port: int = 587
    mail_encryption: Literal["starttls", "tls", "none"] = "starttls"
    mail_user: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_ca_file: Path | None = None
    mail_from: str = ""
    site: str = ""
    identity_url: str = ""
    identity_realm: str = "marktbund"
    identity_client: str = "people-provisioner"
    identity_secret: SecretStr = SecretStr("")
    identity_demo_password: SecretStr = SecretStr("")
