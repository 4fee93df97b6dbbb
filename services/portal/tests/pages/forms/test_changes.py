"""Changes of an agreement: read as typed, said in a sentence."""

import pytest
from pydantic import TypeAdapter

from marktbund.contracts.agreements import Content
from portal.pages.forms import changes
from services.portal.tests.bodies import sent

MEMBER, SUPPLIER = "0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"


class Names:
    def member(self, member_id: str) -> str:
        return "Köln" if member_id == MEMBER else "?"


CHANGE = {"effective_on": "2026-07-01", "basis": "Nr. 7"}


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (
            "mitglied",
            {"member_id": MEMBER, "entitled_from": "2026-07-01", "entitled_to": "2026-12-31"},
            "Köln ist abrufberechtigt ab 01.07.2026 bis 31.12.2026.",
        ),
        (
            "preis",
            {"position": "1/2", "unit_price_net": "2,955"},
            "Los 1, Position 2: 2,955 € netto.",
        ),
        (
            "obergrenze",
            {"lot_no": "1", "value_net": "60.000", "quantity": "12", "raise_ground": "132_3"},
            "Los 1: Höchstwert 60.000,00 € und Höchstmenge 12 (§ 132 Abs. 3 GWB: geringfügig).",
        ),
        ("laufzeit", {"ends_on": "2031-06-30"}, "Letzter Tag ist der 30.06.2031."),
        (
            "nachfolger",
            {"position": "1/1", "article": f"http://127.0.0.1/artikel/{SUPPLIER}?x"},
            "Los 1, Position 1: ein anderer Artikel, gleichwertig, gleicher Preis.",
        ),
    ],
)
def test_a_change_is_read_and_told(kind: changes.Kind, typed: dict[str, str], sentence: str):
    read = changes.read(kind, CHANGE | typed)
    content = TypeAdapter[Content](Content).validate_python(sent(read)["content"])
    assert changes.sentence(content, Names()) == sentence


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("mitglied", ["basis", "effective_on", "entitled_from", "member_id"]),
        ("preis", ["basis", "effective_on", "position", "unit_price_net"]),
        ("obergrenze", ["basis", "effective_on", "value_net", "lot_no"]),
        ("laufzeit", ["basis", "effective_on", "ends_on"]),
        ("nachfolger", ["basis", "effective_on", "article", "position"]),
    ],
)
def test_an_empty_change_names_every_field(kind: changes.Kind, fields: list[str]):
    read = changes.read(kind, {})
    assert isinstance(read, list)
    assert [problem.field for problem in read] == fields
