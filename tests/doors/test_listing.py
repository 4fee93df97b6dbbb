"""A door takes every path that its router takes, and no other."""

from tests.doors.listing import Door, doors

GROUPS = "/api/tender-planning/v1/groups"
PRICES = f"{GROUPS}/{{comparable_group}}/prices"


def listed(service: str, path: str) -> Door:
    return next(d for d in doors() if (d.service, d.path, d.option) == (service, path, ""))


def test_a_parameter_that_takes_slashes_fits_a_path_with_them():
    prices, sheet = (listed("tender-planning", f"{PRICES}{end}") for end in ("", ".csv"))
    assert prices.fits(f"{GROUPS}/mfr:a/b|1/prices")
    assert prices.fits(f"{GROUPS}/gtin:1/prices")
    assert not prices.fits(f"{GROUPS}/mfr:a/b|1/prices.csv")
    assert sheet.fits(f"{GROUPS}/mfr:a/b|1/prices.csv")


def test_any_other_parameter_ends_at_a_slash():
    order = listed("orders", "/api/orders/v1/orders/{order_id}")
    assert order.fits("/api/orders/v1/orders/4711")
    assert not order.fits("/api/orders/v1/orders/4711/lines")
    assert not order.fits("/api/orders/v1/orders/")


def test_the_operators_doors_fit_in_every_service():
    status = listed("every service", "/api/{service}/v1/operations/status")
    assert status.fits("/api/members/v1/operations/status")
    assert not status.fits("/api/members/v1/operations/status/more")


def test_a_page_that_writes_a_sheet_fits_its_name_alone():
    sheet = listed("portal", "/planung/{sheet}.csv")
    assert sheet.fits("/planung/monate.csv")
    assert not sheet.fits("/planung/monate-csv")
