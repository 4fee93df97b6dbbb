"""The suppliers' doors: fetch, acknowledge, answer, send."""

import pytest

from supplier_gateway import views

ACCEPT_1 = {"line_no": 1, "decision": "accepted"}


async def acknowledge(supplier, delivery: dict):
    return await supplier.post(f"/deliveries/{delivery['delivery_id']}/acknowledgement")


class TestAccess:
    async def test_unknown_subs_and_people_stay_outside(self, doors, supplier):
        requester = await doors.account(("office", None))
        for headers in (doors.token("fremd"), requester):
            answer = await doors.client.get("/deliveries", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_authorised")

    async def test_without_a_token_nobody_gets_in(self, doors):
        assert (await doors.client.get("/deliveries")).status_code == 401

    @pytest.mark.parametrize(("status", "code"), [("suspended", 200), ("withdrawn", 403)])
    async def test_the_suspended_may_still_answer_the_withdrawn_not(
        self, doors, supplier, status: str, code: int
    ):
        office = await doors.account(("office", None))
        path = f"/suppliers/{supplier.supplier_id}/status"
        await doors.client.post(path, json={"status": status}, headers=office)
        answer = await doors.client.get("/deliveries", headers=supplier.headers)
        assert answer.status_code == code

    async def test_a_lost_credential_shuts_the_door(self, doors, supplier):
        office = await doors.account(("office", None))
        path = f"/suppliers/{supplier.supplier_id}/credentials"
        await doors.client.put(path, json={"subs": []}, headers=office)
        answer = await doors.client.get("/deliveries", headers=supplier.headers)
        assert answer.status_code == 403

    async def test_what_belongs_to_others_is_not_there(self, hear, place_order, supplier, register):
        other = await register("andere")
        placed = place_order(supplier.supplier_id)
        await hear(placed)
        [delivery] = await supplier.get("/deliveries")
        assert await other.get("/deliveries") == []
        assert await other.get("/supplier-orders") == []
        path = f"/supplier-orders/{placed.supplier_order_id}"
        answers = [
            await acknowledge(other, delivery),
            await other.doors.client.get(path, headers=other.headers),
            await other.answer(placed, ACCEPT_1),
            await other.despatch(placed, {"line_no": 1, "quantity": 1}),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert [answer.json()["code"] for answer in answers] == [
            "delivery_unknown",
            *["supplier_order_unknown"] * 3,
        ]


class TestDeliveries:
    async def test_pages_go_on_behind_an_acknowledged_cursor(self, hear, place_order, supplier):
        orders = [place_order(supplier.supplier_id) for _ in range(5)]
        await hear(*orders)
        first = await supplier.get("/deliveries", limit=2)
        for delivery in first:
            await acknowledge(supplier, delivery)
        rest = await supplier.get("/deliveries", after=first[-1]["delivery_id"], limit=200)
        seen = [delivery["supplier_order_id"] for delivery in first + rest]
        assert seen == [str(placed.supplier_order_id) for placed in orders]

    async def test_without_a_cursor_everything_unacknowledged_comes_again(
        self, hear, place_order, supplier
    ):
        await hear(*(place_order(supplier.supplier_id) for _ in range(3)))
        first = await supplier.get("/deliveries")
        await acknowledge(supplier, first[1])
        again = await supplier.get("/deliveries")
        assert again == [first[0], first[2]]

    @pytest.mark.parametrize("after", ["kein-cursor", "01936f2e-7c00-7000-8000-00000000ffff"])
    async def test_an_unknown_cursor_is_named(self, doors, supplier, after: str):
        for path in ("/deliveries", "/supplier-orders"):
            answer = await doors.client.get(path, params={"after": after}, headers=supplier.headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "cursor_unknown")

    @pytest.mark.parametrize("limit", [0, 201])
    async def test_a_page_is_bounded(self, doors, supplier, limit: int):
        answer = await doors.client.get(f"/deliveries?limit={limit}", headers=supplier.headers)
        assert (answer.status_code, answer.json()["field"]) == (422, "limit")

    async def test_acknowledging_twice_is_announced_once(self, hear, place_order, supplier, doors):
        await hear(place_order(supplier.supplier_id))
        [delivery] = await supplier.get("/deliveries")
        first, second = await acknowledge(supplier, delivery), await acknowledge(supplier, delivery)
        assert (first.status_code, second.json()) == (200, first.json())
        assert (await doors.announced())[-2:] == ["DeliveryQueued", "DeliveryAcknowledged"]

    async def test_waiting_is_looked_up_in_the_partial_index(
        self, hear, place_order, supplier, doors
    ):
        await hear(*(place_order(supplier.supplier_id) for _ in range(3)))
        await doors.database.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        query = views.supplier_orders._WAITING.text
        bound = {"supplier_id": f"'{supplier.supplier_id}'", "after": "0", "limit": "100"}
        for name, value in bound.items():
            query = query.replace(f":{name}", value)
        plan = await doors.database.connection.exec_driver_sql("EXPLAIN " + query)
        assert "delivery_waiting" in "\n".join(plan.scalars())


class TestAnswers:
    async def test_an_answer_is_taken_announced_and_acknowledges(
        self, hear, place_order, supplier, doors
    ):
        placed = place_order(supplier.supplier_id)
        await hear(placed)
        answer = await supplier.answer(
            placed,
            ACCEPT_1,
            {"line_no": 2, "decision": "changed", "quantity": "3", "promised_date": "2026-04-01"},
        )
        assert answer.status_code == 201, answer.text
        assert answer.json()["lines"][1] == {
            "line_no": 2,
            "decision": "changed",
            "quantity": "3",
            "unit_price_net": "100.0000",
            "promised_date": "2026-04-01",
        }
        assert (await doors.announced())[-2:] == ["DeliveryAcknowledged", "OrderResponseReceived"]
        assert await supplier.get("/deliveries") == []
        shown = await supplier.get(f"/supplier-orders/{placed.supplier_order_id}")
        assert [line["state"] for line in shown["lines"]] == ["accepted", "changed", "open"]
        assert shown["open_lines"] == 1

    async def test_the_same_key_gets_the_same_answer_once(self, hear, place_order, supplier, doors):
        placed = place_order(supplier.supplier_id)
        await hear(placed)
        path = f"/supplier-orders/{placed.supplier_order_id}/responses"
        first = await supplier.post(path, {"lines": [ACCEPT_1]}, key="once-and-only")
        again = await supplier.post(path, {"lines": [ACCEPT_1]}, key="once-and-only")
        assert (again.status_code, again.json()) == (201, first.json())
        assert (await doors.announced()).count("OrderResponseReceived") == 1

    @pytest.mark.parametrize(
        ("lines", "code", "field"),
        [
            (
                [ACCEPT_1, {"line_no": 2, "decision": "changed", "quantity": "5"}],
                "increase_not_allowed",
                "lines[1].quantity",
            ),
            (
                [{"line_no": 2, "decision": "changed", "unit_price_net": "100.0001"}],
                "increase_not_allowed",
                "lines[0].unit_price_net",
            ),
            ([{"line_no": 9, "decision": "refused"}], "line_unknown", "lines[0].line_no"),
            ([ACCEPT_1, ACCEPT_1], "line_repeated", "lines[1].line_no"),
            ([], "invalid_input", "lines"),
            ([ACCEPT_1 | {"note": "x"}], "invalid_input", "lines[0].note"),
            ([ACCEPT_1 | {"quantity": "NaN"}], "invalid_input", "lines[0].quantity"),
        ],
    )
    async def test_a_refused_answer_changes_nothing(
        self, hear, place_order, supplier, lines: list, code: str, field: str
    ):
        placed = place_order(supplier.supplier_id)
        await hear(placed)
        answer = await supplier.answer(placed, *lines)
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["field"]) == (422, code, field)
        assert (await supplier.doors.announced())[-1] == "DeliveryQueued"
        assert len(await supplier.get("/deliveries")) == 1

    async def test_the_way_out_of_an_increase_is_named(self, hear, place_order, supplier):
        placed = place_order(supplier.supplier_id)
        await hear(placed)
        raised = {"line_no": 1, "decision": "changed", "quantity": 11}
        assert "neue Bestellung" in (await supplier.answer(placed, raised)).json()["way_out"]

    async def test_each_line_is_answered_once(self, hear, place_order, supplier):
        placed = place_order(supplier.supplier_id)
        await hear(placed)
        await supplier.answer(placed, ACCEPT_1)
        again = await supplier.answer(placed, {"line_no": 2, "decision": "refused"}, ACCEPT_1)
        assert (again.status_code, again.json()["code"]) == (409, "line_already_answered")
        shown = await supplier.get(f"/supplier-orders/{placed.supplier_order_id}")
        assert [line["state"] for line in shown["lines"]] == ["accepted", "open", "open"]

    async def test_a_cancelled_order_is_not_answered(self, hear, place_order, take_back, supplier):
        placed = place_order(supplier.supplier_id)
        await hear(placed, take_back(placed))
        answer = await supplier.answer(placed, ACCEPT_1)
        assert (answer.status_code, answer.json()["code"]) == (409, "order_cancelled")


class TestDespatches:
    async def test_goods_go_out_in_parts(self, hear, place_order, supplier, doors):
        placed = place_order(supplier.supplier_id)
        await hear(placed)
        await supplier.answer(placed, ACCEPT_1, {"line_no": 2, "decision": "accepted"})
        both = ({"line_no": 1, "quantity": 4}, {"line_no": 2, "quantity": "4"})
        first = await supplier.despatch(placed, *both)
        assert (first.status_code, first.json()["despatched_on"]) == (201, "2026-03-04")
        more = await supplier.despatch(placed, {"line_no": 1, "quantity": "7"})
        assert (more.status_code, more.json()["code"]) == (422, "more_than_agreed")
        assert more.json()["field"] == "lines[0].quantity"
        await supplier.despatch(placed, {"line_no": 1, "quantity": "6"})
        shown = await supplier.get(f"/supplier-orders/{placed.supplier_order_id}")
        assert [line["despatched_quantity"] for line in shown["lines"]] == [
            "10.000",
            "4.000",
            "0.000",
        ]
        assert (await doors.announced())[-2:] == ["DespatchAdvised"] * 2
        sent = [despatch["lines"] for despatch in shown["despatches"]]
        assert [[line["quantity"] for line in lines] for lines in sent] == [
            ["4.000", "4.000"],
            ["6.000"],
        ]

    async def test_only_what_was_agreed_goes_out(self, hear, place_order, supplier):
        placed = place_order(supplier.supplier_id)
        await hear(placed)
        answer = await supplier.despatch(placed, {"line_no": 1, "quantity": 1})
        assert (answer.status_code, answer.json()["code"]) == (422, "more_than_agreed")


class TestSupplierOrders:
    async def test_open_ones_wait_for_an_answer(self, hear, place_order, take_back, line, supplier):
        orders = [place_order(supplier.supplier_id, line(1)) for _ in range(4)]
        await hear(*orders, take_back(orders[1]))
        await supplier.answer(orders[2], ACCEPT_1)
        waiting = await supplier.get("/supplier-orders", open=True)
        expected = [str(orders[0].supplier_order_id), str(orders[3].supplier_order_id)]
        assert [order["supplier_order_id"] for order in waiting] == expected
        assert len(await supplier.get("/supplier-orders")) == 4

    async def test_pages_follow_one_another(self, hear, place_order, supplier):
        await hear(*(place_order(supplier.supplier_id) for _ in range(3)))
        first = await supplier.get("/supplier-orders", limit=2)
        rest = await supplier.get("/supplier-orders", after=first[-1]["supplier_order_id"])
        assert len({order["supplier_order_id"] for order in first + rest}) == 3
        assert all(len(order["lines"]) == 3 for order in first + rest)
