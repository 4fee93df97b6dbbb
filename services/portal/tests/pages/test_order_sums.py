"""Net, VAT per rate and gross of an order, on the page of everybody who reads it."""

import re

import pytest

from services.portal.tests.facts import beside, enter, holds, order
from services.portal.tests.selling import SHARE, seller

_WAY_IN = {
    "requester": "/bestellungen/{}",
    "approver": "/freigaben/{}",
    "award_office": "/vergabe/{}",
}


def _text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def _lines() -> list[dict[str, object]]:
    line = order()["lines"][0]
    cheap = {"quantity": "3", "unit_price_net": "1.29", "net_amount": "3.87", "vat_rate": "19.00"}
    book = {"line_no": 2, "name": "Buch", "net_amount": "100.00", "vat_rate": "7.00"}
    return [line | cheap, line | book]


@pytest.mark.parametrize("role", _WAY_IN)
async def test_an_order_shows_net_vat_per_rate_and_gross(visitor, role):
    await enter(visitor, role)
    shown = order(lines=_lines(), net_total="103.87")
    holds(visitor, shown, beside())
    page = await visitor.browser.get(_WAY_IN[role].format(shown["order_id"]))
    assert page.status_code == 200
    vat = "Umsatzsteuer 19 % auf 3,87 € 0,74 € Umsatzsteuer 7 % auf 100,00 € 7,00 €"
    assert f"Netto 103,87 € {vat} Brutto 111,61 €" in _text(page.text).replace("\xa0", " ")


async def test_a_draft_has_no_vat_yet(visitor):
    await enter(visitor, "requester")
    shown = order(lines=[], status="draft", net_total="0.00", decision=None)
    holds(visitor, shown, beside())
    page = await visitor.browser.get(f"/bestellungen/{shown['order_id']}")
    assert page.status_code == 200
    assert "Umsatzsteuer" not in page.text


async def test_a_supplier_reads_the_same_sums(visitor):
    await seller(visitor, "open")
    page = await visitor.browser.get(f"/auftraege/{SHARE}")
    text_shown = _text(page.text).replace("\xa0", " ")
    assert "Netto 250,00 € Umsatzsteuer 19 % 47,50 € Brutto 297,50 €" in text_shown
