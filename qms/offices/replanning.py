"""Reminders planned anew, after an office changed what says when they leave."""

from datetime import date
from typing import Final

from qms.offices.models import Office

_FROM_THE_BEGINNING: Final = date.min


def plan_anew(office: Office) -> None:
    """Let the next planning look at everything open, also on the same day; what was told already stays told.

    An office never planned stays one: it is not told of the month before it came.
    """
    if office.planned_through is not None:
        office.planned_through = _FROM_THE_BEGINNING
