"""Clients and what their tokens carry, brought to what the files say, however they were before.

In: Keycloak's administration and a client or a scope as in `clients.json`, `scopes.json`. Out: the
same however often it runs.
"""

from typing import Any

import httpx

from deploy.keycloak.answers import done

_OURS = "serviceAccountRoles"
_SCOPES = {
    "defaultClientScopes": "default-client-scopes",
    "optionalClientScopes": "optional-client-scopes",
}
Roles = dict[str, list[str]]


def keep_scope(admin: httpx.Client, scope: dict[str, Any]) -> None:
    """A set of claims that clients may ask for; `clientRoles`: of which clients it tells roles."""
    wanted = {key: value for key, value in scope.items() if key != "clientRoles"}
    known = scopes_of(admin).get(scope["name"])
    if known is not None:
        return
    location = done(admin.post("/client-scopes", json=wanted)).headers["location"]
    scope_id = location.rpartition("/")[2]
    _grant(admin, f"/client-scopes/{scope_id}/scope-mappings/clients", scope["clientRoles"])


def scopes_of(admin: httpx.Client) -> dict[str, str]:
    """Name of every client scope -> its id."""
    return {scope["name"]: scope["id"] for scope in done(admin.get("/client-scopes")).json()}


def keep_client(admin: httpx.Client, client: dict[str, Any]) -> None:
    """A client with exactly these settings, mappers and scopes, its own account's roles beside."""
    wanted = {key: value for key, value in client.items() if key not in (_OURS, *_SCOPES)}
    known_client = _client(admin, client["clientId"])
    if known_client is None:
        done(admin.post("/clients", json={**client_without_roles(client)}))
        known_client = _client(admin, client["clientId"])
        assert known_client is not None  # noqa: S101 - made above
    else:
        done(admin.put(f"/clients/{known_client['id']}", json={**wanted, "id": known_client["id"]}))
    client_path = f"/clients/{known_client['id']}"
    known = scopes_of(admin)
    for key, path in _SCOPES.items():
        if key in client:
            _keep_scopes(
                admin, f"{client_path}/{path}", {name: known[name] for name in client[key]}
            )
    if roles := client.get(_OURS):
        account = done(admin.get(f"{client_path}/service-account-user")).json()["id"]
        _grant(admin, f"/users/{account}/role-mappings/clients", roles)


def client_without_roles(client: dict[str, Any]) -> dict[str, Any]:
    """As Keycloak takes it: what is ours in the file is left out."""
    return {key: value for key, value in client.items() if key != _OURS}


def _keep_scopes(admin: httpx.Client, path: str, wanted: dict[str, str]) -> None:
    known = {scope["name"]: scope["id"] for scope in done(admin.get(path)).json()}
    for name in known.keys() - wanted.keys():
        done(admin.delete(f"{path}/{known[name]}"))
    for name in wanted.keys() - known.keys():
        done(admin.put(f"{path}/{wanted[name]}"))


def _grant(admin: httpx.Client, mappings: str, roles: Roles) -> None:
    for client_id, names in roles.items():
        client = _client(admin, client_id)
        assert client is not None  # noqa: S101 - Keycloak's own
        known = done(admin.get(f"/clients/{client['id']}/roles")).json()
        given = [role for role in known if role["name"] in names]
        done(admin.post(f"{mappings}/{client['id']}", json=given))


def _client(admin: httpx.Client, client_id: str) -> dict[str, Any] | None:
    clients = done(admin.get("/clients", params={"clientId": client_id})).json()
    return dict(clients[0]) if clients else None
