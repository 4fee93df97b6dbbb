"""Fills a running deployment through its public doors; what is there already stays as it is.

In: a plan of members and suppliers. Out: their ids. The two office accounts alone are made by a
command of members, because no door could let them in; one asks for roles, the other confirms.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from acceptance.actors.client import DemoClient, ProblemError
from acceptance.actors.commands import service_command
from acceptance.actors.readings import ListedOrderReading, Reading
from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.bodies import Body
from acceptance.dataset.plans import (
    OFFICE,
    OFFICIALS,
    PROCUREMENT,
    SECOND_OFFICE,
    MemberPlan,
    Plan,
    SupplierPlan,
)
from deploy.devstack.deployment import Deployment, Places
from marktbund.contracts.http.catalog import PriceListAnswer
from marktbund.contracts.http.members import (
    MemberAnswer,
    PersonAnswer,
    RegisteredAnswer,
    RequestAnswer,
    RuleSetAnswer,
)
from marktbund.contracts.http.supplier_gateway import SupplierAnswer

NOT_YET_HEARD = frozenset({"not_authorised", "supplier_unknown"})
"""What a service says while news of an account or a supplier is still on its way to it."""

_AT_ONCE = 4
_TOLD_EVERY = 10

Progress = Callable[[str], None]
Each = TypeVar("Each")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Seeded:
    """Ids by official key and by supplier's name; `changes`: how many things had to be made."""

    members: Mapping[str, str]
    suppliers: Mapping[str, str]
    changes: int


class BootstrapError(Exception):
    """The command that makes the office accounts failed; the message carries its output."""


def bootstrap(deployment: Deployment, places: Places) -> None:
    """Make the two office accounts; an office that exists already is fine.

    Raises BootstrapError.
    """
    named = (f"{account.sub}={_address(account.sub)}" for account in (OFFICE, SECOND_OFFICE))
    outcome = service_command(deployment, places, "members", "bootstrap", *named)
    if outcome.returncode != 0 and "office_exists" not in outcome.stderr:
        raise BootstrapError((outcome.stdout + outcome.stderr)[-2000:])


