"""Who is looking: session, roles, and whom the person acts for."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.principals import find_principal
from portal.clients.services import Caller
from portal.domain.sessions import Session
from portal.store import carts, replicas
from portal.store.carts import Owner
from portal.store.replicas import Seller


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in person on a page.

    person_id: the opaque id services know them by; None for a supplier's account. members: whom
    they may act for, by id. member_id: for whom they act now. roles: what they may
    do now: at that member, for the cooperative, or as a supplier. business_time: when it is in
    business, where a demo says so.
    """

    session: Session
    person_id: UUID | None
    seller: Seller | None
    members: dict[UUID, str]
    member_id: UUID | None
    roles: frozenset[str]
    cooperative: frozenset[str]
    cart_lines: int
    traceparent: str | None
    business_time: datetime | None

    @property
    def caller(self) -> Caller:
        """Services called for the member the person acts for."""
        return replace(self.plain_caller, member_id=self.member_id)

    @property
    def plain_caller(self) -> Caller:
        """Services called for no member: doors of the cooperative and of suppliers."""
        access = self.session.tokens.access
        return Caller(access, None, self.traceparent, self.business_time)

    @property
    def places(self) -> list[str]:
        """For whom the person acts, by name: a supplier or a member."""
        seller = [self.seller.name] if self.seller is not None else []
        return seller + ([self.members[self.member_id]] if self.member_id is not None else [])

    @property
    def cart(self) -> Owner | None:
        """Whose cart is shown; None without a member."""
        return None if self.member_id is None else Owner(self.session.sub, self.member_id)


async def visit_of(
    connection: AsyncConnection,
    session: Session,
    traceparent: str | None,
    business_time: datetime | None = None,
) -> Visit | None:
    """The visit behind a session; None when the account is unknown or no longer active."""
    principal = await find_principal(connection, session.sub)
    seller = await replicas.seller(connection, session.sub)
    if principal is not None and not principal.active:
        return None
    if principal is None and seller is None:
        return None
    grants = principal.grants if principal is not None else ()
    own = list(dict.fromkeys(g.member_id for g in grants if g.member_id is not None))
    member_id = session.member_id if session.member_id in own else next(iter(own), None)
    names = await replicas.member_names(connection) if own else {}
    cooperative = frozenset(g.role for g in grants if g.member_id is None)
    here = {g.role for g in grants if g.member_id is not None and g.member_id == member_id}
    owner = None if member_id is None else Owner(session.sub, member_id)
    return Visit(
        session=session,
        person_id=principal.person_id if principal is not None else None,
        seller=seller,
        members={member_id: names.get(member_id, "Mitglied") for member_id in own},
        member_id=member_id,
        roles=frozenset(here) | cooperative | ({"supplier"} if seller else set()),
        cooperative=cooperative,
        cart_lines=await carts.count(connection, owner) if owner else 0,
        traceparent=traceparent,
        business_time=business_time,
    )
