"""How a page is served: the guard in front of it, the transaction around it, the answer when a rule refuses."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext, refresh
from sqlalchemy import String, delete, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError, ServiceUnavailable
from werkzeug.wrappers import Response as BaseResponse

from qms.core import clock, i18n, trail
from qms.core.db import Model, UTCDateTime, db, set_reading, set_scope
from qms.core.forms import Form
from qms.domain.errors import RuleViolation
from qms.domain.standing import Concern
from qms.policy import Actor, Can, can, can_see

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_KEY: Final = re.compile(r"[0-9a-z]{1,12}", re.ASCII)

View = Callable[..., Any]


class UsedForm(Model):
    """A form that was sent and saved: the same form sent again is led to where the first one went."""

    __tablename__ = "used_form"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(500), default="")
    used_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class StaleForm(Exception):
    """Somebody saved the thing after this form was loaded."""

    def __init__(self, form: Form, thing: Any) -> None:  # noqa: ANN401 - any versioned row
        super().__init__()
        self.form = form
        self.thing = thing


class SentTwice(Exception):
    """This form was saved already."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


@dataclass(frozen=True)
class Guard:
    """Who may enter a view; kept on the view so that the start-up check finds it."""

    permission: Can | None
    reason: str = ""


def public(reason: str) -> Callable[[View], View]:
    """Anybody may enter; says why."""

    def decorate(view: View) -> View:
        view.__guard__ = Guard(None, reason)  # type: ignore[attr-defined]
        return view

    return decorate


def guard(permission: Can, load: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Let in who the policy allows, having loaded the thing the address names.

    Inside an office (`/u/<slug>/…`) the office is found first and its rows alone are opened; `load(office,
    **rest)` finds the thing, whose `concern` the policy judges. The view is handed the thing, or the office
    when nothing is loaded. Cannot see it: 404. Sees it but may not act: 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**address: Any) -> Any:  # noqa: ANN401 - what Flask passes and takes
            if actor_or_none() is None:
                return _to_sign_in()
            if "slug" not in address:
                _judge(permission, Concern(office_id=None))
                return view(**address)
            return _enter_office(permission, view, address, load=load)

        guarded.__guard__ = Guard(permission)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _enter_office(permission: Can, view: View, address: dict[str, Any], *, load: View | None) -> Any:  # noqa: ANN401
    office = find_office(address.pop("slug"))
    if office is None:
        abort(404)
    set_scope(frozenset({office.id}))
    at_large = Concern(office_id=office.id, is_shared=office.shares_content)
    if can(actor(), Can.SEE_OFFICE, at_large):
        g.office = office  # to strangers a page that is not there must not name the office behind the wall
    thing = office if load is None else _load(load, office, address)
    _judge(permission, at_large if load is None else thing.concern)
    g.office = office
    return view(thing) if load is not None else view(office, **address)


def _load(load: Callable[..., Any], office: Any, address: dict[str, Any]) -> Any:  # noqa: ANN401 - any row with a concern
    if any(not _KEY.fullmatch(str(part)) for part in address.values()):
        abort(404)
    thing = load(office, **address)
    if thing is None:
        abort(404)
    return thing


def _judge(permission: Can, concern: Concern) -> None:
    if not can_see(actor(), permission, concern):
        abort(404)
    if not can(actor(), permission, concern):
        abort(403)


def _to_sign_in() -> BaseResponse:
    here = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return redirect(url_for("auth.sign_in", dalej=here))


# Set by the app, the one place that knows every part: how to find an office, and a name, in the rooms above.
find_office: Callable[[str], Any] = lambda _slug: None  # noqa: E731 - a hook, replaced at start
name_of: Callable[[int], str] = str


def actor() -> Actor:
    """Who is signed in; only inside a guarded view."""
    found = actor_or_none()
    if found is None:
        abort(401)
    return found


def actor_or_none() -> Actor | None:
    """Who is signed in, if anybody."""
    return getattr(g, "actor", None)


def may(permission: Can, thing: Any = None) -> bool:  # noqa: ANN401 - anything with a concern
    """Whether to show a way to do something; for templates."""
    who = actor_or_none()
    if who is None:
        return False
    if thing is None:
        office = getattr(g, "office", None)
        thing_concern = Concern(
            office_id=office.id if office else None, is_shared=bool(office and office.shares_content)
        )
    else:
        thing_concern = thing.concern
    return can(who, permission, thing_concern)


