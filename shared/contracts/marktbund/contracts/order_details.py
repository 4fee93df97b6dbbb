"""What an order says beside its lines: where it is booked, where it goes, what it rests on.

Names follow UBL 2.1. Addresses are a body's, never a person's: nothing here names people.
"""

from datetime import date

from marktbund.contracts.base import Part


class AccountAssignment(Part):
    """Where a purchase is booked (UBL AccountingCost), in the member's own numbers.

    The member's matter: no supplier is told.
    """

    cost_centre: str = ""
    internal_order: str = ""
    budget_line: str = ""


class DeliveryPlace(Part):
    """Where goods go (UBL DeliveryLocation) and when somebody takes them. country: ISO 3166-1."""

    name: str
    street: str
    postcode: str
    town: str
    country: str = "DE"
    note: str = ""
    receiving_hours: str = ""


class LineQuote(Part):
    """The supplier's quote that a line without an article rests on (UBL
    QuotationDocumentReference): the uploaded document by its SHA-256, and the quote's date.
    """

    document_sha256: str
    quoted_on: date
