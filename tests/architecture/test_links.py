"""The one link in every mail leads to a page that the portal has."""

from members.domain.mails import WORDINGS, Wording
from tests.architecture.test_doors import routes
from tests.architecture.tree import service


def missing(wordings: list[Wording]) -> list[str]:
    """Pages that mails link and the portal does not have."""
    pages = {route.path for router in service("portal").pages for route in routes(router)}
    return [wording.page for wording in wordings if f"/{wording.page}/{{order_id}}" not in pages]


def test_every_link_in_a_mail_leads_to_a_page():
    assert missing(list(WORDINGS.values())) == []


def test_a_page_that_is_not_there_is_found():
    assert missing([Wording("", "", "bezahlungen")]) == ["bezahlungen"]  # type: ignore[arg-type]
