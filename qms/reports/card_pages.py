"""The card of a finding: as a page, as PDF, as a Word document."""

from flask import render_template
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import guard
from qms.findings import queries as findings
from qms.findings.models import Finding
from qms.papers.paper import Paper
from qms.policy import Can
from qms.reports.card_paper import card_paper
from qms.reports.card_queries import card_of
from qms.reports.pages import bp, give_files

_CARD = "/u/<slug>/ustalenia/<key>/karta"


@bp.get(_CARD)
@guard(Can.SEE_FINDING, load=findings.by_key)
def card(finding: Finding) -> ResponseReturnValue:
    """The card to print and sign."""
    return render_template("reports/card.html", finding=finding, paper=_paper(finding))


def _paper(finding: Finding) -> Paper:
    return card_paper(card_of(finding, today=clock.today()))


give_files(_CARD, "card", Can.SEE_FINDING, load=findings.by_key, paper=_paper)
