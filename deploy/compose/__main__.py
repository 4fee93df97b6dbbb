"""`python -m deploy.compose prepare --site https://name --mail-from ADDRESS --mail-host NAME`.

Makes the files that docker-compose.yml names and says how to go on. `databases`, `accounts` and
`realm` are the steps that compose itself runs before the services. The mail server's password, if
it asks for a login, is read from MARKTBUND_MAIL_PASSWORD.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run one command; 2 when it is not known or not told enough."""
    if arguments[:1] != ["prepare"]:
        return _step(arguments)
    parser = argparse.ArgumentParser(prog="python -m deploy.compose prepare")
    for name in ("--site", "--mail-from", "--mail-host"):
        parser.add_argument(name, required=True)
    parser.add_argument("--mail-user", default="")
    parser.add_argument("--stamp-url", default="", help="a time stamp authority, RFC 3161")
    parser.add_argument("--stamp-ca", type=Path, help="its roots, PEM")
    parser.add_argument("--anchors", type=Path, help="a folder that takes a checkpoint a day")
    asked = parser.parse_args(arguments[1:])
    # Only here: what makes the files needs the local stack's packages, which no image has.
    from deploy.compose.settings import SiteOptions, prepare  # noqa: PLC0415
    from deploy.devstack.deployment import Places  # noqa: PLC0415
    from deploy.images import images, not_pinned  # noqa: PLC0415

    password = os.environ.get("MARKTBUND_MAIL_PASSWORD", "")
    roots = asked.stamp_ca.read_text() if asked.stamp_ca else ""
    mail = (asked.mail_from, asked.mail_host, asked.mail_user, password)
    options = SiteOptions(asked.site, *mail, asked.stamp_url, roots)
    if asked.anchors:
        options = replace(options, anchors=str(asked.anchors.absolute()))
    try:
        directory = prepare(Places(), options)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for name in not_pinned(images()):
        print(f"not pinned: {name} (make pin-images)", file=sys.stderr)
    print(f"docker compose --env-file {directory}/site.env up --build --detach --wait")
    return 0


def _step(arguments: list[str]) -> int:
    from deploy.compose.steps import STEPS, run  # noqa: PLC0415

    if len(arguments) != 1 or arguments[0] not in STEPS:
        print(__doc__, file=sys.stderr)
        return 2
    run(arguments[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
