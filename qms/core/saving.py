"""Saving what a form brought: whole or not at all, once, and never over what somebody else saved meanwhile."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy import String, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from qms.core import clock, i18n, trail
from qms.core.access import actor_or_none
from qms.core.db import Model, UTCDateTime, db
from qms.core.forms import Form
from qms.domain.errors import RuleViolation

# Set by the app: a person's name, from the room above.
name_of: Callable[[int], str] = str


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


def lead_to(location: str) -> Response:
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


def show_stale(error: StaleForm) -> tuple[str, int]:
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


def lead_on(error: SentTwice) -> Response:
    flash(gettext("This form was saved already. Nothing was saved twice."), "info")
    return redirect(error.location)
