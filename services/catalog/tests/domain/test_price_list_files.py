"""A price list file: what is taken over, and how every bad row is named."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.cells import READERS
from catalog.domain.price_list_files import read
from marktbund.errors import Invalid


def faults(content: bytes, **bounds: int) -> list[tuple[int, str, str]]:
    with pytest.raises(Invalid) as refused:
        read(content, **bounds)
    assert refused.value.code == "price_list_invalid"
    assert all(row["detail"] for row in refused.value.extra["rows"])
    return [(row["row"], row["column"], row["code"]) for row in refused.value.extra["rows"]]


def test_a_good_row_is_an_offer(csv_of: Callable[..., bytes]):
    (offer,) = read(csv_of({"article_number": " BR 1", "cpv": "30197630-1", "name": " A  4 "}))
    assert offer.article_number == " BR 1"
    assert (offer.cpv, offer.name, offer.order_unit) == ("30197630", "A 4", "XPK")
    assert (offer.unit_price_net, offer.vat_rate) == (Decimal("4.27"), Decimal(19))
    assert offer.features == (("Format", "A4"), ("Grammatur", "80 g/m²"))
    assert offer.comparable_group == "txt:a 4|500blatt|XPK"


def test_columns_may_come_in_any_order_and_with_a_byte_order_mark(csv_of: Callable[..., bytes]):
    lines = csv_of({}).decode().replace("name,description", "description,name")
    (offer,) = read(b"\xef\xbb\xbf" + lines.encode())
    assert offer.name == "Für Laser- und Tintendrucker sowie Kopierer."


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("article_number", " ", "missing"),
        ("article_number", "x" * 61, "too_long"),
        ("name", "", "missing"),
        ("name", "-- !", "missing"),
        ("name", "x" * 201, "too_long"),
        ("name", "a\x00b", "control_character"),
        ("description", "x" * 4001, "too_long"),
        ("cpv", "3019763", "cpv_invalid"),
        ("cpv", "30197630-12", "cpv_invalid"),
        ("gtin", "2893779877145", "gtin_invalid"),
        ("order_unit", "", "order_unit_invalid"),
        ("order_unit", "Stück", "order_unit_invalid"),
        ("unit_price_net", "4,27", "not_a_number"),
        ("unit_price_net", "-1", "not_a_number"),
        ("unit_price_net", "NaN", "not_a_number"),
        ("unit_price_net", "1e3", "not_a_number"),
        ("unit_price_net", "٣", "not_a_number"),
        ("unit_price_net", "12345678901", "not_a_number"),
        ("unit_price_net", "1.00001", "too_many_decimals"),
        ("currency", "CHF", "currency_not_supported"),
        ("vat_rate", "100.01", "vat_rate_out_of_range"),
        ("delivery_days", "366", "delivery_days_out_of_range"),
        ("delivery_days", "1.5", "delivery_days_out_of_range"),
        ("minimum_quantity", "0", "minimum_quantity_out_of_range"),
        ("minimum_quantity", "10000000", "minimum_quantity_out_of_range"),
        ("minimum_quantity", "0.5", "quantity_not_whole"),
        ("minimum_quantity", "1_000", "not_a_number"),
        ("quantity_interval", "0", "quantity_interval_out_of_range"),
        ("quantity_interval", "0.5", "quantity_not_whole"),
        ("quantity_interval", "2", "interval_not_in_minimum"),
        ("features", "Format", "feature_invalid"),
        ("features", "Format=A4|Format=A3", "feature_repeated"),
        ("features", "|".join(f"m{n}=1" for n in range(51)), "too_many_features"),
    ],
)
def test_a_bad_cell_is_named(csv_of: Callable[..., bytes], column: str, cell: str, code: str):
    assert faults(csv_of({}, {column: cell})) == [(3, column, code)]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("unit_price_net", "0"), ("unit_price_net", "9999999999.9999"), ("vat_rate", "7.70")],
)
def test_the_bounds_themselves_are_allowed(csv_of: Callable[..., bytes], column: str, cell: str):
    (offer,) = read(csv_of({column: cell}))
    assert getattr(offer, column) == Decimal(cell)


@pytest.mark.parametrize(
    ("unit", "minimum", "interval", "kept"),
    [
        ("XPK", "10", "5", Decimal(5)),
        ("XPK", "10", "10", Decimal(10)),
        ("XPK", "10", " ", None),
        ("KGM", "0.5", "0.25", Decimal("0.25")),
    ],
)
def test_an_interval_divides_the_minimum(
    csv_of: Callable[..., bytes], unit: str, minimum: str, interval: str, kept: Decimal | None
):
    row = {"order_unit": unit, "minimum_quantity": minimum, "quantity_interval": interval}
    (offer,) = read(csv_of(row))
    assert (offer.minimum_quantity, offer.quantity_interval) == (Decimal(minimum), kept)


def test_the_column_of_the_interval_may_be_left_out(csv_of: Callable[..., bytes]):
    lines = csv_of({}).decode().splitlines()
    (offer,) = read("\n".join(line.rpartition(",")[0] for line in lines).encode())
    assert offer.quantity_interval is None


def test_every_bad_row_is_named_at_once(csv_of: Callable[..., bytes]):
    rows = ({"cpv": "x", "currency": "USD"}, {}, {"gtin": "1"}, {"article_number": "BR-2"})
    assert faults(csv_of(*rows)) == [
        (2, "cpv", "cpv_invalid"),
        (2, "currency", "currency_not_supported"),
        (4, "gtin", "gtin_invalid"),
        (5, "article_number", "number_repeated"),
    ]


def test_more_faults_than_anyone_reads_are_counted(csv_of: Callable[..., bytes]):
    content = csv_of(*({"cpv": "x"} for _ in range(1_200)))
    with pytest.raises(Invalid) as refused:
        read(content)
    assert len(refused.value.extra["rows"]) == 1_000
    assert refused.value.extra["rows_total"] == 1_200


HEADER = ",".join(READERS).encode()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", (1, "article_number", "column_missing")),
        (HEADER, (2, "", "no_rows")),
        (HEADER.replace(b"cpv,", b""), (1, "cpv", "column_missing")),
        (HEADER + b",cpv", (1, "cpv", "column_missing")),
        (HEADER + b",quantity_interval", (1, "quantity_interval", "column_missing")),
        (HEADER + b",ean", (1, "ean", "column_unknown")),
        (
            HEADER.replace(b",", b";"),
            (1, HEADER.replace(b",", b";")[:60].decode(), "column_unknown"),
        ),
        (HEADER + b"\nBR-1,x", (2, "", "column_count")),
        (HEADER + b'\n"BR-1', (2, "", "unreadable")),
        (HEADER + b"\nB\xfcro", (2, "", "not_utf8")),
    ],
)
def test_a_file_that_is_no_price_list_says_why(content: bytes, fault: tuple[int, str, str]):
    assert faults(content) == [fault]


def test_too_many_rows_are_refused(csv_of: Callable[..., bytes]):
    assert len(read(csv_of({}, {}), max_rows=2)) == 2
    assert faults(csv_of({}, {}, {}), max_rows=2) == [(4, "", "too_many_rows")]


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise(tail: bytes):
    with pytest.raises(Invalid):
        read(HEADER + b"\nBR-1,Papier," + tail)


def test_a_refusal_says_how_many_faults_there_are_and_what_to_do(csv_of: Callable[..., bytes]):
    with pytest.raises(Invalid) as refused:
        read(csv_of({"cpv": "x"}, {"cpv": "y", "currency": "CHF"}))
    assert refused.value.title == "Die Preisliste enthält Fehler"
    assert refused.value.detail == "3 Fehler gefunden; es wurde nichts übernommen."
    assert "ganze Liste noch einmal senden" in refused.value.way_out
    assert refused.value.field == "body"


def test_blank_lines_are_passed_over_and_rows_are_counted_as_a_spreadsheet_does(
    csv_of: Callable[..., bytes],
):
    header, first, second = csv_of({}, {"cpv": "x"}).splitlines()
    content = b"\n".join((header, first, b"", second))
    assert faults(content) == [(4, "cpv", "cpv_invalid")]


def test_a_line_break_inside_a_cell_is_a_space(csv_of: Callable[..., bytes]):
    offers = read(csv_of({"description": "Erste Zeile\nzweite"}, {}))
    assert [offer.description for offer in offers] == [
        "Erste Zeile zweite",
        "Für Laser- und Tintendrucker sowie Kopierer.",
    ]


@pytest.mark.parametrize(("bad", "named"), [(999, 999), (1_000, 1_000), (1_001, 1_000)])
def test_a_thousand_faults_are_named(csv_of: Callable[..., bytes], bad: int, named: int):
    with pytest.raises(Invalid) as refused:
        read(csv_of(*({"cpv": "x"} for _ in range(bad))))
    extra = refused.value.extra
    assert (len(extra["rows"]), extra["rows_total"]) == (named, bad)


def test_a_number_repeated_thrice_names_the_first_row_each_time(csv_of: Callable[..., bytes]):
    with pytest.raises(Invalid) as refused:
        read(csv_of({}, {"article_number": "BR-1"}, {"article_number": "BR-1"}))
    assert [(row["row"], row["detail"]) for row in refused.value.extra["rows"]] == [
        (3, "Diese Artikelnummer steht schon in Zeile 2."),
        (4, "Diese Artikelnummer steht schon in Zeile 2."),
    ]


def test_a_byte_that_is_no_utf_8_is_named_by_its_line(csv_of: Callable[..., bytes]):
    content = csv_of({}, {}, {}).replace("weiß".encode(), "weiß".encode("latin-1"))
    assert faults(content) == [(2, "", "not_utf8")]
    lines = csv_of({}, {}, {}).splitlines(keepends=True)
    last = lines[-1].replace("weiß".encode(), "weiß".encode("latin-1"))
    assert faults(b"".join([*lines[:-1], last])) == [(4, "", "not_utf8")]


def test_headings_may_have_spaces_around_them(csv_of: Callable[..., bytes]):
    header, _, rest = csv_of({}).partition(b"\n")
    (offer,) = read(header.replace(b",cpv,", b", cpv ,") + b"\n" + rest)
    assert offer.cpv == "30197630"
