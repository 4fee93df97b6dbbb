"""Accounts and ACLs of a deployment: `python -m deploy.kafka apply PACKAGE...`.

In: MARKTBUND_PREFIX and the MARKTBUND_KAFKA_* of a super user; passwords on standard input, a JSON
object of account and password. Out: every service has its account and exactly its rights.
"""

import json
import os
import sys

from deploy.kafka.accounts import apply
from deploy.kafka.rights import accounts, service_rights
from marktbund.kafka_access import KafkaAccess


def main(arguments: list[str]) -> int:
    """Run the command; 2 when it is not known."""
    if arguments[:1] != ["apply"] or not arguments[1:]:
        print(__doc__, file=sys.stderr)
        return 2
    prefix = os.environ.get("MARKTBUND_PREFIX", "")
    wanted = accounts(prefix, service_rights(arguments[1:]))
    apply(KafkaAccess.from_environment(os.environ), wanted, json.load(sys.stdin))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