@contextmanager
def saving(form: Form, thing: Any = None) -> Iterator[None]:  # noqa: ANN401 - any versioned row
    """Save what the code inside does, whole or not at all.

    A rule's refusal is put into the form and the page is shown again. Raises `StaleForm` when `thing` was
    saved after the form was loaded, `SentTwice` when this very form was saved before.
    """
    try:
        _use_once(form)
        _refuse_stale(form, thing)
        yield
        db.session.commit()
    except RuleViolation as refusal:
        db.session.rollback()
        form.refuse(refusal)
    except StaleDataError as error:
        db.session.rollback()
        raise StaleForm(form, thing) from error


def _use_once(form: Form) -> None:
    token = _fingerprint(form.once.data or "")
    used = db.session.scalar(select(UsedForm.location).where(UsedForm.token == token))
    if used is None:
        try:
            db.session.execute(insert(UsedForm).values(token=token, location="", used_at=clock.now()))
        except IntegrityError as error:  # the other sending was committed while this one waited
            db.session.rollback()
            raise SentTwice(request.path) from error
        g.used_form = token
        return
    db.session.rollback()
    raise SentTwice(used or request.path)


def lead_to(location: str) -> BaseResponse:
    """Redirect after saving, remembering where, for the same form sent again."""
    token = getattr(g, "used_form", None)
    if token:
        used = db.session.get(UsedForm, token)
        if used is not None:
            used.location = location[:500]
    return redirect(location)


def _fingerprint(token: str) -> str:
    who = actor_or_none()
    return hashlib.sha256(f"{who.person_id if who else 0}:{request.path}:{token}".encode()).hexdigest()


def _refuse_stale(form: Form, thing: Any) -> None:  # noqa: ANN401 - any versioned row
    # As sent: a form that came without a version would otherwise carry the one just read from the thing itself.
    loaded = (form.version.raw_data or [""])[0]
    if thing is not None and loaded != str(thing.version):
        db.session.rollback()
        raise StaleForm(form, thing)


def forget_used_forms(before: datetime) -> None:
    """Drop the tokens of forms sent before an instant."""
    db.session.execute(delete(UsedForm).where(UsedForm.used_at < before))


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
    app.register_error_handler(StaleForm, _show_stale)
    app.register_error_handler(SentTwice, _lead_on)
    app.register_error_handler(RuleViolation, _show_refusal)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(OperationalError, _show_database_failure)
    app.jinja_env.globals |= {"may": may, "Can": Can}


def _begin() -> None:
    for leftover in ("office", "used_form"):  # several requests may share one context, as in a test or a shell
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


def _show_stale(error: StaleForm) -> tuple[str, int]:
    """Both texts side by side, what was typed still in the form, which now carries the new version."""
    db.session.refresh(error.thing)
    error.form.version.data = str(error.thing.version)
    error.form.version.raw_data = None
    conflicts = [
        (str(field.label.text), _as_text(field.data), _as_text(getattr(error.thing, field.name)))
        for field in error.form.visible
        if hasattr(error.thing, field.name) and field.type not in {"FileField", "MultipleFileField"}
    ]
    differing = [conflict for conflict in conflicts if conflict[1] != conflict[2]]
    last = trail.last_change(error.thing)
    page = render_template(
        "errors/stale.html",
        form=error.form,
        conflicts=differing,
        action=request.full_path,
        back_url=request.path,
        has_files=any(field.type == "MultipleFileField" for field in error.form.visible),
        changed_by=name_of(last.person_id) if last and last.person_id else gettext("Somebody"),
        changed_at=i18n.moment(last.at) if last else "",
    )
    return page, 409


def _as_text(value: Any) -> str:  # noqa: ANN401 - any field value
    return i18n.day(value) if hasattr(value, "isoformat") else "" if value is None else str(value)


def _lead_on(error: SentTwice) -> BaseResponse:
    flash(gettext("This form was saved already. Nothing was saved twice."), "info")
    return redirect(error.location)


def _show_refusal(error: RuleViolation) -> tuple[str, int]:
    db.session.rollback()
    return render_template("errors/409.html", error=error), 409


_SHOWN: Final = frozenset({400, 403, 404, 409, 413, 429, 500, 503})


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


def check_every_route(app: Flask, open_endpoints: Mapping[str, str]) -> None:
    """Refuse to start with a route nobody guards. Raises `RuntimeError` naming each one."""
    unguarded = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in open_endpoints and not hasattr(app.view_functions[rule.endpoint], "__guard__")
    ]
    if unguarded:
        message = f"routes without @guard or @public: {', '.join(sorted(set(unguarded)))}"
        raise RuntimeError(message)
