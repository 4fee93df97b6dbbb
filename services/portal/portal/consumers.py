"""Event doors: which news goes to which handler."""

from marktbund.consuming import Hearing
from marktbund.contracts.members import MEMBER_STATE
from marktbund.contracts.supplier_gateway import SUPPLIER_STATE
from portal.handlers import replicas


def hearing() -> Hearing:
    """What portal listens to; people are heard by the platform itself."""
    return Hearing(
        {
            MEMBER_STATE: replicas.keep_member_names,
            SUPPLIER_STATE: replicas.keep_sellers,
        }
    )
