"""How a page is served: what begins and ends each request, its headers, and the answer when something refuses."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, render_template, request
from flask_babel import refresh
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError, ServiceUnavailable

from qms.core import trail, unsaved
from qms.core.access import SAFE_METHODS, actor_or_none, may
from qms.core.db import db, set_scope
from qms.core.engine import set_reading
from qms.core.saving import SentTwice, StaleForm, lead_on, show_stale
from qms.domain.errors import RuleViolation
from qms.policy import Can

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def safe_next(address: str | None) -> str | None:
    """A page of this site to go on to, or none: one path of plain letters, nothing a browser could bend."""
    if not address or not re.fullmatch(r"/(?:[0-9A-Za-z_.~/?&=%+-]*)", address, re.ASCII):
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or "//" in parts.path or "%" in parts.path or ".." in parts.path:
        return None
    return address


def init(app: Flask) -> None:
    """Give the app its headers, its error pages and the end of each request."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_leave)
    app.register_error_handler(StaleForm, show_stale)
    app.register_error_handler(SentTwice, lead_on)
    app.register_error_handler(RuleViolation, _show_refusal)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(OperationalError, _show_database_failure)
    app.jinja_env.globals |= {"may": may, "Can": Can, "unsaved_words": unsaved.words}


def _begin() -> None:
    for leftover in (
        "office",
        "used_form",
        "is_behind_link",
    ):  # several requests may share one context, as in a test or a shell
        g.pop(leftover, None)
    refresh()  # the language of the request before
    set_scope(None)
    set_reading(only=request.method in SAFE_METHODS)
    trail.act_as(None, via="page")


def _leave(_error: BaseException | None) -> None:
    set_scope(None)
    trail.act_as(None, via="page")


def _finish(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if actor_or_none() is not None or request.method not in SAFE_METHODS or request.path.startswith("/logowanie"):
        response.headers["Cache-Control"] = "no-store, private"
    return response


def _show_refusal(error: RuleViolation) -> tuple[str, int]:
    db.session.rollback()
    return render_template("errors/409.html", error=error), 409


_SHOWN: Final = frozenset({400, 401, 403, 404, 409, 413, 429, 500, 503})


def _show_error(error: HTTPException) -> Any:  # noqa: ANN401 - a response of any kind
    if error.code is None or error.code < 400:  # noqa: PLR2004 - redirects pass
        return error.get_response()
    if isinstance(error, SecurityError):  # an untrusted host: no address of ours can be built for it
        return Response("400: unknown address of this register", 400, mimetype="text/plain")
    db.session.rollback()
    shown = error.code if error.code in _SHOWN else 500 if error.code >= 500 else 400  # noqa: PLR2004
    g.is_failing = shown >= 500  # noqa: PLR2004 - the page about a failure must not need what failed
    return render_template(f"errors/{shown}.html"), error.code


def _show_database_failure(error: OperationalError) -> Any:  # noqa: ANN401 - a response of any kind
    """The disk is full, or the server is away: nothing was saved, and it may pass."""
    current_app.logger.error("database failure", exc_info=error)
    return _show_error(ServiceUnavailable())
