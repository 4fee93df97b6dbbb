"""What the operator does for somebody who cannot sign in; Keycloak's admin events keep each step.

In: the realm's administration and the account's name or address. Out: what was done, in a sentence.
"""

import httpx
from pydantic import BaseModel, TypeAdapter

from deploy.keycloak.answers import done
from deploy.keycloak.realm import SECOND_FACTOR, SECURITY_KEY

LINK_SECONDS = 24 * 3600


class _User(BaseModel):
    id: str


_USERS = TypeAdapter(list[_User])


class AccountUnknownError(Exception):
    """Keycloak has no account of that name or address."""


def unlock(admin: httpx.Client, name: str) -> str:
    """Forget wrong passwords and codes, so that the account may try again at once."""
    user = _account(admin, name)
    done(admin.delete(f"/attack-detection/brute-force/users/{user.id}"))
    return f"{name} may sign in again"


def reset(admin: httpx.Client, name: str) -> str:
    """Take password and second factor away, end every sign-in, and mail the way to new ones.

    The password goes, too: whoever knew it could enrol a factor of their own. Raises
    httpx.HTTPError, also when no mail could be sent: then the command is given again.
    """
    user = _account(admin, name)
    user_path = f"/users/{user.id}"
    for credential in done(admin.get(f"{user_path}/credentials")).json():
        done(admin.delete(f"{user_path}/credentials/{credential['id']}"))
    done(admin.post(f"{user_path}/logout"))
    done(admin.delete(f"/attack-detection/brute-force/users/{user.id}"))
    held = {role["name"] for role in done(admin.get(f"{user_path}/role-mappings/realm")).json()}
    steps = ["UPDATE_PASSWORD"]
    if SECURITY_KEY in held:
        steps.append("webauthn-register")
    elif SECOND_FACTOR in held:
        steps.append("CONFIGURE_TOTP")
    lifespan = {"lifespan": str(LINK_SECONDS)}
    done(admin.put(f"{user_path}/execute-actions-email", params=lifespan, json=steps))
    return f"{name} has got a mail with a link, good for a day: {', '.join(steps)}"


def give_key(admin: httpx.Client, name: str) -> str:
    """Have the account enrol a security key instead of an app, at its next sign-in or reset."""
    user = _account(admin, name)
    role = done(admin.get(f"/roles/{SECURITY_KEY}")).json()
    done(admin.post(f"/users/{user.id}/role-mappings/realm", json=[role]))
    return f"{name} enrols a security key"


def _account(admin: httpx.Client, name: str) -> _User:
    field = "email" if "@" in name else "username"
    answer = done(admin.get("/users", params={field: name, "exact": "true"}))
    users = _USERS.validate_json(answer.content)
    if not users:
        raise AccountUnknownError(f"no account {name} at Keycloak")
    return users[0]
