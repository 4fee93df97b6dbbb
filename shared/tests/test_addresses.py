"""One type for mail addresses: what no mail server takes is refused, an umlaut domain is taken."""

import pytest
from pydantic import TypeAdapter, ValidationError

from marktbund.addresses import MailAddress

ADDRESS = TypeAdapter(MailAddress)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("erika.muster@stadt.example", "erika.muster@stadt.example"),
        (" erika@stadt.example ", "erika@stadt.example"),
        ("Erika@STADT.Example", "Erika@stadt.example"),
        ("o'brien+vergabe@stadt.example", "o'brien+vergabe@stadt.example"),
        ("erika@köln.example", "erika@xn--kln-sna.example"),
        ("erika@xn--kln-sna.example", "erika@xn--kln-sna.example"),
        ("x" * 64 + "@stadt.example", "x" * 64 + "@stadt.example"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str):
    assert ADDRESS.validate_python(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a..b@stadt.example", "mail_address"),
        (".a@stadt.example", "mail_address"),
        ("a.@stadt.example", "mail_address"),
        ("a@-stadt.example", "mail_address"),
        ("a@stadt-.example", "mail_address"),
        ("a@stadt..example", "mail_address"),
        ("a@stadt.123", "mail_address"),
        ("a@localhost", "mail_address"),
        ("a@[10.0.0.1]", "mail_address"),
        ('"a b"@stadt.example', "mail_address"),
        ("Erika <a@stadt.example>", "mail_address"),
        ("a@stadt.example\nBcc: b@stadt.example", "mail_address"),
        ("a@münchen.\u200bexample", "mail_address"),
        ("x" * 65 + "@stadt.example", "mail_address"),
        ("a@" + ".".join(["b" * 60] * 5), "mail_address"),
        ("", "mail_address"),
        ("jürgen@stadt.example", "mail_address_local"),
        (7, "string_type"),
        (None, "string_type"),
    ],
)
def test_what_no_mail_server_takes_is_refused(typed: object, code: str):
    with pytest.raises(ValidationError) as refused:
        ADDRESS.validate_python(typed)
    assert refused.value.errors()[0]["type"] == code
