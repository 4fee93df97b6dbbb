"""Puts portal together. `python -m portal.main` serves."""

from dataclasses import replace

from fastapi import FastAPI

from marktbund.composition import Service, run
from portal import consumers, jobs, pages
from portal.clients.identity import Client, Identity
from portal.clients.services import Services
from portal.pages import errors, statics
from portal.pages.renewing import Renewals
from portal.settings import Settings


def _furnished(app: FastAPI) -> None:
    statics.mount(app)
    errors.add_handlers(app)


SERVICE = Service(
    name="portal",
    title="Portal",
    routers=[pages.router],
    pages=pages.routers,
    furnish=_furnished,
    hearing=consumers.hearing(),
    jobs=jobs.JOBS,
    wide_paths=("/freitext",),
)


def composed(settings: Settings) -> Service:
    """The service with its ways to the issuer and to the other services."""
    client = Client(settings.client_id, settings.client_secret.get_secret_value())
    state = {
        "identity": Identity(settings.issuer_url, client, settings.site),
        "renewals": Renewals(),
        "services": Services(settings.services),
        "site": settings.site,
        "feedback": settings.feedback,
    }
    return replace(SERVICE, state=state)


if __name__ == "__main__":
    settings = Settings()
    run(composed(settings), settings)
