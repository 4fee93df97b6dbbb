"""`python -m deploy.keycloak unlock|reset|key NAME`: help for somebody who cannot sign in.

NAME: what the account is called at Keycloak, or its address. `unlock` lets it try again at once;
`reset` takes password and second factor away, ends its sign-ins and mails a link to set both anew;
`key` has it enrol a security key instead of an app. Docs: docs/runbooks/locked-out.md.
"""

import json
import sys
from pathlib import Path

import httpx

from deploy.keycloak import accounts
from deploy.keycloak.accounts import AccountUnknownError
from deploy.keycloak.realm import Realm

_SECRETS = Path("/run/secrets/front")
_INSIDE = "http://keycloak:8080/auth"
COMMANDS = {"unlock": accounts.unlock, "reset": accounts.reset, "key": accounts.give_key}


def main(arguments: list[str]) -> int:
    """Run one command; 2 when it is not known, 1 when Keycloak has no such account or refuses."""
    if len(arguments) != 2 or arguments[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    command, name = arguments
    try:
        with _realm().administration() as admin:
            print(COMMANDS[command](admin, name))
    except (AccountUnknownError, httpx.HTTPError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _realm() -> Realm:
    if _SECRETS.exists():
        return Realm(_INSIDE, json.loads(_SECRETS.read_text())["admin"])
    # Only here: the local stack's packages are in no image.
    from deploy.devstack.deployment import MAIN, Places  # noqa: PLC0415
    from deploy.devstack.front import realm_of  # noqa: PLC0415

    return realm_of(MAIN, Places())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
