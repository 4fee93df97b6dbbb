"""Accounts are told to the identity provider: delayed while it is down, never lost, once known."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from structlog.testing import capture_logs

from marktbund import clock
from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from members.domain.sign_ins import LONGEST_PAUSE, SignInOutcome, WantedSignIn, next_attempt
from members.jobs import Provisioner
from members.main import IdentitySettingsError, composed
from members.settings import Settings
from members.views import standing


@dataclass
class Directory:
    """An identity provider in memory; `down`: it does not answer."""

    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: list[WantedSignIn] = field(default_factory=list)
    down: bool = False

    async def __call__(self, wanted: WantedSignIn) -> SignInOutcome:
        self.heard.append(wanted)
        if self.down:
            return SignInOutcome(done=False, reason="ConnectError")
        sub = f"kc-{wanted.person_id}"
        self.accounts[sub] = {"email": wanted.email, "enabled": wanted.active}
        return SignInOutcome(done=True, sub=sub if wanted.made else None, invited=True)


@dataclass
class Bureau:
    """The office, and a provisioner on a clock of its own."""

    doors: Doors
    office: dict[str, str]
    directory: Directory = field(default_factory=Directory)
    ahead: timedelta = timedelta(seconds=1)

    async def register(self, **body: Any) -> Any:
        headers = self.office | {"Idempotency-Key": str(new_id())}
        return await self.doors.client.post("/persons", json=body, headers=headers)

    async def known(self, person_id: str) -> dict[str, Any]:
        people = (await self.doors.client.get("/persons", headers=self.office)).json()
        by_id: dict[str, dict[str, Any]] = {person["person_id"]: person for person in people}
        return by_id[person_id]

    async def run(self, **later: float) -> None:
        self.ahead += timedelta(**later)
        provisioner = Provisioner(self.directory, lambda: clock.now() + self.ahead)
        await provisioner(self.doors.database)

    async def open(self) -> int:
        query = text("SELECT count(*) FROM sign_in WHERE told < wanted")
        return int(await self.doors.database.connection.scalar(query) or 0)


@pytest.fixture
async def bureau(doors: Doors) -> Bureau:
    return Bureau(doors, await doors.account(("office", None)))


async def test_a_person_gets_the_subject_of_the_account_that_was_made(bureau: Bureau):
    person = (await bureau.register(email="erika@stadt.example")).json()
    assert person["sub"] == person["person_id"]
    await bureau.run()
    known = await bureau.known(person["person_id"])
    assert (known["sub"], known["version"]) == (f"kc-{person['person_id']}", 2)
    assert await bureau.doors.announced() == ["PersonRegistered", "SignInProvided"]
    query = "SELECT sub FROM principal WHERE person_id = :person_id"
    parameters = {"person_id": person["person_id"]}
    assert await bureau.doors.database.connection.scalar(text(query), parameters) == known["sub"]
    await bureau.run(hours=1)
    assert len(bureau.directory.heard) == 1


async def test_while_the_provider_is_down_accounts_wait_and_then_are_made(bureau: Bureau):
    bureau.directory.down = True
    people = [
        (await bureau.register(email=f"p{number}@stadt.example")).json() for number in range(6)
    ]
    await bureau.run()
    await bureau.run(hours=1)
    assert (await bureau.open(), bureau.directory.accounts) == (6, {})
    bureau.directory.down = False
    await bureau.run(hours=1)
    assert await bureau.open() == 0
    assert len(bureau.directory.accounts) == len(people)


async def test_a_new_address_is_told_and_the_end_closes_the_account(bureau: Bureau):
    person = (await bureau.register(email="erika@stadt.example")).json()
    await bureau.run()
    path = f"/persons/{person['person_id']}"
    new = {"email": "e.m@stadt.example"}
    await bureau.doors.client.put(f"{path}/contact", json=new, headers=bureau.office)
    await bureau.run()
    sub = f"kc-{person['person_id']}"
    assert bureau.directory.accounts[sub] == {"email": "e.m@stadt.example", "enabled": True}
    await bureau.doors.client.post(f"{path}/deactivation", headers=bureau.office)
    await bureau.run()
    assert bureau.directory.accounts[sub]["enabled"] is False
    assert await bureau.open() == 0


async def test_what_changes_while_it_is_told_is_told_next(bureau: Bureau):
    person = (await bureau.register(email="erika@stadt.example")).json()
    path = f"/persons/{person['person_id']}/deactivation"

    async def slow(wanted: WantedSignIn) -> SignInOutcome:
        if wanted.active:
            await bureau.doors.client.post(path, headers=bureau.office)
        return await bureau.directory(wanted)

    await Provisioner(slow, lambda: clock.now() + timedelta(seconds=1))(bureau.doors.database)
    assert [wanted.active for wanted in bureau.directory.heard] == [True, False]
    assert await bureau.open() == 0


async def test_an_account_that_somebody_else_made_is_closed_but_never_changed(bureau: Bureau):
    person = (await bureau.register(sub="known-elsewhere", email="x@stadt.example")).json()
    path = f"/persons/{person['person_id']}"
    new = {"email": "y@stadt.example"}
    await bureau.doors.client.put(f"{path}/contact", json=new, headers=bureau.office)
    await bureau.run()
    assert bureau.directory.heard == []
    await bureau.doors.client.post(f"{path}/deactivation", headers=bureau.office)
    await bureau.run()
    (closed,) = bureau.directory.heard
    assert (closed.sub, closed.made, closed.active, closed.email) == (
        "known-elsewhere",
        False,
        False,
        None,
    )


async def test_what_the_provider_never_takes_is_seen_and_not_told_again(bureau: Bureau):
    person = (await bureau.register(email="erika@stadt.example")).json()
    path = f"/persons/{person['person_id']}/contact"
    heard: list[WantedSignIn] = []

    async def refusing(wanted: WantedSignIn) -> SignInOutcome:
        heard.append(wanted)
        return SignInOutcome(done=False, reason="http_400", refused=True)

    async def sign_in() -> str:
        answer = await bureau.doors.client.get(path, headers=bureau.office)
        return str(answer.json()["sign_in"])

    assert await sign_in() == "waiting"
    for hours in (0, 1, 24):
        ahead = timedelta(hours=hours, seconds=1)
        await Provisioner(refusing, lambda ahead=ahead: clock.now() + ahead)(bureau.doors.database)
    assert (len(heard), await sign_in()) == (1, "refused")
    gauges = {
        gauge.name: gauge for gauge in await standing.gauges(bureau.doors.database.connection)
    }
    assert gauges["marktbund_sign_in_refused"].samples[0].value == 1
    assert gauges["marktbund_sign_in_oldest_seconds"].samples[0].value == 0
    again = {"email": "erika@stadt.example"}
    await bureau.doors.client.put(path, json=again, headers=bureau.office)
    await bureau.run()
    assert (len(bureau.directory.heard), await sign_in()) == (1, "known")


async def test_one_account_whose_telling_fails_holds_no_other_up(bureau: Bureau):
    people = [
        (await bureau.register(email=f"p{number}@stadt.example")).json()["person_id"]
        for number in range(7)
    ]

    async def failing(wanted: WantedSignIn) -> SignInOutcome:
        if str(wanted.person_id) == people[0]:
            raise ZeroDivisionError
        return await bureau.directory(wanted)

    with capture_logs() as logs:
        await Provisioner(failing, lambda: clock.now() + timedelta(seconds=1))(
            bureau.doors.database
        )
    assert len(bureau.directory.accounts) == 6
    (fault,) = (line for line in logs if line["event"] == "sign_in_failed")
    assert (fault["person_id"], fault["error"]) == (people[0], "ZeroDivisionError")
    assert fault["exc_info"].__traceback__ is not None
    await bureau.run(minutes=2)
    assert len(bureau.directory.accounts) == 7


@pytest.mark.parametrize("body", [{}, {"kind": "machine", "email": "x@stadt.example"}])
async def test_an_account_needs_a_subject_or_a_persons_address(bureau: Bureau, body: Any):
    assert (await bureau.register(**body)).status_code == 422


def test_pauses_double_up_to_ten_minutes_without_an_end():
    now = clock.now()
    assert next_attempt(1, now) - now == timedelta(seconds=5)
    assert next_attempt(500, now) - now == LONGEST_PAUSE


@pytest.mark.parametrize(
    "given",
    [{}, {"identity_secret": SecretStr("x"), "identity_demo_password": SecretStr("marktbund")}],
)
def test_one_password_for_everybody_is_refused_in_production(given: dict[str, Any]):
    usual = {"database_url": "postgresql+asyncpg://x", "kafka": "x:1", "kafka_user": "members"}
    usual |= {"kafka_password": "x", "issuer_url": "https://id.example", "http_port": "1"}
    settings = Settings.model_validate(usual | {"identity_url": "http://k/auth"} | given)
    with pytest.raises(IdentitySettingsError):
        composed(settings)
