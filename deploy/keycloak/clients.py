"""Clients and what their tokens carry, brought to what the files say, however they were before.

In: Keycloak's administration and a client or a scope as in `clients.json`, `scopes.json`. Out: the
same however often it runs.
"""

from collections.abc import Mapping

import httpx
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from deploy.keycloak.answers import done

_OURS = "serviceAccountRoles"
_SCOPES = {
    "defaultClientScopes": "default-client-scopes",
    "optionalClientScopes": "optional-client-scopes",
}
Roles = Mapping[str, list[str]]
"""Client -> names of its roles."""
Described = Mapping[str, JsonValue]
"""A client or a scope as in the files: Keycloak's own form, of which little is ours."""
_ROLES: TypeAdapter[Roles] = TypeAdapter(Roles)
_NAMES = TypeAdapter(list[str])


class _Kept(BaseModel):
    """What Keycloak keeps under an id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str


class _Scope(_Kept):
    name: str


_SCOPES_KEPT = TypeAdapter(list[_Scope])
_CLIENTS_KEPT = TypeAdapter(list[_Kept])
_ROLES_KEPT: TypeAdapter[list[Described]] = TypeAdapter(list[Described])


def keep_scope(admin: httpx.Client, scope: Described) -> None:
    """A set of claims that clients may ask for; `clientRoles`: of which clients it tells roles."""
    wanted = {key: value for key, value in scope.items() if key != "clientRoles"}
    known = scopes_of(admin).get(str(scope["name"]))
    if known is not None:
        return
    location = done(admin.post("/client-scopes", json=wanted)).headers["location"]
    scope_id = location.rpartition("/")[2]
    _grant(
        admin,
        f"/client-scopes/{scope_id}/scope-mappings/clients",
        _ROLES.validate_python(scope["clientRoles"]),
    )


def scopes_of(admin: httpx.Client) -> Mapping[str, str]:
    """Name of every client scope -> its id."""
    return _ids(done(admin.get("/client-scopes")))


def keep_client(admin: httpx.Client, client: Described) -> None:
    """A client with exactly these settings, mappers and scopes, its own account's roles beside."""
    wanted = {key: value for key, value in client.items() if key not in (_OURS, *_SCOPES)}
    known_client = _client(admin, str(client["clientId"]))
    if known_client is None:
        done(admin.post("/clients", json={**client_without_roles(client)}))
        known_client = _client(admin, str(client["clientId"]))
        assert known_client is not None  # noqa: S101 - made above
    else:
        done(admin.put(f"/clients/{known_client.id}", json={**wanted, "id": known_client.id}))
    client_path = f"/clients/{known_client.id}"
    known = scopes_of(admin)
    for key, path in _SCOPES.items():
        if key in client:
            names = _NAMES.validate_python(client[key])
            _keep_scopes(admin, f"{client_path}/{path}", {name: known[name] for name in names})
    if roles := client.get(_OURS):
        answer = done(admin.get(f"{client_path}/service-account-user"))
        account = _Kept.model_validate_json(answer.content)
        granted = _ROLES.validate_python(roles)
        _grant(admin, f"/users/{account.id}/role-mappings/clients", granted)


def client_without_roles(client: Described) -> Described:
    """As Keycloak takes it: what is ours in the file is left out."""
    return {key: value for key, value in client.items() if key != _OURS}


def _keep_scopes(admin: httpx.Client, path: str, wanted: Mapping[str, str]) -> None:
    known = _ids(done(admin.get(path)))
    for name in known.keys() - wanted.keys():
        done(admin.delete(f"{path}/{known[name]}"))
    for name in wanted.keys() - known.keys():
        done(admin.put(f"{path}/{wanted[name]}"))


def _grant(admin: httpx.Client, mappings: str, roles: Roles) -> None:
    for client_id, names in roles.items():
        client = _client(admin, client_id)
        assert client is not None  # noqa: S101 - Keycloak's own
        listed = done(admin.get(f"/clients/{client.id}/roles"))
        known = _ROLES_KEPT.validate_json(listed.content)
        given = [role for role in known if role["name"] in names]
        done(admin.post(f"{mappings}/{client.id}", json=given))


def _client(admin: httpx.Client, client_id: str) -> _Kept | None:
    listed = done(admin.get("/clients", params={"clientId": client_id}))
    return next(iter(_CLIENTS_KEPT.validate_json(listed.content)), None)


def _ids(listed: httpx.Response) -> Mapping[str, str]:
    return {scope.name: scope.id for scope in _SCOPES_KEPT.validate_json(listed.content)}
