"""What the pages of signing in and of the account share: the blueprint, and the cookies they set."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

bp: Final = Blueprint("auth", __name__)

YEAR: Final = timedelta(days=365)


def cookie_name() -> str:
    """What the cookie of the session is called."""
    return "__Host-rejestr" if current_app.config["SESSION_COOKIE_SECURE"] else "rejestr"


def remember(response: Response, name: str, value: str, *, lasts: timedelta | None = None) -> Response:
    """The response with a cookie that no script can read."""
    response.set_cookie(
        name,
        value,
        max_age=lasts,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        path="/",
    )
    return response
