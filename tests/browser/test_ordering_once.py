"""One order of one cart through a slow answer, a changed price, a supplier that was suspended."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import violations
from tests.browser.people import Street
from tests.browser.test_deciding import put, rules, status
from tests.front import Front
from tests.market import ARTICLES, OFFICE, price_list
from tests.running import eventually

__all__ = ["rules"]
ORDER = "Verbindlich bestellen"
NOT_KNOWN = "Noch nicht bekannt, ob das angekommen ist"


@asynccontextmanager
async def orders_busy(front: Front) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Orders can keep nothing meanwhile; gives a wait until a request is held up."""
    platform = front.platform
    url = platform.engines.postgres.url(f"{platform.deployment.prefix}orders")
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE spot_order IN SHARE MODE")
            query = "SELECT count(*) FROM pg_locks WHERE NOT granted"

            async def held_up() -> None:
                await eventually(lambda: connection.fetchval(query), lambda count: count > 0)

            yield held_up
    finally:
        await connection.close()


async def orders_named(front: Front, reference: str) -> int:
    query = f"SELECT count(*) FROM spot_order WHERE reference = '{reference}'"
    return int((await front.platform.rows("orders", query))[0][0])


async def in_the_cart(page: Page, name: str, quantity: str) -> None:
    await page.goto(f"/suche?q={name.replace(' ', '+')}")
    named = page.get_by_role("link", name=name, exact=True)
    hit = page.get_by_role("listitem").filter(has=named, has_text="Lieferant 0 GmbH")
    await hit.first.get_by_role("textbox").fill(quantity)
    await hit.first.get_by_role("button").click()
    await expect(page.get_by_role("heading", name="Warenkorb")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_slow_answer_and_a_second_tab_make_one_order(
    front: Front, street: Street, script: bool
):
    reference = f"Amt 40/{uuid4().hex[:8]}"
    first = await street.signed_in("requester-a", java_script_enabled=script)
    await put(first, "3")
    second = await first.context.new_page()
    await second.goto("/warenkorb")
    for tab in (first, second):
        await tab.get_by_label("Eigene Bestellnummer").fill(reference)
    async with orders_busy(front) as held_up:
        click = asyncio.create_task(first.get_by_role("button", name=ORDER).click())
        await held_up()
        await second.get_by_role("button", name=ORDER).click()
        # Both learn that it is not known: the second at once, the first when orders gave up.
        for tab in (second, first):
            await expect(tab.get_by_role("heading", name=NOT_KNOWN)).to_be_visible(timeout=60_000)
            assert "nichts geändert" not in await tab.inner_text("main")
        await click
    if script:
        assert await violations(first) == []
    for tab in (first, second):
        await tab.get_by_role("button", name="Noch einmal senden").click()
        await tab.wait_for_url("**/bestellungen/**")
    assert first.url == second.url
    assert await orders_named(front, reference) == 1
    await first.goto("/warenkorb")
    await expect(first.get_by_text("Der Warenkorb ist leer.")).to_be_visible()


async def test_a_cart_whose_price_changed_stops_and_shows_the_new_sum(front: Front, street: Street):
    name, reference = "Streusalz 142", f"Amt 66/{uuid4().hex[:8]}"
    page = await street.signed_in("requester-a")
    await in_the_cart(page, name, "10")
    await expect(page.locator("#summen")).to_contain_text("24,20 €")
    listed = price_list(0, ARTICLES)
    row = next(line for line in listed.splitlines() if f",{name}," in line)
    await publish(front, listed.replace(row, row.replace(",2.42,", ",242.00,")), 1)
    await page.get_by_label("Eigene Bestellnummer").fill(reference)
    await page.get_by_role("button", name=ORDER).click()
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Die Summe ist eine andere geworden.")
    await expect(alert).to_contain_text(f"{name}: 2,42 € → 242,00 €")
    await expect(page.locator("#summen")).to_contain_text("2.420,00 €")
    assert await page.get_by_label("Eigene Bestellnummer").input_value() == reference
    assert await violations(page) == []
    assert await orders_named(front, reference) == 0
    await page.get_by_role("button", name="Entfernen").click()
    await expect(page.get_by_text("Der Warenkorb ist leer.")).to_be_visible()
    await publish(front, listed, 0)


async def publish(front: Front, listed: str, dear: int) -> None:
    """The first supplier's next price list, in force where carts and orders look.

    dear: how many articles cost 242 EUR in it.
    """
    platform, path = front.platform, f"/suppliers/{front.market.suppliers[0]}/price-lists"
    loaded = await platform.call(
        "POST",
        "catalog",
        path,
        sub=OFFICE,
        content=listed.encode(),
        headers={"Content-Type": "text/csv"},
    )
    assert loaded.status_code == 201, loaded.text
    number = loaded.json()["number"]
    done = await platform.call("POST", "catalog", f"{path}/{number}/publication", sub=OFFICE)
    assert done.status_code < 300, done.text
    query = "SELECT count(*) FROM article WHERE unit_price_net = 242"

    async def known() -> int:
        return int((await platform.rows("orders", query))[0][0])

    await eventually(known, lambda count: count == dear, 60)


async def test_an_approval_at_a_suspended_supplier_places_nothing_and_says_how_to_go_on(
    front: Front, street: Street
):
    requester = await street.signed_in("requester-a")
    await in_the_cart(requester, "Warnweste 148", "200")
    await requester.get_by_role("button", name=ORDER).click()
    await requester.wait_for_url("**/bestellungen/**")
    order_id = requester.url.split("/bestellungen/")[1].split("?")[0]
    assert await status(front, order_id) == "submitted"
    async with suspended(front, front.market.suppliers[0]):
        approver = await street.signed_in("approver-a")
        await approver.goto(f"/freigaben/{order_id}")
        await approver.get_by_role("button", name="Genehmigen").click()
        await expect(approver.get_by_text("beauftragt wurde nichts")).to_be_visible()
        assert await status(front, order_id) == "sent_back"
        assert await violations(approver) == []
        await requester.goto(f"/bestellungen/{order_id}")
        alert = requester.locator(".kern-alert").first
        await expect(alert).to_contain_text("So lässt sich die Bestellung nicht mehr beauftragen")
        await expect(alert).to_contain_text("Bitte")
        onward = requester.get_by_role("button", name="Ändern und neu einreichen")
        await onward.click()
        await expect(requester.get_by_text("zurzeit nicht bestellbar")).to_be_visible()
        await requester.get_by_role("button", name="Entfernen").click()
        await expect(requester.get_by_text("Der Warenkorb ist leer.")).to_be_visible()


@asynccontextmanager
async def suspended(front: Front, supplier: str) -> AsyncIterator[None]:
    """The supplier may not sell meanwhile, and every service knows."""

    async def set_to(wanted: str) -> None:
        path, body = f"/suppliers/{supplier}/status", {"status": wanted}
        answer = await front.platform.call("POST", "supplier-gateway", path, sub=OFFICE, json=body)
        assert answer.status_code < 300, answer.text
        query = f"SELECT status FROM supplier WHERE supplier_id = '{supplier}'"
        for service in ("orders", "catalog"):

            async def known(service: str = service) -> str:
                return str((await front.platform.rows(service, query))[0][0])

            await eventually(known, lambda shown: shown == wanted, 60)

    await set_to("suspended")
    try:
        yield
    finally:
        await set_to("active")
