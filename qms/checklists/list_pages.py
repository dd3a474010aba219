"""Pages of the lists of questions that an office keeps."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from qms.checklists import queries, service
from qms.checklists.forms import ChangeListForm, ListForm
from qms.checklists.models import QuestionList
from qms.checklists.pages import bp, gettext
from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import Form
from qms.core.saving import lead_to, saving
from qms.offices import queries as offices
from qms.offices.models import Office, Process
from qms.policy import Can


@bp.get("/u/<slug>/wzory")
@guard(Can.SEE_QUESTION_LISTS)
def lists(office: Office) -> ResponseReturnValue:
    """The lists of the office."""
    return render_template("checklists/lists.html", lists=queries.lists(office.id))


@bp.route("/u/<slug>/wzory/nowy", methods=["GET", "POST"])
@guard(Can.KEEP_QUESTION_LISTS)
def new_list(office: Office) -> ResponseReturnValue:
    """Begin a list."""
    form = ListForm()
    form.offer(offices.processes(office.id, clock.today()))
    if _wants_rows(form):
        return render_template("checklists/edit_list.html", form=form, list=None)
    if form.validate_on_submit():
        with saving(form):
            by = actor().person_id
            created = service.create_list(office, form.edition, form.content, by=by, today=clock.today())
            return _to(created, gettext("The list is saved. Auditors can choose it when they prepare an audit."))
    return render_template("checklists/edit_list.html", form=form, list=None)


@bp.get("/u/<slug>/wzory/<key>")
@guard(Can.SEE_QUESTION_LISTS, load=queries.list_by_key)
def one_list(shown: QuestionList) -> ResponseReturnValue:
    """A list as it is now, or as an earlier issue had it."""
    issues = queries.issues(shown)
    wanted = request.args.get("wydanie", shown.issue_number, type=int)
    issue = next((each for each in issues if each.number == wanted), issues[0])
    queries.fill_questions([issue])
    return render_template("checklists/list.html", list=shown, issue=issue, issues=issues)


@bp.route("/u/<slug>/wzory/<key>/zmien", methods=["GET", "POST"])
@guard(Can.KEEP_QUESTION_LISTS, load=queries.list_by_key)
def change_list(changed: QuestionList) -> ResponseReturnValue:
    """Write the next issue of a list."""
    issue = queries.newest([changed])[0]
    form = ChangeListForm(changed, issue)
    form.offer(_processes(changed))
    if request.method == "GET":
        form.version.data = changed.version
        form.add_rows()
    if _wants_rows(form):
        return render_template("checklists/edit_list.html", form=form, list=changed)
    if form.validate_on_submit():
        with saving(form, changed):
            service.change_list(changed, form.content, by=actor().person_id, today=clock.today())
            return _to(changed, gettext("The list is saved. Audits that are prepared already keep their questions."))
    return render_template("checklists/edit_list.html", form=form, list=changed)


@bp.route("/u/<slug>/wzory/<key>/wycofaj", methods=["GET", "POST"])
@guard(Can.KEEP_QUESTION_LISTS, load=queries.list_by_key)
def retire_list(retired: QuestionList) -> ResponseReturnValue:
    """Offer a list no more."""
    form = Form()
    if request.method == "GET":
        form.version.data = retired.version
    if form.validate_on_submit():
        with saving(form, retired):
            service.retire_list(retired, today=clock.today())
            flash(gettext("The list is withdrawn. Audits that use its questions keep them."), "success")
            return lead_to(url_for("checklists.lists", slug=g.office.slug))
    return render_template("checklists/retire_list.html", form=form, list=retired)


def _processes(of: QuestionList) -> list[Process]:
    """Those that go on, and those that the list is about already."""
    going_on = {each.id for each in offices.processes(of.office_id, clock.today())}
    return [each for each in offices.processes(of.office_id) if each.id in going_on | of.process_ids]


def _wants_rows(form: ListForm) -> bool:
    """Whether the form was sent only to get more rows, which it then has."""
    if not form.is_submitted() or "more" not in request.form:
        return False
    form.add_rows()
    return True


def _to(shown: QuestionList, done: str) -> Response:
    flash(done, "success")
    return lead_to(url_for("checklists.one_list", slug=g.office.slug, key=shown.key))
