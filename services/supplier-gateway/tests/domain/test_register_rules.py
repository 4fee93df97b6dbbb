"""Who is a supplier and who speaks for it: every change of status, and accounts of others."""

from uuid import UUID

import pytest

from marktbund.contracts.supplier_gateway import (
    ChannelChange,
    SupplierCredentialsChanged,
    SupplierRegistered,
    SupplierStatus,
    SupplierStatusChanged,
)
from marktbund.errors import Conflict
from supplier_gateway.domain.suppliers import ADMITTED, NEXT_STATUS, Supplier

KONTOR, LADEN = UUID(int=1), UUID(int=2)


def supplier(status: SupplierStatus = "active", *subs: str, version: int = 3) -> Supplier:
    return Supplier(KONTOR, "Kontor", status, subs, version)


def test_a_new_supplier_is_active_and_nobody_speaks_for_it():
    made, [event] = Supplier.register(KONTOR, "Kontor")
    assert (made.status, made.subs, made.version) == ("active", (), 1)
    assert isinstance(event, SupplierRegistered)
    assert (event.version, event.name, event.key) == (1, "Kontor", str(KONTOR))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("active", "suspended"),
        ("active", "withdrawn"),
        ("suspended", "active"),
        ("suspended", "withdrawn"),
    ],
)
def test_a_change_of_status_is_one_event_and_one_version(
    before: SupplierStatus, after: SupplierStatus
):
    changed, [event] = supplier(before).change_status(after)
    assert isinstance(event, SupplierStatusChanged)
    assert (changed.status, changed.version, event.version) == (after, 4, 4)


@pytest.mark.parametrize("status", sorted(NEXT_STATUS))
def test_the_same_status_changes_nothing(status: SupplierStatus):
    standing = supplier(status)
    assert standing.change_status(status) == (standing, [])


@pytest.mark.parametrize("status", ["active", "suspended"])
def test_one_that_left_does_not_come_back(status: SupplierStatus):
    with pytest.raises(Conflict, match="supplier_withdrawn") as refused:
        supplier("withdrawn").change_status(status)
    assert refused.value.way_out == "Nehmen Sie ihn neu in das Verzeichnis auf."


def test_only_one_that_left_is_not_let_in():
    assert set(NEXT_STATUS) - ADMITTED == {"withdrawn"}


@pytest.mark.parametrize(
    ("owners", "wanted"),
    [
        ({}, ("a", "b")),
        ({"a": KONTOR}, ("a", "b")),
        ({"a": KONTOR, "b": KONTOR, "c": LADEN}, ("a", "b")),
    ],
)
def test_accounts_of_nobody_else_become_its_own(owners: dict[str, UUID], wanted: tuple[str, ...]):
    changed, [event] = supplier().replace_credentials([*reversed(wanted), "a"], owners)
    assert (changed.subs, changed.version) == (wanted, 4)
    assert isinstance(event, SupplierCredentialsChanged)
    assert (event.subs, event.version) == (wanted, 4)


def test_an_account_of_another_is_named_the_first_by_name():
    with pytest.raises(Conflict, match="sub_taken") as refused:
        supplier().replace_credentials(["z", "b", "a"], {"z": LADEN, "b": LADEN, "a": KONTOR})
    assert (refused.value.field, refused.value.detail) == ("subs", "Schon vergeben: b")


def test_the_same_accounts_change_nothing_and_none_shuts_its_doors():
    standing = supplier("active", "a", "b")
    assert standing.replace_credentials(["b", "a"], {}) == (standing, [])
    closed, [event] = standing.replace_credentials([], {})
    assert (closed.subs, event.version) == ((), 4)


@pytest.mark.parametrize("change", ["registered", "secret_rotated", "disabled", "removed"])
def test_a_change_of_its_channel_names_the_machine_alone(change: ChannelChange):
    changed, [event] = supplier("suspended").change_channel(change, "kontor.example")
    assert (changed.version, event.version) == (4, 4)
    assert event.model_dump(include={"change", "host"}) == {
        "change": change,
        "host": "kontor.example",
    }


def test_nothing_of_one_that_left_is_changed():
    left = supplier("withdrawn", "a")
    with pytest.raises(Conflict, match="supplier_withdrawn"):
        left.replace_credentials(["a"], {})
    with pytest.raises(Conflict, match="supplier_withdrawn"):
        left.change_channel("registered", "kontor.example")
