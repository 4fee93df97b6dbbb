"""What an order says beside its lines, and a line that rests on a quote, with fixed values."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.order_details import AccountAssignment, DeliveryPlace, LineQuote
from marktbund.contracts.orders import OrderLine

ACCOUNT = AccountAssignment(cost_centre="57310", budget_line="54.10.01/522100")
PLACE = DeliveryPlace(
    name="Bauhof",
    street="Am Bauhof 1",
    postcode="53902",
    town="Bad Münstereifel",
    note="Anfahrt über die Rampe",
    receiving_hours="Mo-Do 7-15 Uhr, Fr 7-12 Uhr",
)
QUOTED = OrderLine(
    line_no=2,
    article_id=UUID("01936f2e-7c00-7000-8000-000000000019"),
    supplier_id=UUID("01936f2e-7c00-7000-8000-000000000011"),
    article_number="",
    name="Umwälzpumpe 20 m³/h, Bronze",
    cpv="42122000",
    comparable_group="free:umwälzpumpe 20 m3/h, bronze|H87",
    quantity=Decimal("2.000"),
    order_unit="H87",
    unit_price_net=Decimal("450.0000"),
    vat_rate=Decimal("19.00"),
    net_amount=Decimal("900.00"),
    quote=LineQuote(document_sha256="ab" * 32, quoted_on=date(2026, 2, 25)),
)
