"""Puts members together. `python -m members.main` serves, `... bootstrap SUB[=ADDRESS] ...` makes
the first accounts of the office.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace

from pydantic_core import PydanticCustomError

from marktbund.addresses import mail_address
from marktbund.ahead import counted
from marktbund.composition import Job, Service, run
from marktbund.contracts.members import MEMBER_EVENTS, PERSON_EVENTS, UNIT_EVENTS
from marktbund.contracts.rule_sets import RULE_SET_EVENTS
from marktbund.unit_of_work import Database, create_engine
from members import consumers, jobs, store
from members.api import bodies, granting, people
from members.commands import FirstOffice
from members.gateways.identities import Administration, Keycloak
from members.gateways.mailing import Server, SmtpSender
from members.settings import Settings
from members.views import standing

SERVICE = Service(
    name="members",
    title="Mitglieder",
    routers=[bodies.router, people.router, granting.router],
    hearing=consumers.hearing(),
    feeds=store.FEEDS,
    owns=(
        counted(MEMBER_EVENTS, "member", "member_id"),
        counted(UNIT_EVENTS, "unit", "unit_id"),
        counted(RULE_SET_EVENTS, "rule_set", "rule_set_id"),
        counted(PERSON_EVENTS, "person", "person_id"),
    ),
    keeps_people=False,
    gauges=standing.gauges,
)


class MailSettingsError(Exception):
    """A mail server is named without what mails need, or reached without encryption."""


class IdentitySettingsError(Exception):
    """An identity provider is named without a secret, or every account would get one password."""


def composed(settings: Settings) -> Service:
    """The service with the jobs whose other side is named.

    Raises MailSettingsError, IdentitySettingsError.
    """
    return replace(SERVICE, jobs=(jobs.chains(), *_mailing(settings), *_provisioning(settings)))


def _provisioning(settings: Settings) -> tuple[Job, ...]:
    if not settings.identity_url:
        return ()
    if not settings.identity_secret.get_secret_value():
        raise IdentitySettingsError("accounts need MARKTBUND_IDENTITY_SECRET")
    demo = settings.identity_demo_password.get_secret_value() or None
    if demo is not None and not settings.driven_clock:
        raise IdentitySettingsError("MARKTBUND_IDENTITY_DEMO_PASSWORD is for demo and test only")
    at = Administration(
        settings.identity_url,
        settings.identity_realm,
        settings.identity_client,
        settings.identity_secret.get_secret_value(),
        demo,
    )
    return (jobs.provisioning(Keycloak(at)),)


def _mailing(settings: Settings) -> tuple[Job, ...]:
    if not settings.mail_host:
        return ()
    if not settings.mail_from or not settings.site:
        raise MailSettingsError("mail needs MARKTBUND_MAIL_FROM and MARKTBUND_SITE")
    try:
        sender = str(mail_address(settings.mail_from))
    except PydanticCustomError as error:
        raise MailSettingsError("MARKTBUND_MAIL_FROM is no address of mail") from error
    if settings.mail_encryption == "none" and not settings.driven_clock:
        raise MailSettingsError("mail without encryption is for demo and test only")
    server = Server(
        settings.mail_host,
        settings.mail_port,
        settings.mail_encryption,
        settings.mail_user,
        settings.mail_password.get_secret_value(),
        settings.mail_ca_file,
    )
    return (jobs.mailing(SmtpSender(server), settings.site, sender),)


async def _bootstrap(settings: Settings, named: Sequence[str]) -> None:
    pairs = [pair.partition("=") for pair in named]
    accounts = [FirstOffice(sub=sub, email=email or None) for sub, _, email in pairs]
    engine = create_engine(settings.database_url, application="members-bootstrap")
    try:
        await jobs.bootstrap(Database(engine, "members"), accounts)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    settings = Settings()
    if sys.argv[1:2] == ["bootstrap"]:
        asyncio.run(_bootstrap(settings, sys.argv[2:]))
    else:
        run(composed(settings), settings)
