"""One realistic message per type, with fixed values: what the golden files are written from."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marktbund.contracts import catalog, documentation, members, notices, orders
from marktbund.contracts.base import Message
from tests.contracts.agreement_samples import AGREEMENTS
from tests.contracts.detail_samples import ACCOUNT, PLACE, QUOTED
from tests.contracts.grant_samples import GRANTED
from tests.contracts.planning_samples import PLANNING
from tests.contracts.route_samples import ROUTES
from tests.contracts.supplier_samples import SUPPLIERS


def _id(number: int) -> UUID:
    return UUID(f"01936f2e-7c00-7000-8000-{number:012d}")


MEMBER, OTHER_MEMBER, UNIT, PERSON, OFFICE, MACHINE = (_id(n) for n in range(1, 7))
SUPPLIER, ARTICLE, ORDER, SUPPLIER_ORDER, RESPONSE, DESPATCH, DELIVERY, LEDGER = (
    _id(n) for n in range(11, 19)
)
NOON = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
GRANTS = (members.Grant(role="requester", member_id=MEMBER),)
MANDATES = (
    members.Mandate(
        acting_member_id=OTHER_MEMBER,
        member_id=MEMBER,
        valid_from=date(2026, 1, 1),
        valid_to=date(2027, 12, 31),
    ),
)
TOWN: dict[str, Any] = {
    "name": "Stadt Bad Münstereifel",
    "legal_form": "municipality",
    "official_key": "05366004",
}
SHARE: dict[str, Any] = {
    "supplier_order_id": SUPPLIER_ORDER,
    "order_id": ORDER,
    "member_id": MEMBER,
    "supplier_id": SUPPLIER,
}
LINE = orders.OrderLine(
    line_no=1,
    article_id=ARTICLE,
    supplier_id=SUPPLIER,
    article_number="KP-80-A4",
    name="Kopierpapier A4, 80 g/m², 500 Blatt",
    cpv="30197644",
    comparable_group="gtin:4006381333931",
    quantity=Decimal("12.000"),
    order_unit="PK",
    unit_price_net=Decimal("4.1250"),
    vat_rate=Decimal("19.0"),
    net_amount=Decimal("49.50"),
    requested_delivery_date=date(2026, 3, 16),
)
ANSWERED = orders.AnsweredLine(
    line_no=1,
    decision="changed",
    quantity=Decimal("10.000"),
    unit_price_net=Decimal("4.0000"),
    promised_date=date(2026, 3, 18),
    accepted_net=Decimal("40.00"),
    refused_net=Decimal("0.00"),
    reduced_net=Decimal("9.50"),
)

_MEMBERS: tuple[Message, ...] = (
    members.MemberState(version=2, member_id=MEMBER, status="active", **TOWN),
    members.MemberRegistered(version=1, member_id=MEMBER, **TOWN),
    members.MemberStatusChanged(version=2, member_id=MEMBER, status="suspended"),
    members.UnitState(
        version=1, unit_id=UNIT, member_id=MEMBER, name="Bauhof", cost_centre="57310"
    ),
    members.UnitRegistered(
        version=1, unit_id=UNIT, member_id=MEMBER, name="Bauhof", cost_centre="57310"
    ),
    members.PersonState(
        version=2,
        person_id=PERSON,
        kind="person",
        sub="9c1f6a52-requester",
        grants=GRANTS,
        unit_ids=(UNIT,),
        mandates=MANDATES,
        active=True,
    ),
    members.PersonRegistered(
        version=1, person_id=PERSON, kind="person", grants=GRANTS, registered_by=OFFICE
    ),
    members.RolesGranted(
        version=2, person_id=PERSON, grants=GRANTS, mandates=MANDATES, granted_by=OFFICE
    ),
    *GRANTED,
    members.SignInProvided(version=2, person_id=PERSON),
    members.PersonDeactivated(version=3, person_id=MACHINE),
)
_CATALOG: tuple[Message, ...] = (
    catalog.ArticleState(
        version=3,
        article_id=ARTICLE,
        supplier_id=SUPPLIER,
        article_number=LINE.article_number,
        name=LINE.name,
        cpv=LINE.cpv,
        comparable_group=LINE.comparable_group,
        order_unit=LINE.order_unit,
        unit_price_net=LINE.unit_price_net,
        vat_rate=LINE.vat_rate,
        status="active",
        price_list=3,
        minimum_quantity=Decimal(10),
        quantity_interval=Decimal(5),
    ),
    catalog.VersionPublished(
        version=3,
        supplier_id=SUPPLIER,
        price_list=3,
        content_sha256="3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea",
        articles=150,
        added=4,
        changed=31,
        withdrawn=2,
    ),
)
_ORDERS: tuple[Message, ...] = (
    orders.OrderSubmitted(
        version=1,
        order_id=ORDER,
        member_id=MEMBER,
        acting_member_id=OTHER_MEMBER,
        submitted_by=PERSON,
        submitted_at=NOON,
        reference="Bauhof 2026/17",
        lines=(LINE, QUOTED.model_copy(update={"account": ACCOUNT})),
        net_total=Decimal("949.50"),
        account=ACCOUNT,
        delivery=PLACE,
        buyer_reference="05366004-57310-42",
        purpose="Ersatz der abgängigen Pumpe im Freibad",
    ),
    orders.OrderApproved(version=2, order_id=ORDER, member_id=MEMBER, basis="not_required"),
    orders.OrderPlaced(
        version=3,
        order_id=ORDER,
        member_id=MEMBER,
        placed_at=NOON,
        supplier_orders=(
            orders.SupplierOrderRef(
                supplier_order_id=SUPPLIER_ORDER,
                supplier_id=SUPPLIER,
                lines=1,
                net_total=Decimal("49.50"),
            ),
        ),
        net_total=Decimal("49.50"),
    ),
    orders.OrderCancelled(
        version=4,
        order_id=ORDER,
        member_id=MEMBER,
        cancelled_by=PERSON,
        reason="no_longer_needed",
        supplier_order_ids=(SUPPLIER_ORDER,),
    ),
    orders.SupplierOrderPlaced(
        version=1,
        acting_member_id=OTHER_MEMBER,
        placed_at=NOON,
        lines=(LINE, QUOTED),
        net_total=Decimal("949.50"),
        delivery=PLACE,
        buyer_reference="05366004-57310-42",
        **SHARE,
    ),
    orders.SupplierOrderAcknowledged(version=2, **SHARE),
    orders.SupplierOrderAnswered(
        version=3,
        response_id=RESPONSE,
        lines=(ANSWERED,),
        accepted_net=Decimal("40.00"),
        refused_net=Decimal("0.00"),
        reduced_net=Decimal("9.50"),
        complete=True,
        **SHARE,
    ),
    orders.SupplierOrderDespatched(
        version=4, despatch_id=DESPATCH, despatched_on=date(2026, 3, 17), **SHARE
    ),
    orders.SupplierOrderCancelled(
        version=2, cancelled_net=Decimal("49.50"), reason="ordered_by_mistake", **SHARE
    ),
    orders.AnswerDisregarded(version=3, response_id=RESPONSE, **SHARE),
    notices.NoticeGiven(
        version=5,
        notice_id=_id(19),
        person_id=PERSON,
        member_id=MEMBER,
        kind="approval_waiting",
        order_id=ORDER,
    ),
)
_DOCUMENTATION: tuple[Message, ...] = (
    documentation.CheckpointSigned(
        version=7,
        ledger_id=LEDGER,
        number=7,
        time=NOON,
        root="a1" * 32,
        previous="b2" * 32,
        signature="c3" * 64,
        key_id="d4" * 32,
        chains=3,
        records=1042,
    ),
    documentation.CheckpointAnchored(
        version=2,
        ledger_id=LEDGER,
        anchor_id=_id(51),
        day=date(2026, 3, 2),
        number=7,
        time=NOON,
        root="a1" * 32,
        previous="b2" * 32,
        signature="c3" * 64,
        key_id="d4" * 32,
    ),
)
SAMPLES: dict[str, Message] = {
    sample.type_name(): sample
    for sample in (
        *_MEMBERS,
        *_CATALOG,
        *_ORDERS,
        *AGREEMENTS,
        *ROUTES,
        *SUPPLIERS,
        *_DOCUMENTATION,
        *PLANNING,
    )
}
"""CloudEvents type -> its sample."""
