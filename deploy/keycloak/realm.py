"""The realm as code: what stands in this folder is what Keycloak has, on every start anew.

In: Keycloak's administration and the values that differ per deployment. Out: the realm's settings,
flows, scopes and clients as the files say; people and what was changed by hand beside them stay.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

import httpx
from pydantic import JsonValue, TypeAdapter

from deploy.keycloak.answers import done
from deploy.keycloak.clients import Described, keep_client, keep_scope, scopes_of
from deploy.keycloak.flows import keep_flows

SECOND_FACTOR = "second-factor"
"""The realm's role of everybody whom it asks for a second factor; members grants it."""
SECURITY_KEY = "security-key"
"""The role of those who enrol a security key instead of an app; the operator grants it."""
_FOLDER = Path(__file__).parent
_NAME = "marktbund"
_TIMEOUT_SECONDS = 60.0
_ONE: TypeAdapter[Described] = TypeAdapter(Described)
_MANY: TypeAdapter[list[Described]] = TypeAdapter(list[Described])
_OFFLINE = "offline_access"
_MASTER = {
    "bruteForceProtected": True,
    "eventsEnabled": True,
    "eventsExpiration": 7776000,
    "adminEventsEnabled": True,
    "passwordPolicy": "length(12)",
}
"""The realm of Keycloak's own administrator, whom nobody reaches from outside."""


class Realm:
    """Changes one Keycloak's realm `marktbund`. `url`: up to and including `/auth`."""

    def __init__(self, url: str, admin_password: str) -> None:
        self._url = url
        self._password = admin_password

    def apply(self, values: Mapping[str, str], mail: Mapping[str, str], *, demo: bool) -> None:
        """Make the realm, or bring it to what the files say.

        With `demo` the demo's clients too, its shorter password, and no second factor. mail: the
        server by which Keycloak invites people, in its own words; empty: it cannot.

        Raises httpx.HTTPError when Keycloak refuses.
        """
        with self.administration() as admin:
            realms = f"{self._url}/admin/realms"
            if admin.get("").status_code == httpx.codes.NOT_FOUND:
                done(admin.post(realms, json={"realm": _NAME, "enabled": False}))
            done(admin.put(f"{realms}/master", json=_MASTER))
            flows = keep_flows(admin)
            _end_offline_tokens(admin)
            for role in (SECOND_FACTOR, SECURITY_KEY):
                _keep_role(admin, role)
            for scope in _listed("scopes.json", values):
                keep_scope(admin, scope)
            clients = _listed("clients.json", values)
            for client in clients + (_listed("demo-clients.json", values) if demo else []):
                keep_client(admin, client)
            done(admin.put("/users/profile", json=_rendered("profile.json", values)))
            settings = {**_rendered("realm.json", flows), "smtpServer": {**mail}}
            demo_settings = _rendered("demo.json", {}) if demo else {}
            done(admin.put("", json={**settings, **demo_settings}))

    def add_people(self, people: Sequence[Mapping[str, JsonValue]]) -> int:
        """Make accounts that are not there yet; returns how many were made.

        Each in Keycloak's own form; `id` becomes the token's `sub`. Raises httpx.HTTPError.
        """
        with self.administration() as admin:
            body = {"ifResourceExists": "SKIP", "users": people}
            return int(done(admin.post("/partialImport", json=body)).json()["added"])

    def administration(self) -> httpx.Client:
        """A client of the realm's administration. Raises httpx.HTTPError."""
        form = {
            "grant_type": "password",
            "client_id": "admin-cli",
            "username": "admin",
            "password": self._password,
        }
        path = "/realms/master/protocol/openid-connect/token"
        answer = done(httpx.post(f"{self._url}{path}", data=form, timeout=_TIMEOUT_SECONDS))
        return httpx.Client(
            base_url=f"{self._url}/admin/realms/{_NAME}",
            headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
            timeout=_TIMEOUT_SECONDS,
        )


def _rendered(file: str, values: Mapping[str, str]) -> Described:
    return _ONE.validate_json(Template((_FOLDER / file).read_text()).substitute(values))


def _listed(file: str, values: Mapping[str, str]) -> list[Described]:
    return _MANY.validate_json(Template((_FOLDER / file).read_text()).substitute(values))


def _end_offline_tokens(admin: httpx.Client) -> None:
    # Out of every client at once: a token without an end would outlive password and second factor.
    scope = scopes_of(admin).get(_OFFLINE)
    if scope is not None:
        done(admin.delete(f"/client-scopes/{scope}"))
    if not admin.get(f"/roles/{_OFFLINE}").is_error:
        done(admin.delete(f"/roles/{_OFFLINE}"))


def _keep_role(admin: httpx.Client, role: str) -> None:
    if admin.get(f"/roles/{role}").is_error:
        done(admin.post("/roles", json={"name": role}))
