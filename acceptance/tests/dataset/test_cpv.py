"""CPV codes: complete, labelled in German, and sorted into classes."""

import pytest

from acceptance.dataset import cpv


def test_all_codes_of_cpv_2008_have_a_label():
    labels = cpv.labels()
    assert len(labels) == cpv.CODE_COUNT == 9_454
    assert all(len(code) == 8 and code.isdecimal() for code in labels)
    assert all(label == label.strip() and label for label in labels.values())
    assert labels["30197630"] == "Druckpapier"
    assert labels["33141625"] == "Diagnoseausrüstung"


def test_xml_escapes_are_resolved_and_quotation_marks_kept():
    assert cpv.labels()["33131173"] == "Zahnmedizinische Aufwachs- & Modellierinstrumente"
    assert cpv.labels()["76431200"].endswith('("pickup")')


@pytest.mark.parametrize(
    ("code", "level", "cpv_class", "parent"),
    [
        ("30000000", "division", "30000000", None),
        ("30100000", "group", "30100000", "30000000"),
        ("30190000", "class", "30190000", "30100000"),
        ("30197000", "category", "30190000", "30190000"),
        ("30197600", "detail", "30190000", "30197000"),
        ("30197630", "detail", "30190000", "30197600"),
        ("39254000", "category", "39250000", "39200000"),
        ("60112000", "category", "60110000", "60100000"),
    ],
)
def test_hierarchy(code, level, cpv_class, parent):
    assert cpv.level(code) == level
    assert cpv.class_of(code) == cpv_class
    assert cpv.parent(code) == parent


def test_only_two_classes_are_missing_and_their_label_comes_from_above():
    classes = {cpv.class_of(code) for code in cpv.labels()}
    assert classes - cpv.labels().keys() == {"39250000", "60110000"}
    assert cpv.class_label("39254130") == cpv.labels()["39200000"]
    assert cpv.class_label("30197630") == cpv.labels()["30190000"]


def test_every_code_but_a_division_has_a_parent():
    orphans = [code for code in cpv.labels() if cpv.parent(code) is None]
    assert len(orphans) == 45
    assert all(cpv.level(code) == "division" for code in orphans)


@pytest.mark.parametrize("wrong", ["3019763", "30197630-1", "٣٠١٩٧٦٣٠", "301976300", ""])
def test_what_is_no_code_is_refused(wrong):
    with pytest.raises(ValueError, match="eight digits"):
        cpv.class_of(wrong)


def test_a_class_of_an_unknown_division_has_no_label():
    with pytest.raises(KeyError):
        cpv.class_label("99990000")
