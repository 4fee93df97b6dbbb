"""The list of doors is complete, and a door that no test calls is seen."""

from marktbund.testing.calls import RecordedCall
from tests.doors.judging import judged, only_refused
from tests.doors.listing import Door, doors

ORDERS = "/api/orders/v1/orders"
MANY = Door("orders", "GET", ORDERS)
ORDER = Door("orders", "GET", f"{ORDERS}/{{order_id}}")
MINE = Door("orders", "GET", f"{ORDERS}/mine")
STATUS = Door("orders", "GET", ORDERS, "status", "placed")
LIMIT = Door("orders", "GET", ORDERS, "limit")


def call(path: str, status: int, *options: tuple[str, str], test: str = "t") -> RecordedCall:
    return RecordedCall(test, "GET", path, options, status)


def gaps(door: Door, *calls: RecordedCall) -> list[str]:
    rows = judged([MANY, ORDER, MINE, STATUS, LIMIT], calls)
    return next(row.gaps for row in rows if row.door == door)


def test_the_list_holds_operations_options_and_pages():
    rows = doors()
    assert (
        Door(
            "tender-planning",
            "GET",
            "/api/tender-planning/v1/strongest/classes",
            "by",
            "regularity",
        )
        in rows
    )
    assert Door("portal", "POST", "/warenkorb") in rows
    assert Door("every service", "GET", "/api/{service}/v1/operations/status") in rows
    assert len({row.service for row in rows}) == 8


def test_a_door_wants_a_success_and_a_refusal():
    assert gaps(MANY) == ["success", "refusal"]
    assert gaps(MANY, call(ORDERS, 200)) == ["refusal"]
    assert gaps(MANY, call(ORDERS, 500), call(ORDERS, 403)) == ["success"]
    assert gaps(MANY, call(ORDERS, 200), call(ORDERS, 422)) == []


def test_an_option_wants_to_succeed_with_its_word():
    assert gaps(STATUS, call(ORDERS, 200, ("status", "draft"))) == ["success"]
    assert gaps(STATUS, call(ORDERS, 200, ("status", "placed"))) == []
    assert gaps(LIMIT, call(ORDERS, 422, ("limit", "0"))) == ["success"]
    assert gaps(LIMIT, call(ORDERS, 200, ("limit", "7"))) == []


def test_a_path_of_its_own_is_no_parameter():
    both = call(f"{ORDERS}/mine", 200), call(f"{ORDERS}/mine", 403)
    assert gaps(MINE, *both) == []
    assert gaps(ORDER, *both) == ["success", "refusal"]
    assert gaps(ORDER, call(f"{ORDERS}/4711", 200), call(f"{ORDERS}/4711/lines", 404)) == [
        "refusal"
    ]


def test_a_drawn_request_shows_nothing():
    drawn = "tests/doors/test_generated.py::test_no_drawn_request_is_a_fault[orders GET /orders]"
    assert gaps(MANY, call(ORDERS, 200, test=drawn), call(ORDERS, 403, test=drawn)) == [
        "success",
        "refusal",
    ]


def test_being_sent_to_the_sign_in_is_not_the_page():
    sent = RecordedCall("t", "GET", ORDERS, (), 303, "/anmeldung")
    assert gaps(MANY, sent) == ["success", "refusal"]
    assert gaps(MANY, RecordedCall("t", "GET", ORDERS, (), 303, f"{ORDERS}/7")) == ["refusal"]


def test_operations_whose_drawn_requests_were_all_refused_are_named():
    drawn = {
        "orders GET /orders": {"200": 1, "422": 19},
        "orders POST /needs/{need_id}/closure": {"404": 17, "422": 3},
        "members POST /persons": {"422": 12, "500": 8},
    }
    assert only_refused(drawn) == {"orders POST /needs/{need_id}/closure": "17 x 404, 3 x 422"}
