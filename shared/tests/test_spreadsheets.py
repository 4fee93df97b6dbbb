"""No cell of a sheet is run by the program that opens it."""

import pytest

from marktbund.spreadsheets import disarmed


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+49 221",
        "-1",
        "@SUM(A1)",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20SUM",
        "\ufe66A1",
        "\ufe631",
        "\ufe62A1",
        "\ufe6bA1",
        "\u22121",
        " =1+1",
        "\u00a0=1+1",
        "\u200b=1+1",
        "\ufeff\uff1d1",
        "\t=1",
        "\rHYPERLINK",
    ],
)
def test_what_begins_like_a_formula_becomes_text(text: str):
    assert disarmed(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Papier", "A=B", "1+1", "'=1", "Ärger", "３ Stück", "–"])
def test_other_texts_stay_as_they_are(text: str):
    assert disarmed(text) == text
