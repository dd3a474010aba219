"""An office's own kinds of finding over a fixed meaning."""

from dataclasses import replace

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.findings import Category
from qms.domain.scale import HINTS, MEANINGS, MOST_KINDS, STARTER, WORDS, Called, Kind, check, choices, settled

POLISH = {"nonconformity": "Niezgodność", "observation": "Spostrzeżenie", "major": "Duża", "minor": "Mała"}
PRODUCT = {each: {WORDS[each], POLISH.get(each, WORDS[each])} for each in Category}

FAULT = Kind(meaning=Category.NONCONFORMITY, symbol="N")
SERVICE = replace(FAULT, name="Niezgodna usługa")
REMARK = Kind(meaning=Category.OBSERVATION, symbol="S")
GRADED = replace(FAULT, is_graded=True)


def codes(*kinds, always_grades=False):
    return [each.code for each in choices({f"k{n}": each for n, each in enumerate(kinds)}, always_grades=always_grades)]


OFFERED = [
    ("an office starts without grades", STARTER, False, ["nonconformity", "observation", "opportunity", "strength"]),
    ("a body always grades", STARTER, True, ["major", "minor", "observation", "opportunity", "strength"]),
    ("an office may grade", (GRADED, REMARK), False, ["major", "minor", "observation"]),
    ("the order is the office's", (REMARK, GRADED), False, ["observation", "major", "minor"]),
    ("two kinds may mean the same", (FAULT, SERVICE), False, ["nonconformity", "nonconformity-k1"]),
    ("a body grades the first of them", (FAULT, SERVICE), True, ["major", "minor"]),
    ("or the one that is graded", (FAULT, replace(SERVICE, is_graded=True)), True, ["major", "minor"]),
    ("what is no longer used is not offered", (FAULT, replace(REMARK, is_used=False)), False, ["nonconformity"]),
    (
        "the meaning alone is the first that is used",
        (replace(FAULT, is_used=False), SERVICE),
        False,
        ["nonconformity"],
    ),
]


@pytest.mark.parametrize(("_why", "kinds", "always_grades", "expected"), OFFERED, ids=[each[0] for each in OFFERED])
def test_what_auditors_choose_from(_why, kinds, always_grades, expected):
    assert codes(*kinds, always_grades=always_grades) == expected


def test_a_choice_bears_the_name_of_the_office_and_the_meaning_of_everybody():
    named = replace(GRADED, major_name="Istotna")

    found = choices({"k": named}, always_grades=False)

    assert [each.called for each in found] == [Called(Category.MAJOR, "Istotna"), Called(Category.MINOR)]
    assert {each.key for each in found} == {"k"}


REFUSED = [
    ("the same name", replace(REMARK, name="Uwaga"), [FAULT, replace(FAULT, name="uwaga ")], "name"),
    ("the product's word of another", replace(FAULT, name="spostrzeżenie"), [REMARK], "name"),
    ("the same in the other language", replace(FAULT, name="Observation"), [REMARK], "name"),
    ("two without a name", REMARK, [FAULT, REMARK], "name"),
    ("a grade like a kind", replace(GRADED, minor_name="Uwaga"), [replace(REMARK, name="Uwaga")], "minor_name"),
    ("two grades alike", replace(GRADED, major_name="Istotna", minor_name="istotna"), [], "minor_name"),
    ("none left for nonconformities", replace(FAULT, is_used=False), [REMARK], "is_used"),
    ("an overlong name", replace(REMARK, name="x" * 61), [FAULT], "name"),
    ("an overlong grade", replace(GRADED, major_name="x" * 61), [], "major_name"),
    ("an overlong symbol", replace(REMARK, symbol="SPOST"), [FAULT], "symbol"),
    ("a symbol that would break a number", replace(REMARK, symbol="S/"), [FAULT], "symbol"),
    ("no symbol", replace(REMARK, symbol=""), [FAULT], "symbol"),
    ("too many", REMARK, [FAULT] * MOST_KINDS, None),
]


@pytest.mark.parametrize(("_why", "kind", "others", "field"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_the_scale_cannot_hold_is_refused_at_its_field(_why, kind, others, field):
    with pytest.raises(InvalidInput) as refusal:
        check(kind, others, PRODUCT)

    assert refusal.value.field == field


ALLOWED = [
    ("another nonconformity is left", replace(FAULT, is_used=False), [SERVICE]),
    ("grades that nobody is asked for", replace(FAULT, name="Usterka"), [GRADED]),
    ("the longest name", replace(REMARK, name="x" * 60), [FAULT]),
    ("the longest symbol", replace(REMARK, symbol="ŻÓŁW"), [FAULT]),
    ("one symbol for two kinds", SERVICE, [FAULT]),
]


@pytest.mark.parametrize(("_why", "kind", "others"), ALLOWED, ids=[each[0] for each in ALLOWED])
def test_what_the_scale_can_hold(_why, kind, others):
    check(kind, others, PRODUCT)


def test_the_words_of_the_product_are_no_names_of_the_office():
    kept = replace(GRADED, name="Usterka", major_name="duża", minor_name="Drobna")

    assert settled(replace(FAULT, name=" niezgodność"), PRODUCT).name == ""
    assert settled(kept, PRODUCT) == replace(kept, major_name="")


def test_only_nonconformities_have_grades():
    wanted = replace(REMARK, is_graded=True, major_name="Ważna", minor_name="Mniej ważna")

    assert settled(wanted, PRODUCT) == REMARK


@pytest.mark.parametrize("meaning", MEANINGS)
def test_only_of_what_is_no_fault_and_no_praise_an_office_may_ask_whether_the_unit_acts(meaning):
    wanted = Kind(meaning=meaning, symbol="X", is_answered=True)

    assert settled(wanted, PRODUCT).is_answered is (meaning in {Category.OBSERVATION, Category.OPPORTUNITY})


def test_every_meaning_is_proposed_once_and_has_words():
    assert sorted(each.meaning for each in STARTER) == sorted(MEANINGS)
    assert set(WORDS) == set(HINTS) == set(Category)
    for number, each in enumerate(STARTER):
        check(each, [*STARTER[:number], *STARTER[number + 1 :]], PRODUCT)
