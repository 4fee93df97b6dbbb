"""What stands in the sheets people download."""

from marktbund.contracts.http.tender_planning import (
    CellAnswer,
    HeatCellAnswer,
    MonthAnswer,
    MovedAnswer,
    OrderLineAnswer,
    ParetoAnswer,
    PriceAnswer,
    ProposalAnswer,
)
from tender_planning.domain.wording import STANDS
from tender_planning.views.spreadsheet import Columns, amount, plain


def stood(code: str) -> str:
    """Where something stands, in German; a code without a word stays as it is."""
    return STANDS.get(code, plain(code))


_ORDERED: Columns[CellAnswer | OrderLineAnswer] = {
    "Bestellt netto EUR": lambda row: amount(row.ordered_net),
    "Angenommen netto EUR": lambda row: amount(row.accepted_net),
    "Abgelehnt netto EUR": lambda row: amount(row.refused_net),
    "Storniert netto EUR": lambda row: amount(row.cancelled_net),
    "Gekürzt netto EUR": lambda row: amount(row.reduced_net),
    "Offen netto EUR": lambda row: amount(row.open_net),
}
CELLS: Columns[CellAnswer] = {
    "CPV-Klasse": lambda row: plain(row.cpv_class),
    "Mitglied": lambda row: plain(row.member_name),
    "Mitgliedskennung": lambda row: plain(row.member_id),
    "Monat": lambda row: plain(row.month),
    "Bestellungen": lambda row: plain(row.orders),
    "Positionen": lambda row: plain(row.lines),
    **_ORDERED,
    "Bedarf netto EUR": lambda row: amount(row.demand_net),
}
ORDER_LINES: Columns[OrderLineAnswer] = {
    "Bestellung": lambda row: plain(row.order_id),
    "Lieferantenbestellung": lambda row: plain(row.supplier_order_id),
    "Position": lambda row: plain(row.line_no),
    "Monat": lambda row: plain(row.month),
    "Mitglied": lambda row: plain(row.member_name),
    "Lieferant": lambda row: plain(row.supplier_name),
    "Artikel": lambda row: plain(row.name),
    "CPV": lambda row: plain(row.cpv),
    "Vergleichsgruppe": lambda row: plain(row.comparable_group),
    "Menge": lambda row: plain(row.quantity),
    "Bestelleinheit": lambda row: plain(row.order_unit),
    "Preis je Einheit netto EUR": lambda row: plain(row.unit_price_net),
    "Stand": lambda row: stood(row.outcome),
    **_ORDERED,
}
PROPOSALS: Columns[ProposalAnswer] = {
    "Rang": lambda row: plain(row.rank),
    "CPV-Klasse": lambda row: plain(row.cpv_class),
    "Vorschlag": lambda row: plain(row.title),
    "Stand": lambda row: stood(row.status),
    "Punkte": lambda row: plain(row.score),
    "Mitglieder": lambda row: plain(row.members),
    "Lieferanten": lambda row: plain(row.suppliers),
    "Monate mit Bedarf": lambda row: plain(row.months),
    "Artikel": lambda row: plain(row.groups),
    "Positionen": lambda row: plain(row.lines),
    "Bedarf netto EUR": lambda row: amount(row.demand_net),
    "Von": lambda row: plain(row.first_month),
    "Bis": lambda row: plain(row.last_month),
    "Begründung": lambda row: plain(row.reason),
}
HEAT_MAP: Columns[HeatCellAnswer] = {
    "Mitglied": lambda row: plain(row.member_name),
    "Mitgliedskennung": lambda row: plain(row.member_id),
    "CPV-Klasse": lambda row: plain(row.cpv_class),
    "Bedarf netto EUR": lambda row: amount(row.demand_net),
}
PARETO: Columns[ParetoAnswer] = {
    "Rang": lambda row: plain(row.rank),
    "Kennung": lambda row: plain(row.key),
    "Bezeichnung": lambda row: plain(row.name),
    "Bedarf netto EUR": lambda row: amount(row.demand_net),
    "Anteil": lambda row: plain(row.share),
    "Anteil aufsummiert": lambda row: plain(row.running_share),
}
MONTHS: Columns[MonthAnswer] = {
    "Monat": lambda row: plain(row.month),
    "Bedarf netto EUR": lambda row: amount(row.demand_net),
    "Frei bestellt netto EUR": lambda row: amount(row.free_net),
    "Aus Rahmenverträgen netto EUR": lambda row: amount(row.called_off_net),
    "Bestellungen": lambda row: plain(row.orders),
    "Positionen": lambda row: plain(row.lines),
}
MOVED: Columns[MovedAnswer] = {
    "Monat": lambda row: plain(row.month),
    "Abgerufen netto EUR": lambda row: amount(row.called_off_net),
    "Aus anderen Rahmenverträgen netto EUR": lambda row: amount(row.elsewhere_net),
    "Frei bestellt netto EUR": lambda row: amount(row.free_net),
    "Mitglieder, die abrufen": lambda row: plain(row.members_calling_off),
    "Mitglieder, die frei bestellen": lambda row: plain(row.members_buying_freely),
}
PRICES: Columns[PriceAnswer] = {
    "Lieferant": lambda row: plain(row.supplier_name),
    "Lieferantenkennung": lambda row: plain(row.supplier_id),
    "Bestelleinheit": lambda row: plain(row.order_unit),
    "Niedrigster Preis netto EUR": lambda row: plain(row.lowest),
    "1. Quartil": lambda row: plain(row.quartile_1),
    "Median": lambda row: plain(row.median),
    "3. Quartil": lambda row: plain(row.quartile_3),
    "Höchster Preis netto EUR": lambda row: plain(row.highest),
    "Positionen": lambda row: plain(row.lines),
    "Zuletzt": lambda row: plain(row.last_month),
}
