"""The page of a year's programme, and of its versions."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from flask import Blueprint, abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from qms.approvals import steps
from qms.core import clock
from qms.core.access import actor, guard, may
from qms.core.saving import lead_to
from qms.domain import programme as rules
from qms.domain.dates import FIRST_YEAR, LAST_YEAR
from qms.domain.programme import State
from qms.offices.models import Office
from qms.policy import Can
from qms.programme import approving, overview, proposing, queries, words
from qms.programme.models import Programme
from qms.programme.words import Names

bp = Blueprint("programme", __name__)


@bp.app_context_processor
def _names() -> dict[str, Any]:
    return {"programme_words": words}


@bp.get("/u/<slug>/audity/program/<int:year>")
@guard(Can.SEE_PROGRAMME)
def year(office: Office, year: int) -> ResponseReturnValue:
    """The programme of a year: how far it is, what it plans, and which clauses were seen where."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    today, issue = clock.today(), request.args.get("wersja", type=int)
    shown = overview.read(office, year, today, issue=issue, chapter=request.args.get("rozdzial", ""))
    if shown is None:
        abort(404)
    found = shown.programme
    return render_template(
        "programme/year.html",
        shown=shown,
        programme=found,
        is_editable=overview.is_editable(found),
        breaches=breaches_of(found),
        step=approving.waits_for(found) if found else None,
        takes_step=found is not None and steps.is_for(approving.waits_for(found), actor(), office.id),
        years=sorted({*queries.years(office.id), today.year, today.year + 1, year}),
        chapter=request.args.get("rozdzial", ""),
    )


def breaches_of(programme: Programme | None) -> list[str]:
    """What the plan breaks while it may still be changed, to whoever plans or approves it."""
    if programme is None or programme.state == State.APPROVED:
        return []
    if not (may(Can.EDIT_PROGRAMME) or may(Can.APPROVE_PROGRAMME, programme)):
        return []
    found, names = proposing.breaches(programme, clock.today()), names_of(programme)
    return [words.breach(each, names) for each in found]


def names_of(*programmes: Programme) -> Names:
    """The names of the departments and people that these versions tell of, and of the departments of today."""
    units = {part.department_id: part.department.name for each in programmes for e in each.entries for part in e.units}
    leads = {entry.lead_id: entry.lead.name for each in programmes for entry in each.entries if entry.lead}
    entries = [entry for each in programmes for entry in each.entries]
    processes = {part.process_id: part.process.name for entry in entries for part in entry.processes}
    today = clock.today()
    audited = proposing.audited(programmes[0].office_id, programmes[0].year, today)
    return Names(units | {unit.id: unit.name for unit in audited}, {k: v for k, v in leads.items() if k}, processes)


@bp.get("/u/<slug>/audity/program/<int:year>/wersje")
@guard(Can.SEE_PROGRAMME)
def versions(office: Office, year: int) -> ResponseReturnValue:
    """Each version of a year with what it changed, and who approved it."""
    found = queries.versions(office, year)
    return render_template("programme/versions.html", year=year, versions=found, changes=changes_in(found))


def changes_in(found: Sequence[Programme]) -> dict[int, list[str]]:
    """By version, what differs from the one before, in words."""
    names = names_of(*found) if found else Names({}, {})
    told: dict[int, list[str]] = {}
    for newer, older in pairwise(found):
        before, after = ({entry.line: entry.compared for entry in each.planned} for each in (older, newer))
        differing = rules.changes(before, after)
        told[newer.issue] = [
            words.change(line, what, (before.get(line), after.get(line)), names=names) for line, what in differing
        ]
    return told


def to_year(year: int, said: str) -> Response:
    """Back to the year, saying what was done."""
    flash(said, "success")
    return lead_to(url_for("programme.year", slug=g.office.slug, year=year))
