"""Types that came after the first release of the contracts, and what switches a new one on.

Readers first: a type that comes to a topic which others read already has a flag. Its producer
announces it only where the deployment names the flag (`MARKTBUND_FLAGS`), after every reader that
docs/map.md names is out. The release after the one that brought it may take the flag off here:
then the type is announced always.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Introduced:
    """Since which release of the contracts a type is there; flag: what switches it on, None: it
    is announced always.
    """

    since: str
    flag: str | None = None


_BEFORE_FLAGS = {
    "documentation": ("CheckpointAnchored",),
    "members": (
        "ContractingAuthoritySet",
        "GrantConfirmed",
        "GrantRefused",
        "GrantRequested",
        "RuleSetAdopted",
        "RuleSetState",
        "RuleSetWithdrawn",
        "SignInProvided",
        "UnitAwardsChanged",
    ),
    "orders": (
        "AgreementConfirmed",
        "AgreementDrafted",
        "AgreementEnded",
        "AgreementInForce",
        "AgreementState",
        "CeilingChanged",
        "DecisionReplayed",
        "EntitlementChanged",
        "NeedClosed",
        "NeedRecorded",
        "NoticeGiven",
        "OffersAwaited",
        "OffersRecorded",
        "OrderAwarded",
        "OrderHandedOver",
        "OrderRefused",
        "OrderReleased",
        "OrderSentBack",
        "PriceChanged",
        "RouteDecided",
        "SuccessorApproved",
        "TermChanged",
    ),
    "supplier-gateway": (
        "ChannelChanged",
        "DeliveryAbandoned",
        "DeliveryFailed",
        "DeliveryReplayed",
    ),
    "tender-planning": (
        "GroupCorrected",
        "GroupCorrectionWithdrawn",
        "GroupState",
        "ProposalDecided",
        "TenderAwarded",
        "TenderCancelled",
        "TenderOpened",
    ),
}
"""Owner -> types of 0.2.0: announced by deployments before there were flags."""

INTRODUCED: dict[str, Introduced] = {
    f"marktbund.{owner}.{name}.v1": Introduced("0.2.0")
    for owner, names in _BEFORE_FLAGS.items()
    for name in names
}
"""CloudEvents type -> since when it is there: the one list of types with release and flag."""


class HeldBackError(Exception):
    """A type was announced whose flag is off; the handler has to ask first."""


def flag_of(kind: str) -> str | None:
    """The flag of a CloudEvents type, None where it is announced always."""
    introduced = INTRODUCED.get(kind)
    return None if introduced is None else introduced.flag


def unknown(flags: Iterable[str]) -> list[str]:
    """Flags that no type has: misspelt, or taken off by this release."""
    return sorted(set(flags) - {introduced.flag for introduced in INTRODUCED.values()})
