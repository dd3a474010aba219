"""What the pages of letters share: the blueprint, and where a page of a long list stands."""

import math
from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, request

bp: Final = Blueprint("reminders", __name__)
PER_PAGE: Final = 50


def where(total: int, address: Callable[[int], str]) -> dict[str, Any]:
    """The page asked for, or the nearest there is, as the macros `shown` and `pager` want it."""
    pages = max(1, math.ceil(total / PER_PAGE))
    number = min(max(request.args.get("strona", 1, type=int), 1), pages)
    return {
        "number": number,
        "pages": pages,
        "first": min(total, (number - 1) * PER_PAGE + 1),
        "last": min(total, number * PER_PAGE),
        "total": total,
        "previous_url": address(number - 1) if number > 1 else None,
        "next_url": address(number + 1) if number < pages else None,
    }
