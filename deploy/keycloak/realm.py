"""The realm as code: what stands in this folder is what Keycloak has, on every start anew.

In: Keycloak's administration and the values that differ per deployment. Out: the realm's settings
and clients as `realm.json` says; people and what was changed by hand beside them stay.
"""

import json
from pathlib import Path
from string import Template
from typing import Any

import httpx

_FOLDER = Path(__file__).parent
_NAME = "marktbund"
_TIMEOUT_SECONDS = 60.0
_MADE_ONCE = ("clients", "users")


class Realm:
    """Changes one Keycloak's realm `marktbund`. `url`: up to and including `/auth`."""

    def __init__(self, url: str, admin_password: str) -> None:
        self._url = url
        self._password = admin_password

    def apply(self, values: dict[str, str], mail: dict[str, str], *, demo: bool) -> None:
        """Make the realm, or bring it to what the files say; with `demo` the demo's clients too.

        mail: the server by which Keycloak invites people, in its own words; empty: it cannot.

        Raises httpx.HTTPError when Keycloak refuses.
        """
        wanted = _rendered("realm.json", values)
        wanted["smtpServer"] = mail
        if demo:
            wanted["clients"] += _rendered("demo-clients.json", values)
        with self._administration() as admin:
            if admin.get("").status_code == httpx.codes.NOT_FOUND:
                _done(admin.post(f"{self._url}/admin/realms", json=wanted))
                return
            settings = {key: value for key, value in wanted.items() if key not in _MADE_ONCE}
            _done(admin.put("", json=settings))
            for client in wanted["clients"]:
                _keep_client(admin, client)

    def add_people(self, people: list[dict[str, Any]]) -> int:
        """Make accounts that are not there yet; returns how many were made.

        Each in Keycloak's own form; `id` becomes the token's `sub`. Raises httpx.HTTPError.
        """
        with self._administration() as admin:
            body = {"ifResourceExists": "SKIP", "users": people}
            return int(_done(admin.post("/partialImport", json=body)).json()["added"])

    def _administration(self) -> httpx.Client:
        form = {
            "grant_type": "password",
            "client_id": "admin-cli",
            "username": "admin",
            "password": self._password,
        }
        path = "/realms/master/protocol/openid-connect/token"
        answer = _done(httpx.post(f"{self._url}{path}", data=form, timeout=_TIMEOUT_SECONDS))
        return httpx.Client(
            base_url=f"{self._url}/admin/realms/{_NAME}",
            headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
            timeout=_TIMEOUT_SECONDS,
        )


def _rendered(file: str, values: dict[str, str]) -> Any:
    return json.loads(Template((_FOLDER / file).read_text()).substitute(values))


def _keep_client(admin: httpx.Client, client: dict[str, Any]) -> None:
    found = _done(admin.get("/clients", params={"clientId": client["clientId"]})).json()
    if found:
        _done(admin.put(f"/clients/{found[0]['id']}", json={**client, "id": found[0]["id"]}))
    else:
        _done(admin.post("/clients", json=client))


def _done(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        text = f"Keycloak refused {answer.request.url.path}: {answer.status_code} {answer.text}"
        raise httpx.HTTPStatusError(text, request=answer.request, response=answer)
    return answer
