import doctest

import pytest

from qms.domain import passwords
from qms.domain.passwords import is_easily_guessed

ABOUT = ("Anna Nowak-Kowalska", "a.nowak@bochnia.example.com")


def test_its_examples_are_true() -> None:
    assert doctest.testmod(passwords).failed == 0


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "123456789012",
        "987654321987",
        "haslo1234567",
        "qwertyqwerty",
        "UrzadMiejski2026!",
        "Starostwo-2026",
        "Listopad2026!",
        "Bochnia123456",
        "nowak.kowalska",
        "Pełnomocnik2026",
        "1" * 30,
        "a" * 64,
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-Bochnia",
        "zaq12wsxcde3",
        "1qaz2wsx3edc",
        "qwertyuiop12",
        "poiuytrewq99",
        "ZAQ!@WSXcde3",
    ],
)
def test_a_password_made_of_known_words_is_easily_guessed(password: str) -> None:
    assert is_easily_guessed(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "cztery konie na moście",
        " haslo z odstepem ",
        "ą " * 32,
        "zimowy-wiatr-7-kotów",
        "kq8w3nf0z7xd",
        "trzydzieści jeden mrówek",
        "nasza pompa stoi od wtorku",
    ],
)
def test_several_unrelated_words_are_not(password: str) -> None:
    assert not is_easily_guessed(password, about=ABOUT)


def test_a_word_of_the_person_counts_only_for_that_person() -> None:
    assert is_easily_guessed("nowakowska-bochnia", about=("Anna Nowakowska", "a@bochnia.example.com"))
    assert not is_easily_guessed("nowakowska-bochnia", about=())