class Seeding:
    """One run over a plan. `at`: the business time of everything made; None is now."""

    def __init__(
        self, client: DemoClient, progress: Progress, *, at: datetime | None = None
    ) -> None:
        self._client = client
        self._progress = progress
        self._at = at
        self._changes = 0
        self._lists = 0

    async def run(self, plan: Plan, make_office: Callable[[], None]) -> Seeded:
        """Make what is missing and wait until the accounts are known everywhere.

        Raises an ExceptionGroup of ProblemError and UnreachableError, and what `make_office` does.
        """
        await self._office(make_office)
        members = await self._members(plan.members)
        await self._accounts(plan.members, members)
        await self._rules(plan.members, members)
        suppliers = await self._suppliers(plan.suppliers)
        await _side_by_side(
            plan.suppliers, lambda offer: self._price_list(suppliers[offer.name], offer)
        )
        articles = sum(offer.articles for offer in plan.suppliers)
        self._progress(f"all {len(suppliers)} price lists in force, {articles:,} articles")
        await self._arrival(plan.members, members)
        return Seeded(members, suppliers, self._changes)

    async def _send(
        self,
        account: DemoAccount,
        service: str,
        path: str,
        content: Body | str | None = None,
        *,
        method: str = "POST",
    ) -> bytes:
        self._changes += 1
        return await self._client.send(
            account,
            service,
            path,
            content,
            method=method,
            at=self._at,
            awaiting=NOT_YET_HEARD,
        )

    async def _office(self, make_office: Callable[[], None]) -> None:
        try:
            await self._client.get(OFFICE, "members", "/me", Reading)
        except ProblemError as problem:
            if problem.code != "person_unknown":
                raise
            await asyncio.to_thread(make_office)
            self._changes += 1
        self._progress("the office has two accounts")

    async def _members(self, planned: Sequence[MemberPlan]) -> Mapping[str, str]:
        pages = self._client.pages(
            OFFICE, "members", "/members", MemberAnswer, lambda member: str(member.member_id)
        )
        known = {member.official_key: str(member.member_id) async for member in pages}

        async def register(member: MemberPlan) -> None:
            body = {
                "name": member.name,
                "legal_form": member.legal_form,
                "official_key": member.official_key,
            }
            content = await self._send(OFFICE, "members", "/members", body)
            made = MemberAnswer.model_validate_json(content)
            known[member.official_key] = str(made.member_id)

        await _side_by_side([m for m in planned if m.official_key not in known], register)
        self._progress(f"{len(planned)} members registered")
        return {member.official_key: known[member.official_key] for member in planned}

    async def _accounts(self, planned: Sequence[MemberPlan], member_ids: Mapping[str, str]) -> None:
        pages = self._client.pages(
            OFFICE, "members", "/persons", PersonAnswer, lambda person: str(person.person_id)
        )
        known = {person.sub: str(person.person_id) async for person in pages}
        wanted: dict[str, dict[str, str]] = {
            account.sub: {"role": role} for role, account in OFFICIALS.items()
        }
        for member in planned:
            member_id = member_ids[member.official_key]
            further = (("requester", sub) for sub in member.requesters)
            for role, sub in (*member.accounts.items(), *further):
                wanted[sub] = {"role": role, "member_id": member_id}

        async def register(sub: str) -> None:
            body: Body = {"sub": sub, "grants": [wanted[sub]], "email": _address(sub)}
            content = await self._send(OFFICE, "members", "/persons", body)
            known[sub] = str(RegisteredAnswer.model_validate_json(content).person_id)

        await _side_by_side([sub for sub in wanted if sub not in known], register)
        await self._confirm({(known[sub], grant["role"]) for sub, grant in wanted.items()})
        self._progress(f"{len(wanted)} accounts have their roles")

    async def _confirm(self, wanted: Collection[tuple[str, str]]) -> None:
        pages = self._client.pages(
            SECOND_OFFICE,
            "members",
            "/grant-requests",
            RequestAnswer,
            lambda request: str(request.request_id),
        )
        waiting = [
            str(request.request_id)
            async for request in pages
            if (str(request.person_id), request.role) in wanted and not request.mine
        ]

        async def confirm(request_id: str) -> None:
            path = f"/grant-requests/{request_id}/confirmation"
            await self._send(SECOND_OFFICE, "members", path, {})

        await _side_by_side(waiting, confirm)

    async def _rules(self, planned: Sequence[MemberPlan], member_ids: Mapping[str, str]) -> None:
        async def adopt(member: MemberPlan) -> None:
            path = f"/members/{member_ids[member.official_key]}/rule-set"
            try:
                await self._client.get(OFFICE, "members", path, RuleSetAnswer)
            except ProblemError as problem:
                if problem.code != "rule_set_unknown":
                    raise
                await self._send(OFFICE, "members", path, member.rules, method="PUT")

        ruled = [member for member in planned if member.rules is not None]
        await _side_by_side(ruled, adopt)
        if ruled:
            self._progress(f"{len(ruled)} members buy under rules")

    async def _suppliers(self, offers: Sequence[SupplierPlan]) -> Mapping[str, str]:
        await self._heard_of_office()
        pages = self._client.pages(
            OFFICE,
            "supplier_gateway",
            "/suppliers",
            SupplierAnswer,
            lambda supplier: str(supplier.supplier_id),
        )
        known = {supplier.name: supplier async for supplier in pages}

        async def register(offer: SupplierPlan) -> None:
            if offer.name not in known:
                body = {"name": offer.name}
                content = await self._send(OFFICE, "supplier_gateway", "/suppliers", body)
                known[offer.name] = SupplierAnswer.model_validate_json(content)
            if known[offer.name].subs != (offer.sub,):
                path = f"/suppliers/{known[offer.name].supplier_id}/credentials"
                subs = {"subs": [offer.sub]}
                await self._send(OFFICE, "supplier_gateway", path, subs, method="PUT")

        await _side_by_side(offers, register)
        self._progress(f"{len(offers)} suppliers registered")
        return {offer.name: str(known[offer.name].supplier_id) for offer in offers}

    async def _price_list(self, supplier_id: str, offer: SupplierPlan) -> None:
        path = f"/suppliers/{supplier_id}/price-lists"
        lists = await self._client.rows(
            OFFICE, "catalog", path, PriceListAnswer, awaiting=NOT_YET_HEARD
        )
        digest = hashlib.sha256(offer.price_list.encode()).hexdigest()
        newest = max(lists, key=lambda price_list: price_list.number, default=None)
        if newest is None or newest.content_sha256 != digest:
            content = await self._send(OFFICE, "catalog", path, offer.price_list)
            newest = PriceListAnswer.model_validate_json(content)
        if newest.status == "staged":
            await self._send(OFFICE, "catalog", f"{path}/{newest.number}/publication")
        self._lists += 1
        if self._lists % _TOLD_EVERY == 0:
            self._progress(f"{self._lists} price lists in force")

    async def _heard_of_office(self) -> None:
        await self._client.rows(
            OFFICE, "supplier_gateway", "/suppliers", SupplierAnswer, awaiting=NOT_YET_HEARD
        )

    async def _arrival(self, planned: Sequence[MemberPlan], member_ids: Mapping[str, str]) -> None:
        async def knows(member: MemberPlan) -> None:
            requester = DemoAccount(member.accounts["requester"], member_ids[member.official_key])
            await self._client.rows(
                requester,
                "orders",
                "/orders",
                ListedOrderReading,
                params={"limit": 1},
                awaiting=NOT_YET_HEARD,
            )

        async def plans(official: DemoAccount) -> None:
            await self._client.get(
                official, "tender_planning", "/demand/totals", Reading, awaiting=NOT_YET_HEARD
            )

        await _side_by_side(planned, knows)
        await plans(PROCUREMENT)
        self._progress("all services know members and accounts")


def _address(sub: str) -> str:
    return f"{sub}@marktbund.example"


async def _side_by_side(items: Iterable[Each], work: Callable[[Each], Awaitable[Made]]) -> None:
    """Do the work for every item, a few at once."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def work_on(item: Each) -> None:
        async with gate:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for item in items:
            group.create_task(work_on(item))
