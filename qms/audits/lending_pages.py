"""Pages of who may audit here, and of lending auditors."""

from datetime import date
from typing import cast

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.audits import queries, service
from qms.audits.lending_forms import AnswerLoanForm, AskForAuditorForm
from qms.audits.pages import bp
from qms.core import clock
from qms.core.access import actor, guard
from qms.core.saving import lead_to, saving
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Can


@bp.get("/u/<slug>/auditorzy")
@guard(Can.PLAN_AUDIT)
def auditors(office: Office) -> ResponseReturnValue:
    """Who may audit here: own auditors, those lent to us, and what others ask us for."""
    today = clock.today()
    return render_template(
        "audits/auditors.html",
        auditors=people.auditors_of(office.id, today),
        loans=queries.loans_of(office.id),
        requests=queries.requests_to(office),
        today=today,
    )


@bp.route("/u/<slug>/auditorzy/popros", methods=["GET", "POST"])
@guard(Can.PLAN_AUDIT)
def ask_for_auditor(office: Office) -> ResponseReturnValue:
    """Ask another office to lend an auditor."""
    form = AskForAuditorForm()
    if form.validate_on_submit():
        with saving(form):
            lender = service.lender_named(form.lender.data)
            service.ask_for_auditor(
                office,
                lender,
                email=form.email.data,
                from_on=cast("date", form.from_on.data),
                until_on=cast("date", form.until_on.data),
                by=actor().person_id,
                today=clock.today(),
            )
            flash(gettext("Request saved. %(office)s will answer it.", office=lender.name), "success")
            return lead_to(url_for("audits.auditors", slug=g.office.slug))
    return render_template("audits/ask_for_auditor.html", form=form)


@bp.route("/u/<slug>/auditorzy/<key>", methods=["GET", "POST"])
@guard(Can.PLAN_AUDIT, load=queries.request_to)
def answer_loan(asked: queries.Request) -> ResponseReturnValue:
    """Lend the auditor another office asks for, or decline."""
    form = AnswerLoanForm()
    if request.method == "GET":
        form.version.data = asked.loan.version
    if form.validate_on_submit():
        with saving(form, asked.loan):
            _answer(asked, is_consent=form.answer.data == "consent")
            flash(gettext("Answer saved."), "success")
            return lead_to(url_for("audits.auditors", slug=g.office.slug))
    return render_template("audits/answer_loan.html", form=form, loan=asked.loan)


def _answer(asked: queries.Request, *, is_consent: bool) -> None:
    if is_consent:
        service.consent_to_loan(asked, by=actor().person_id, today=clock.today())
    else:
        service.decline_loan(asked, today=clock.today())
