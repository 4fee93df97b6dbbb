"""What stands in the sheets people download."""

from tender_planning.domain.wording import STANDS
from tender_planning.views.spreadsheet import Columns, amount, plain


def stood(code: str) -> str:
    """Where something stands, in German; a code without a word stays as it is."""
    return STANDS.get(code, plain(code))


_ORDERED = {
    "Bestellt netto EUR": ("ordered_net", amount),
    "Angenommen netto EUR": ("accepted_net", amount),
    "Abgelehnt netto EUR": ("refused_net", amount),
    "Storniert netto EUR": ("cancelled_net", amount),
    "Gekürzt netto EUR": ("reduced_net", amount),
    "Offen netto EUR": ("open_net", amount),
}
CELLS: Columns = {
    "CPV-Klasse": ("cpv_class", plain),
    "Mitglied": ("member_name", plain),
    "Mitgliedskennung": ("member_id", plain),
    "Monat": ("month", plain),
    "Bestellungen": ("orders", plain),
    "Positionen": ("lines", plain),
    **_ORDERED,
    "Bedarf netto EUR": ("demand_net", amount),
}
ORDER_LINES: Columns = {
    "Bestellung": ("order_id", plain),
    "Lieferantenbestellung": ("supplier_order_id", plain),
    "Position": ("line_no", plain),
    "Monat": ("month", plain),
    "Mitglied": ("member_name", plain),
    "Lieferant": ("supplier_name", plain),
    "Artikel": ("name", plain),
    "CPV": ("cpv", plain),
    "Vergleichsgruppe": ("comparable_group", plain),
    "Menge": ("quantity", plain),
    "Bestelleinheit": ("order_unit", plain),
    "Preis je Einheit netto EUR": ("unit_price_net", plain),
    "Stand": ("outcome", stood),
    **_ORDERED,
}
PROPOSALS: Columns = {
    "Rang": ("rank", plain),
    "CPV-Klasse": ("cpv_class", plain),
    "Vorschlag": ("title", plain),
    "Stand": ("status", stood),
    "Punkte": ("score", plain),
    "Mitglieder": ("members", plain),
    "Lieferanten": ("suppliers", plain),
    "Monate mit Bedarf": ("months", plain),
    "Artikel": ("groups", plain),
    "Positionen": ("lines", plain),
    "Bedarf netto EUR": ("demand_net", amount),
    "Von": ("first_month", plain),
    "Bis": ("last_month", plain),
    "Begründung": ("reason", plain),
}
HEAT_MAP: Columns = {
    "Mitglied": ("member_name", plain),
    "Mitgliedskennung": ("member_id", plain),
    "CPV-Klasse": ("cpv_class", plain),
    "Bedarf netto EUR": ("demand_net", amount),
}
PARETO: Columns = {
    "Rang": ("rank", plain),
    "Kennung": ("key", plain),
    "Bezeichnung": ("name", plain),
    "Bedarf netto EUR": ("demand_net", amount),
    "Anteil": ("share", plain),
    "Anteil aufsummiert": ("running_share", plain),
}
MONTHS: Columns = {
    "Monat": ("month", plain),
    "Bedarf netto EUR": ("demand_net", amount),
    "Frei bestellt netto EUR": ("free_net", amount),
    "Aus Rahmenverträgen netto EUR": ("called_off_net", amount),
    "Bestellungen": ("orders", plain),
    "Positionen": ("lines", plain),
}
MOVED: Columns = {
    "Monat": ("month", plain),
    "Abgerufen netto EUR": ("called_off_net", amount),
    "Aus anderen Rahmenverträgen netto EUR": ("elsewhere_net", amount),
    "Frei bestellt netto EUR": ("free_net", amount),
    "Mitglieder, die abrufen": ("members_calling_off", plain),
    "Mitglieder, die frei bestellen": ("members_buying_freely", plain),
}
PRICES: Columns = {
    "Lieferant": ("supplier_name", plain),
    "Lieferantenkennung": ("supplier_id", plain),
    "Bestelleinheit": ("order_unit", plain),
    "Niedrigster Preis netto EUR": ("lowest", plain),
    "1. Quartil": ("quartile_1", plain),
    "Median": ("median", plain),
    "3. Quartil": ("quartile_3", plain),
    "Höchster Preis netto EUR": ("highest", plain),
    "Positionen": ("lines", plain),
    "Zuletzt": ("last_month", plain),
}
