import pytest

from qms.domain.discussion import check_asked, check_strikable, is_waiting
from qms.domain.errors import InvalidInput, NotAllowedNow
from tests.domain.tables import rows

WAITING = """
    asked  answered  struck  waits
    yes    no        no      yes
    yes    yes       no      no
    yes    no        yes     no
    yes    yes       yes     no
    no     no        no      no
"""


@pytest.mark.parametrize(("asked", "answered", "struck", "waits"), rows(WAITING))
def test_a_question_waits_until_it_is_answered_or_struck_out(
    asked: str, answered: str, struck: str, waits: str
) -> None:
    found = is_waiting(is_asked=asked == "yes", is_answered=answered == "yes", is_struck=struck == "yes")

    assert found == (waits == "yes")


def test_only_who_takes_part_is_asked_to_reply() -> None:
    check_asked(None, {1, 2})
    check_asked(2, {1, 2})
    with pytest.raises(InvalidInput, match="Choose somebody else"):
        check_asked(3, {1, 2})


def test_nothing_is_struck_out_twice() -> None:
    check_strikable(is_struck=False)
    with pytest.raises(NotAllowedNow, match="already"):
        check_strikable(is_struck=True)
