"""Every page of the portal and the accounts it is looked at with; an empty one is nobody.

A page that is missing here fails tests/browser/test_accessible.py.
"""

ROLES = {
    "/": ["", "requester-a", "seller-0", "procurement-1", "operator-1", "auditor-a", "office-1"],
    "/abgemeldet": [""],
    "/hilfe": ["", "requester-a"],
    "/barrierefreiheit": [""],
    "/suche": ["requester-a"],
    "/artikel/{article_id}": ["requester-a"],
    "/warenkorb": ["requester-a"],
    "/freitext": ["requester-a"],
    "/bestellungen": ["requester-a", "approver-a"],
    "/bestellungen/{order_id}": ["requester-a", "award-office-a"],
    "/auftraege": ["seller-0"],
    "/auftraege/{supplier_order_id}": ["seller-0"],
    "/akten": ["auditor-a", "auditor-all"],
    "/akten/{order_id}": ["auditor-a"],
    "/planung": ["procurement-1"],
    "/planung/vorschlaege": ["procurement-1"],
    "/planung/vorschlaege/{proposal_id}": ["procurement-1", "auditor-all"],
    "/planung/vorschlaege/{proposal_id}/bestellungen": ["procurement-1"],
    "/planung/ausschreibungen": ["procurement-1"],
    "/planung/ausschreibungen/{tender_id}": ["procurement-1"],
    "/planung/ausschreibungen/{tender_id}/zuschlag": ["procurement-1"],
    "/vereinbarungen": ["office-1", "requester-a"],
    "/vereinbarungen/{agreement_id}": ["office-1", "requester-a"],
    "/vereinbarungen/{agreement_id}/aenderung/{kind}": ["office-1"],
    "/betrieb": ["operator-1"],
}
NO_PAGES = {
    "/anmeldung",
    "/anmeldung/rueckkehr",
    "/akten/{order_id}/export",
    "/anlagen/{sha256}",
    "/planung/{sheet}.csv",
    "/planung/vorschlaege/{proposal_id}/bestellungen.csv",
    "/planung/ausschreibungen/{tender_id}/verlagerung.csv",
}
