"""Mail addresses from outside: one type, for what mail servers and Keycloak take alike.

The domain is kept in ASCII (IDNA 2008: köln.de becomes xn--kln-sna.de), in lower case; so one
address has one form, and a server without SMTPUTF8 takes it. Whether mail arrives is not asked.
"""

from typing import Annotated, TypeVar

from email_validator import EmailNotValidError, validate_email
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from marktbund.texts import stripped

_T = TypeVar("_T")
LONGEST = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3); 64 of them before the @."""


def mail_address(value: _T) -> _T | str:
    """An address in its one form; what is no text is left to the type.

    Raises PydanticCustomError: `mail_address_local` for letters before the @ that not every server
    takes, `mail_address` for all else.
    """
    if not isinstance(value, str):
        return value
    text = stripped(value)
    local, at, _ = text.rpartition("@")
    if at and not local.isascii():
        raise PydanticCustomError("mail_address_local", "not ASCII before the @")
    try:
        address = validate_email(
            text, allow_smtputf8=False, check_deliverability=False, strict=True
        )
    except EmailNotValidError as error:
        raise PydanticCustomError("mail_address", "no mail server takes it") from error
    if address.ascii_email is None or len(address.ascii_email) > LONGEST:
        raise PydanticCustomError("mail_address", "no mail server takes it")
    return address.ascii_email


MailAddress = Annotated[str, Field(max_length=LONGEST), BeforeValidator(mail_address)]
"""An address as every mail server takes it: `a..b@x`, `a@localhost`, quoted parts are refused."""
