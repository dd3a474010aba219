import json

import pytest

from qms.domain.cause_analysis import WORDS, Analysis, Heading, analysed, read

WHYS = ["nikt nie pilnuje", "", "brak zastępstwa"]
HEADINGS = ["", "Nie ma procedury.", "", "Wzór jest stary."]

# What was typed as the cause and on the way to it, and the one text of both.
TEXTS = [
    ("Brak rejestru.", [], [], "Brak rejestru."),
    ("", WHYS, [], "1. nikt nie pilnuje\n2. brak zastępstwa"),
    ("Brak rejestru.", WHYS, [], "Brak rejestru.\n1. nikt nie pilnuje\n2. brak zastępstwa"),
    ("", [], HEADINGS, "– Nie ma procedury.\n– Wzór jest stary."),
    ("Brak zasad.", [], HEADINGS, "Brak zasad.\n– Nie ma procedury.\n– Wzór jest stary."),
    ("", [], [], ""),
]


@pytest.mark.parametrize(("cause", "whys", "headings", "written"), TEXTS)
def test_a_cause_and_the_way_to_it_are_one_text_and_come_apart_again(
    cause: str, whys: list[str], headings: list[str], written: str
) -> None:
    analysis = analysed(whys, headings)

    assert analysis.written(cause) == written
    assert analysis.typed(written) == cause
    assert read(json.loads(json.dumps(analysis.kept))) == analysis


@pytest.mark.parametrize(
    ("whys", "headings", "is_two_ways"), [(WHYS, [], False), ([], HEADINGS, False), (WHYS, HEADINGS, True)]
)
def test_two_ways_at_once_are_noticed(*, whys: list[str], headings: list[str], is_two_ways: bool) -> None:
    assert analysed(whys, headings).is_two_ways is is_two_ways


def test_a_heading_that_is_not_known_any_more_is_left_out() -> None:
    kept = {"headings": {"weather": "Padało.", "method": "Brak wzoru."}}

    assert read(kept) == Analysis((), {"method": "Brak wzoru."})


def test_each_heading_has_its_words() -> None:
    assert set(WORDS) == set(Heading)
