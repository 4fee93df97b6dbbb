"""A person at the portal without a browser: signed in through Keycloak's own form, cookies kept.

In: the site's address and an account. Out: how long pages take until their last byte.
"""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from urllib.parse import urljoin

import httpx

from deploy.devstack.front import DEMO_PASSWORD

_FORM = re.compile(r'<form[^>]*id="kc-form-login"[^>]*action="([^"]+)"')


class Visitor:
    """One person's way through the site, one page after the other."""

    def __init__(self, site: str, http: httpx.AsyncClient) -> None:
        self._site = site
        self._http = http

    async def sign_in(self, sub: str) -> None:
        """From the portal over Keycloak's form and back. Raises RuntimeError when not let in."""
        asked = await self._http.get(f"{self._site}/anmeldung")
        form = _FORM.search(asked.text)
        if form is None:
            raise RuntimeError(f"no form to sign in at {asked.url}")
        # Browsers send Secure cookies to the loopback address as well, httpx does not.
        for cookie in self._http.cookies.jar:
            cookie.secure = False
        target = urljoin(str(asked.url), unescape(form[1]))
        data = {"username": sub, "password": DEMO_PASSWORD}
        come_back = await self._http.post(target, data=data)
        if come_back.status_code != httpx.codes.OK or "Abmelden" not in come_back.text:
            raise RuntimeError(f"{sub} was not let in: {come_back.status_code}")

    async def wait(self, path: str) -> float:
        """Seconds until the whole page is there. Raises httpx.HTTPStatusError when refused."""
        begun = time.perf_counter()
        answer = await self._http.get(f"{self._site}{path}")
        elapsed = time.perf_counter() - begun
        answer.raise_for_status()
        return elapsed


@asynccontextmanager
async def signed_in(site: str, sub: str) -> AsyncIterator[Visitor]:
    """A visitor of one's own; nobody in particular with an empty `sub`."""
    async with httpx.AsyncClient(follow_redirects=True, timeout=60) as http:
        visitor = Visitor(site, http)
        if sub:
            await visitor.sign_in(sub)
        yield visitor
