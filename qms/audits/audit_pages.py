"""Pages of audits: their list, logging, moving and cancelling them."""

from datetime import date
from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from qms.audits import known, permits, queries, service, words
from qms.audits.deadlines import late_notice, notice_due, report_due
from qms.audits.forms import (
    CancelAuditForm,
    ChangeAuditForm,
    NewAuditForm,
    stored,
)
from qms.audits.history import moves_of
from qms.audits.listing import Listing, Page
from qms.audits.models import INTERNAL, OPEN_STATES, Audit
from qms.audits.pages import bp
from qms.core import clock, whys
from qms.core.access import actor, guard, may
from qms.core.forms import Form
from qms.core.i18n import said
from qms.core.paging import turns
from qms.core.saving import lead_to, saving
from qms.domain.closing import Standing
from qms.domain.dates import FIRST_YEAR, LAST_YEAR
from qms.domain.deadlines import Rule
from qms.domain.editions import edition_note, why_excluded
from qms.domain.limits import NOT_SET
from qms.domain.programme import years_at_hand
from qms.domain.standing import Concern
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.policy import Can, Reach, reach
from qms.requirements import queries as requirements


@bp.get("/u/<slug>/audity")
@guard(Can.SEE_REGISTERS)
def index(office: Office) -> ResponseReturnValue:
    """The next audit, then the audits of a year."""
    today, part = clock.today(), _reach(office)
    year = min(max(request.args.get("rok", today.year, type=int), FIRST_YEAR), LAST_YEAR)
    standing = words.STANDINGS_BY_NAME.get(request.args.get("stan", "")) if part.everything else None
    listing = Listing(office.id, part, today, standing=standing)
    page = listing.page(year, number=request.args.get("strona", 1, type=int))
    first, last = listing.years() or (year, year)
    return render_template(
        "audits/index.html",
        page=page,
        where=_where(page, year, standing),
        year=year,
        standing=standing,
        standings=_standings(year) if part.everything else [],
        programmes=years_at_hand(today) if year == today.year else [year],
        years=range(min(first, today.year), max(last, today.year) + 1),
        next_audit=listing.coming(),
        requests=len(queries.requests_to(office)) if may(Can.PLAN_AUDIT) else 0,
        permits=known.waiting_permits([office.id]) if may(Can.PERMIT_OWN_WORK) else [],
        today=today,
    )


def _reach(office: Office) -> Reach:
    return reach(actor(), Concern(office_id=office.id, is_shared=office.shares_content))


def _standings(year: int) -> list[tuple[Standing | None, str, str]]:
    """What the year can be narrowed to, each with its words and its address."""
    found: list[tuple[Standing | None, str, str]] = [(None, gettext("All"), _address(year, None))]
    return found + [(each, said(text), _address(year, each)) for each, text in words.STANDINGS.items()]


def _address(year: int, standing: Standing | None, **changed: Any) -> str:
    named = {each: name for name, each in words.STANDINGS_BY_NAME.items()}
    return url_for("audits.index", slug=g.office.slug, rok=year, stan=named[standing] if standing else None, **changed)


def _where(page: Page, year: int, standing: Standing | None) -> dict[str, Any]:
    def address(number: int) -> str:
        return _address(year, standing, strona=number)

    return turns(page, address)


@bp.route("/u/<slug>/audity/nowy", methods=["GET", "POST"])
@guard(Can.PLAN_AUDIT)
def new(office: Office) -> ResponseReturnValue:
    """Log an audit."""
    form = NewAuditForm()
    form.offer(office, clock.today())
    if form.is_sent:
        with saving(form):
            wanted = form.plan(form.kind.data, form.number.data or "")
            audit = service.plan(office, wanted, today=clock.today())
            return saved(audit)
    return render_template("audits/new.html", form=form)


@bp.get("/u/<slug>/audity/<key>")
@guard(Can.SEE_AUDIT, load=queries.by_key)
def detail(audit: Audit) -> ResponseReturnValue:
    """One audit: what, when, against what and by whom."""
    note = edition_note(audit.edition.rules, audit.starts_on) if audit.kind in INTERNAL else None
    sending = Form()
    sending.version.data = str(audit.version)
    return render_template(
        "audits/detail.html",
        audit=audit,
        edition_note=note,
        days_due=_days_due(audit),
        moves=moves_of(audit),
        waiting=permits.waiting(audit),
        excluded=requirements.excluded(audit.office_id, audit.edition_code, audit.starts_on),
        why_excluded=why_excluded,
        sending=sending,
        today=clock.today(),
    )


def _days_due(audit: Audit) -> list[tuple[str, date, str]]:
    """What the office's limits make of the days of an internal audit that is not over: what, until when and why."""
    if audit.kind not in INTERNAL or audit.state not in OPEN_STATES:
        return []
    limits, off = offices.limits([audit.office_id])[audit.office_id], offices.days_off(audit.office_id)
    notice, report = limits.get("notice", NOT_SET), limits.get("report", NOT_SET)
    told_on = notice_due(notice, audit.starts_on, off) if audit.state == "planned" else None
    report_on = report_due(report, audit.ends_on, off, rolls=audit.office.rolls_due_days)
    rows = (
        (gettext("Notice to the departments"), told_on, Rule.AUDIT_NOTICE, notice, audit.starts_on),
        (gettext("Report"), report_on, Rule.AUDIT_REPORT, report, audit.ends_on),
    )
    return [
        (label, day, whys.why(rule, limit, counted_from=counted_from, due_on=day))
        for label, day, rule, limit, counted_from in rows
        if day
    ]


@bp.route("/u/<slug>/audity/<key>/zmien", methods=["GET", "POST"])
@guard(Can.PLAN_AUDIT, load=queries.by_key)
def change(audit: Audit) -> ResponseReturnValue:
    """Change what was decided about an audit, or move it."""
    service.refuse_ended(audit)
    form = ChangeAuditForm(obj=audit, data=stored(audit))
    form.offer(g.office, clock.today())
    if request.method == "GET":
        form.version.data = audit.version
    if form.is_sent:
        with saving(form, audit):
            starts_on = audit.starts_on
            service.change(audit, form.plan(), today=clock.today(), reason=form.reason.data or "")
            return saved(audit, has_new_day=audit.starts_on != starts_on)
    return render_template("audits/change.html", form=form, audit=audit)


@bp.route("/u/<slug>/audity/<key>/odwolaj", methods=["GET", "POST"])
@guard(Can.PLAN_AUDIT, load=queries.by_key)
def cancel(audit: Audit) -> ResponseReturnValue:
    """Say that an audit will not be held."""
    service.refuse_ended(audit)
    form = CancelAuditForm()
    if request.method == "GET":
        form.version.data = audit.version
    if form.validate_on_submit():
        with saving(form, audit):
            service.cancel(audit, reason=form.reason.data, today=clock.today())
            flash(gettext("Audit %(number)s cancelled.", number=audit.number), "success")
            return _to(audit)
    return render_template("audits/cancel.html", form=form, audit=audit)


def saved(audit: Audit, *, has_new_day: bool = True) -> Response:
    """Back to the audit, with what to think of besides."""
    flash(gettext("Audit %(number)s saved.", number=audit.number), "success")
    late = late_notice(audit, clock.today()) if has_new_day else None
    for notice in (*service.clashes(audit), late):
        if notice:
            flash(said(notice), "warning")
    return _to(audit)


def _to(audit: Audit) -> Response:
    return lead_to(url_for("audits.detail", slug=g.office.slug, key=audit.key))
