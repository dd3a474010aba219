import pytest

from qms.domain.empty_causes import ends_at_a_person

EMPTY = [
    "Błąd ludzki.",
    "błąd  pracownika",
    "Były to błędy ludzkie",
    "Czynnik ludzki",
    "Pracownik został pouczony.",
    "Niedopatrzenie osoby prowadzącej",
    "Przez nieuwagę nie wpisano daty.",
    "Zwrócono pracownikowi uwagę.",
    "Human error",
    "The clerk has been reminded.",
    "An employee’s oversight",
    "1. nie wpisano daty\n2. przeoczenie",
    "Nie wpisano daty, bo jej nie znano.\nBłąd ludzki.\n\n",
]
TELLING = [
    "",
    "Nikt nie pilnuje dat ważności.",
    "Błąd w programie finansowym.",
    "Błąd ludzki, bo rejestr nie przypomina o datach.",
    "Human error because two forms look alike.",
    "1. przeoczenie\n2. rejestr nie przypomina o datach",
    "Czynnik pogodowy",
    "Wzór nie przewiduje pouczenia strony.",
]


@pytest.mark.parametrize("cause", EMPTY)
def test_a_cause_that_ends_at_a_person_is_noticed(cause: str) -> None:
    assert ends_at_a_person(cause)


@pytest.mark.parametrize("cause", TELLING)
def test_a_cause_that_tells_why_is_left_alone(cause: str) -> None:
    assert not ends_at_a_person(cause)
