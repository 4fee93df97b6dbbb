"""Of a batch of states only the newest of each key counts, in whatever order they come."""

from itertools import permutations
from uuid import UUID

from catalog.domain.replicas import newest
from marktbund.contracts.supplier_gateway import SupplierState

LATER, EARLIER = UUID(int=2), UUID(int=1)


def state(supplier_id: UUID, version: int, status: str = "active") -> SupplierState:
    return SupplierState(version=version, supplier_id=supplier_id, name="Papier AG", status=status)


def test_the_highest_version_of_each_key_is_left_whatever_the_order():
    states = [state(LATER, 1), state(LATER, 3, "suspended"), state(LATER, 2), state(EARLIER, 7)]
    expected = [state(EARLIER, 7), state(LATER, 3, "suspended")]
    assert all(newest(order) == expected for order in permutations(states))


def test_of_a_repeated_version_the_first_is_left():
    assert newest([state(LATER, 2), state(LATER, 2, "withdrawn")]) == [state(LATER, 2)]


def test_no_states_leave_nothing():
    assert newest(iter(())) == []
