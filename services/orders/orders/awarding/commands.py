"""What can be asked for about needs."""

from typing import Annotated

from marktbund.commands import Command
from marktbund.contracts.routes import NeedKind
from marktbund.contracts.rule_sets import ContractKind
from marktbund.money import NetCosts
from marktbund.texts import OneLine
from orders.awarding.domain.limits import NeedTerms


class DescribedNeed(Command):
    """A need described with its first order; see NeedTerms."""

    title: Annotated[str, OneLine(200)] = ""
    kind: NeedKind = "one_off"
    contract_kind: ContractKind | None = None
    stated_net: NetCosts | None = None
    monthly_net: NetCosts | None = None

    def terms(self) -> NeedTerms:
        """The same for the domain."""
        return NeedTerms(**self.model_dump())


class RecordNeed(DescribedNeed):
    """Write a need down before anything is ordered for it: what, which contract, what worth."""

    title: Annotated[str, OneLine(200, min_length=1)]
    contract_kind: ContractKind
