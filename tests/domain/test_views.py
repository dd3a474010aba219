"""How many views a person keeps, and under which names."""

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.views import MOST, check_keeping

FULL = [f"Widok {number}" for number in range(MOST)]


@pytest.mark.parametrize(
    ("name", "filters", "known", "says"),
    [
        ("Nowy", ["rok"], [], None),
        ("Nowy", ["rok", "stan"], FULL[1:], None),
        ("Nowy", [], [], "No filter is in use"),
        ("", ["rok"], [], "Enter a name"),
        ("SKARGI Łódź", ["rok"], ["Skargi łódź"], "You have a view with this name"),
        ("Nowy", ["rok"], FULL, "You have 20 views"),
    ],
)
def test_a_view_has_filters_and_a_name_of_its_own_and_there_are_not_too_many(
    name: str, filters: list[str], known: list[str], says: str | None
) -> None:
    if says is None:
        check_keeping(name, filters=filters, known=known)
        return
    with pytest.raises(InvalidInput, match=says):
        check_keeping(name, filters=filters, known=known)
