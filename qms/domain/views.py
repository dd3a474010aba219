"""Views of a list that a person keeps by name: how many, and under which names."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from qms.domain.errors import N_, InvalidInput

MOST: Final = 20  # of one person in one office; more would be a list of their own
LONGEST_NAME: Final = 60


class Listed(StrEnum):
    """The lists of which views are kept."""

    FINDINGS = "findings"
    ACTIONS = "actions"


def check_keeping(name: str, *, filters: Collection[str], known: Collection[str]) -> None:
    """Whether a view may be kept under this name. Raises `InvalidInput`.

    `filters` are those it narrows by, `known` the names of the views that the person has of this office.
    """
    if not filters:
        raise InvalidInput(N_("No filter is in use. Choose one in the list first, then save the view."))
    if not name:
        raise InvalidInput(N_("Enter a name for the view."), field="name")
    if name.casefold() in {each.casefold() for each in known}:
        raise InvalidInput(N_("You have a view with this name. Choose another name."), field="name")
    if len(known) >= MOST:
        raise InvalidInput(N_("You have %(most)s views, which is the most. Remove one first."), most=MOST)
