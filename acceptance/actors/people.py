"""The demo's people in Keycloak: one account for every role of every member and for suppliers.

In: a plan and a running Keycloak. Out: accounts whose ids are the subjects that the plan names, so
that the same plan works with the local issuer. Nobody real stands behind them.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache

from pydantic import JsonValue

from acceptance.actors.client import Loader
from acceptance.dataset.plans import OFFICE, OFFICIALS, Plan
from deploy.devstack import front
from deploy.devstack.deployment import Deployment, Places
from deploy.devstack.service_plan import addresses
from marktbund.contracts.words import ROLE_WORDS

_ROUNDS = 210_000


def accounts(plan: Plan) -> Mapping[str, tuple[str, str]]:
    """Token subject -> what the account is for, and where: the two halves of its name."""
    officials = (("office", OFFICE), *OFFICIALS.items())
    named = {official.sub: (ROLE_WORDS[role], "Genossenschaft") for role, official in officials}
    for member in plan.members:
        for role, sub in member.accounts.items():
            named[sub] = (ROLE_WORDS[role], member.name)
    return named | {official.sub: ("Vertrieb", official.name) for official in plan.suppliers}


def add_people(plan: Plan, deployment: Deployment, places: Places) -> int:
    """Make the accounts that Keycloak does not have; returns how many were made.

    Raises httpx.HTTPError.
    """
    people = [person(sub, *name) for sub, name in accounts(plan).items()]
    return front.realm_of(deployment, places).add_people(people)


def loader_of(deployment: Deployment, places: Places) -> Loader:
    """How the demo gets tokens for its accounts from Keycloak."""
    site = addresses(deployment, places)["caddy"]
    form = {
        "grant_type": "password",
        "client_id": "demo-loader",
        "client_secret": front.front_secrets(deployment, places)["loader"],
        "password": front.DEMO_PASSWORD,
    }
    return Loader(f"{site}{front.REALM_PATH}", form)


def person(sub: str, first_name: str, last_name: str) -> Mapping[str, JsonValue]:
    """An account with the demo's password, in Keycloak's own form; `sub` is its id and its name."""
    return {
        "id": sub,
        "username": sub,
        "enabled": True,
        "firstName": first_name,
        "lastName": _plain(last_name),
        "email": f"{sub}@marktbund.example",
        "emailVerified": True,
        "realmRoles": ["default-roles-marktbund"],
        "credentials": [{**_password()}],
    }


def _plain(name: str) -> str:
    # Keycloak lets nobody in whose name has other signs, and asks for another name first.
    return re.sub(r"\s+", " ", re.sub(r"\([^)]*\)|[^\w .,'-]", " ", name)).strip()


@cache
def _password() -> Mapping[str, str]:
    # Hashed once here: Keycloak would hash the same word for every account anew, half a minute.
    salt = hashlib.sha256(b"the demo's people").digest()[:16]
    digest = hashlib.pbkdf2_hmac("sha512", front.DEMO_PASSWORD.encode(), salt, _ROUNDS, 64)
    secret = {"value": _text(digest), "salt": _text(salt), "additionalParameters": {}}
    how = {"hashIterations": _ROUNDS, "algorithm": "pbkdf2-sha512", "additionalParameters": {}}
    return {
        "type": "password",
        "secretData": json.dumps(secret),
        "credentialData": json.dumps(how),
    }


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
