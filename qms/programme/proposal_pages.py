"""The page on which the register suggests the programme of a year."""

from flask import flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.core import clock, i18n
from qms.core.access import guard
from qms.core.db import db
from qms.core.saving import lead_to, saving
from qms.domain import programme as rules
from qms.domain.programme import State
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.policy import Can
from qms.programme import proposing, queries, solver
from qms.programme.forms import ProposeForm
from qms.programme.pages import bp
from qms.standards import queries as standards


@bp.route("/u/<slug>/audity/program/<int:year>/propozycja", methods=["GET", "POST"])
@guard(Can.EDIT_PROGRAMME)
def propose(office: Office, year: int) -> ResponseReturnValue:
    """Let the register suggest the programme of a year."""
    rules.check_year(year, clock.today())
    found = queries.version(office, year)
    rules.check_editable(State(found.state) if found else State.DRAFT)
    form = _form(office, year)
    if form.validate_on_submit():
        question = proposing.question(office, year, form.asked, today=clock.today())
        db.session.rollback()  # so that nobody who writes waits while the solver thinks
        solved = solver.solve(question.problem)
        with saving(form):
            programme = proposing.take_over(office, question, solved.plan)
            _say(question, solved)
            return lead_to(url_for("programme.arrange", slug=g.office.slug, key=programme.key))
    return render_template("programme/propose.html", form=form, year=year)


def _form(office: Office, year: int) -> ProposeForm:
    today = clock.today()
    known = standards.editions()
    current = next((each.code for each in known if each.status == "current"), known[0].code)
    usual = proposing.usual(office, year, current, today=today)
    form = ProposeForm(data={"most_a_month": usual.a_month, "most_a_lead": usual.an_auditor, "edition_code": current})
    form.offer(proposing.audited(office.id, year, today), queries.used_editions(office.id))
    return form


def _say(question: proposing.Question, solved: solver.Solved) -> None:
    count = len(solved.plan.rows)
    flash(gettext("Audits suggested: %(count)s. Look through them and change what you want.", count=count), "success")
    if not solved.is_solved:
        flash(gettext("The best plan took too long to find, so this is a simple one. Check the months and the leads."))
    units = {each.id: each.name for each in offices.departments(g.office.id)}
    for reason, ids in proposing.left_out(question, solved.plan).items():
        named = ", ".join(units[each] for each in dict.fromkeys(ids))
        flash(gettext("No audit found for: %(units)s. %(reason)s", units=named, reason=i18n.said(reason)), "warning")
