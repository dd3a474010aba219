"""The card of a finding: as a page, as PDF, as a Word document."""

from flask import render_template
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import guard
from qms.findings import queries as findings
from qms.findings.models import Finding
from qms.papers.paper import Paper
from qms.papers.sending import sent_as_pdf
from qms.policy import Can
from qms.reports import queries
from qms.reports.card_paper import card_paper
from qms.reports.pages import bp, sent_as_word


@bp.get("/u/<slug>/ustalenia/<key>/karta")
@guard(Can.SEE_FINDING, load=findings.by_key)
def card(finding: Finding) -> ResponseReturnValue:
    """The card as a page."""
    return render_template("reports/card.html", finding=finding, paper=_paper(finding))


@bp.get("/u/<slug>/ustalenia/<key>/karta.pdf")
@guard(Can.SEE_FINDING, load=findings.by_key)
def card_pdf(finding: Finding) -> ResponseReturnValue:
    """The card to print and sign."""
    return sent_as_pdf(_paper(finding))


@bp.get("/u/<slug>/ustalenia/<key>/karta.docx")
@guard(Can.SEE_FINDING, load=findings.by_key)
def card_word(finding: Finding) -> ResponseReturnValue:
    """The card in the office's own layout."""
    return sent_as_word(_paper(finding))


def _paper(finding: Finding) -> Paper:
    return card_paper(queries.card_of(finding, today=clock.today()))
