"""Pages of the register of what was issued wrongly."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import Form
from qms.core.i18n import said
from qms.core.paging import Paged, nearest, turns
from qms.core.saving import lead_to, saving
from qms.domain.errors import RuleViolation
from qms.domain.products import State, Step, after
from qms.domain.standing import Concern
from qms.findings.pages import refusal_of
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.policy import Can, Reach, reach, standing
from qms.products import queries, service, words
from qms.products.forms import DealForm, NoteForm, VerifyForm
from qms.products.models import Product

bp = Blueprint("products", __name__)


def _reach(office: Office) -> Reach:
    return reach(actor(), Concern(office_id=office.id, is_shared=office.shares_content))


def _list(**where: Any) -> str:
    return url_for("products.index", slug=g.office.slug, **where)


def _address(product: Product) -> str:
    return url_for("products.detail", slug=g.office.slug, key=product.key)


@bp.get("/u/<slug>/wyroby-niezgodne")
@guard(Can.SEE_REGISTERS)
def index(office: Office) -> ResponseReturnValue:
    """The register: whole for whoever reads findings, one's own and one's department's part for everybody else."""
    part = _reach(office)
    total = queries.count(office.id, part)
    number = nearest(request.args.get("strona", 1, type=int), total)
    return render_template(
        "products/index.html",
        products=queries.page(office.id, part, number),
        page=turns(Paged(number=number, total=total), lambda to: _list(strona=to)),
        words=words,
    )


@bp.route("/u/<slug>/wyroby-niezgodne/nowy", methods=["GET", "POST"])
@guard(Can.REPORT_PROBLEM)
def new(office: Office) -> ResponseReturnValue:
    """Note that something was issued wrongly."""
    form = NoteForm(offices.departments(office.id, clock.today()), clock.today())
    if form.validate_on_submit():
        with saving(form):
            product = service.note(office, form.noted, by=actor(), today=clock.today())
            message = gettext("Noted as %(number)s. Next, say what was done about it.", number=product.number)
            flash(message, "success")
            return lead_to(_address(product))
    return render_template("products/new.html", form=form, list_url=_list())


@bp.get("/u/<slug>/wyroby-niezgodne/<key>")
@guard(Can.SEE_PRODUCT, load=queries.by_key)
def detail(product: Product) -> ResponseReturnValue:
    """What was wrong, what was done, and who looked again."""
    steps = {step for step in Step if _refusal(step, product) is None}
    return render_template("products/detail.html", product=product, steps=steps, Step=Step, words=words)


def _refusal(step: Step, product: Product) -> RuleViolation | None:
    is_own = product.dealt_by_id == actor().person_id
    who = standing(actor(), product.concern)
    return refusal_of(lambda: after(step, State(product.state), who=who, is_own_work=is_own))


@bp.route("/u/<slug>/wyroby-niezgodne/<key>/korekta", methods=["GET", "POST"])
@guard(Can.DEAL_WITH_PRODUCT, load=queries.by_key)
def deal(product: Product) -> ResponseReturnValue:
    """Say what was done about it."""
    if barred := _barred(Step.DEAL, product):
        return barred
    form = DealForm(product)
    _load(form, product)
    if form.validate_on_submit():
        with saving(form, product):
            part = _reach(product.office)
            service.deal(product, form.dealt, by=actor(), reach=part, today=clock.today())
            return _saved(product, gettext("Saved. Somebody else looks at it again."))
    return render_template("products/deal.html", form=form, product=product, words=words)


@bp.route("/u/<slug>/wyroby-niezgodne/<key>/sprawdz", methods=["GET", "POST"])
@guard(Can.VERIFY_PRODUCT, load=queries.by_key)
def verify(product: Product) -> ResponseReturnValue:
    """Look again at what was dealt with."""
    if barred := _barred(Step.CONFIRM, product):
        return barred
    form = VerifyForm()
    _load(form, product)
    if form.validate_on_submit():
        with saving(form, product):
            is_right = form.outcome.data == "right"
            service.verify(product, form.verification.data, is_right=is_right, by=actor(), today=clock.today())
            return _saved(product, gettext("Saved."))
    return render_template("products/verify.html", form=form, product=product, words=words)


def _load(form: Form, product: Product) -> None:
    if request.method == "GET":
        form.version.data = product.version


def _barred(step: Step, product: Product) -> Response | None:
    """Whoever comes too late, or did it themselves, is led back and told why."""
    refusal = _refusal(step, product)
    if refusal is None or request.method == "POST":
        return None
    flash(said(refusal), "info")
    return redirect(_address(product))


def _saved(product: Product, message: str) -> Response:
    flash(message, "success")
    return lead_to(_address(product))
