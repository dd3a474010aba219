"""What the pages of letters share: the blueprint, and where a page of a long list stands."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, request

from qms.core.paging import Paged, nearest, turns

bp: Final = Blueprint("reminders", __name__)


def where(total: int, address: Callable[[int], str]) -> dict[str, Any]:
    """The page asked for, or the nearest there is."""
    number = nearest(request.args.get("strona", 1, type=int), total)
    return turns(Paged(number=number, total=total), address)
