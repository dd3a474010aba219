"""Pages of qualifications: the matrix with its sheets, the office's rules of admission, what is written of people."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from qms.admission import queries, service, words
from qms.admission.exported import sheet
from qms.admission.forms import RuleForm, StatementForm
from qms.admission.matrix import NEEDED, matrix
from qms.admission.models import AdmissionStatement
from qms.admission.queries import AskedRule
from qms.core import clock
from qms.core.access import guard
from qms.core.saving import lead_to, saving
from qms.domain.admission import Ground
from qms.offices.models import Office
from qms.papers.sending import sent_as_csv, sent_as_xlsx, sheet_addresses
from qms.people import queries as people
from qms.policy import Can

bp = Blueprint("admission", __name__)


@bp.get("/u/<slug>/kwalifikacje")
@guard(Can.SEE_TRAINING)
def index(office: Office) -> ResponseReturnValue:
    """Who may audit by which edition, and what others lack."""
    drawn_up = queries.rules(office.id)
    return render_template(
        "admission/index.html",
        matrix=matrix(office.id, clock.today()),
        needed=NEEDED,
        words=words,
        rules=[(key, words.FOR_WHOM[whom], drawn_up.get(whom, ())) for key, whom in queries.RULES.items()],
        statements=queries.statements(office.id),
        ground=lambda each: words.GROUNDS[Ground(each.ground)],
        sheets=sheet_addresses("admission.", {}),
    )


@bp.get("/u/<slug>/kwalifikacje/kwalifikacje.xlsx")
@guard(Can.SEE_TRAINING)
def sheet_xlsx(office: Office) -> ResponseReturnValue:
    """The matrix as a workbook."""
    return sent_as_xlsx(sheet(office, clock.today()), "kwalifikacje", office.slug)


@bp.get("/u/<slug>/kwalifikacje/kwalifikacje.csv")
@guard(Can.SEE_TRAINING)
def sheet_csv(office: Office) -> ResponseReturnValue:
    """The matrix as plain text."""
    return sent_as_csv(sheet(office, clock.today()), "kwalifikacje", office.slug)


@bp.route("/u/<slug>/kwalifikacje/zasada/<key>", methods=["GET", "POST"])
@guard(Can.KEEP_TRAINING, load=queries.rule_by_key)
def rule(asked: AskedRule) -> ResponseReturnValue:
    """Draw up whom the office admits."""
    form = RuleForm(asked)
    if request.method == "GET" and asked.row is not None:
        form.version.data = str(asked.row.version)
    if form.validate_on_submit():
        with saving(form, *filter(None, [asked.row])):
            service.draw_up(asked, form.rule)
            return _saved(gettext("Saved. Teams are checked by this rule from now on."))
    return render_template("admission/rule.html", form=form, whom=words.FOR_WHOM[asked.engaged, asked.part])


@bp.route("/u/<slug>/kwalifikacje/potwierdzenie/nowe", methods=["GET", "POST"])
@guard(Can.KEEP_TRAINING)
def write_down(office: Office) -> ResponseReturnValue:
    """Write down what a paper says about a person."""
    choices = people.people_of(office.id, clock.today())
    form = StatementForm(choices)
    if form.validate_on_submit():
        with saving(form):
            service.write_down(office, service.chosen(choices, form.person.data), form.facts)
            return _saved(gettext("Saved."))
    return render_template("admission/statement.html", form=form, statement=None)


@bp.route("/u/<slug>/kwalifikacje/potwierdzenie/<key>/zmien", methods=["GET", "POST"])
@guard(Can.KEEP_TRAINING, load=queries.statement_by_key)
def correct(statement: AdmissionStatement) -> ResponseReturnValue:
    """Change or end what was written down."""
    form = StatementForm([], statement)
    if request.method == "GET":
        form.version.data = str(statement.version)
    if form.validate_on_submit():
        with saving(form, statement):
            service.correct(statement, form.facts)
            return _saved(gettext("Saved."))
    return render_template("admission/statement.html", form=form, statement=statement)


def _saved(message: str) -> Response:
    flash(message, "success")
    return lead_to(url_for("admission.index", slug=g.office.slug))
