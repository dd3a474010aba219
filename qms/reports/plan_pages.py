"""Programmes, plans and lists of questions as papers: each as a page, as PDF and for Word."""

from flask import render_template
from flask.typing import ResponseReturnValue

from qms.audits import queries as audits
from qms.audits.models import Audit
from qms.core import clock
from qms.core.access import guard
from qms.papers.paper import Paper
from qms.policy import Can
from qms.programme import queries as programmes
from qms.programme.models import Programme
from qms.reports import plan_queries
from qms.reports.pages import bp, give_files
from qms.reports.plan_paper import plan_paper
from qms.reports.programme_paper import programme_paper
from qms.reports.sheet_paper import sheet_paper

_PROGRAMME = "/u/<slug>/audity/programy/<key>/pismo"
_PLAN = "/u/<slug>/audity/<key>/plan"
_SHEET = "/u/<slug>/audity/<key>/pytania/lista"


@bp.get(_PROGRAMME)
@guard(Can.SEE_PROGRAMME, load=programmes.by_key)
def programme(shown: Programme) -> ResponseReturnValue:
    """One version of a year's programme."""
    return render_template("reports/programme.html", programme=shown, paper=_programme(shown))


@bp.get(_PLAN)
@guard(Can.SEE_AUDIT, load=audits.by_key)
def plan(audit: Audit) -> ResponseReturnValue:
    """The plan of an audit, which its departments read too."""
    return render_template("reports/plan.html", audit=audit, paper=_plan(audit))


@bp.get(_SHEET)
@guard(Can.RECORD_FINDINGS, load=audits.by_key)
def sheet(audit: Audit) -> ResponseReturnValue:
    """The questions of an audit, which are its team's working papers."""
    return render_template("reports/sheet.html", audit=audit, paper=_sheet(audit))


def _programme(shown: Programme) -> Paper:
    return programme_paper(plan_queries.programme_of(shown, today=clock.today()))


def _plan(audit: Audit) -> Paper:
    return plan_paper(plan_queries.plan_of(audit))


def _sheet(audit: Audit) -> Paper:
    return sheet_paper(plan_queries.sheet_of(audit))


give_files(_PROGRAMME, "programme", Can.SEE_PROGRAMME, load=programmes.by_key, paper=_programme)
give_files(_PLAN, "plan", Can.SEE_AUDIT, load=audits.by_key, paper=_plan)
give_files(_SHEET, "sheet", Can.RECORD_FINDINGS, load=audits.by_key, paper=_sheet)
