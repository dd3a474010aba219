import pytest

from qms.domain.causes import LONGEST_NAME, MOST, STARTER, WORDS, Cause, check, settled
from qms.domain.errors import InvalidInput

SAID = {starter: (english, f"po polsku {starter}") for starter, english in WORDS.items()}
TOOLS = Cause(starter="tools")


def test_an_office_starts_with_eight_causes_each_with_words() -> None:
    assert [each.starter for each in STARTER] == list(WORDS)
    assert len(STARTER) == 8


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Equipment, form or computer program", ""),
        ("  PO POLSKU   tools ", ""),
        ("Sprzęt", "Sprzęt"),
    ],
)
def test_the_products_own_words_are_not_kept_as_a_name(typed: str, kept: str) -> None:
    assert settled(Cause(starter="tools", name=typed, is_used=False), SAID) == Cause(
        starter="tools", name=kept, is_used=False
    )


# What is wrong with a cause beside those of the proposal: the cause, how many others there are besides, the field.
REFUSED = {
    "a name another one has": (Cause(name="Sprzęt"), [Cause(name="SPRZĘT ")], "name"),
    "the product's word in another language": (Cause(name="po polsku Tools"), [TOOLS], "name"),
    "a name too long": (Cause(name="x" * (LONGEST_NAME + 1)), [], "name"),
    "one too many": (Cause(name="Nowa"), [Cause(name=str(number)) for number in range(MOST)], None),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_catalogue_refuses_what_could_be_mistaken(why: str) -> None:
    cause, others, field = REFUSED[why]

    with pytest.raises(InvalidInput) as refused:
        check(cause, others, SAID)

    assert refused.value.field == field


def test_a_renamed_cause_leaves_its_word_to_others() -> None:
    check(Cause(name="po polsku tools"), [Cause(starter="tools", name="Sprzęt")], SAID)
