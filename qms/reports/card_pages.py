"""The card of a finding: as a page, as PDF, as a Word document."""

from flask import render_template
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.findings import queries as findings
from qms.findings import repeats
from qms.findings.models import Finding
from qms.findings.pages import address
from qms.papers.paper import Paper
from qms.policy import Can, reach
from qms.reports.card_paper import EARLIER, card_paper
from qms.reports.card_queries import card_of
from qms.reports.pages import bp, give_files

_CARD = "/u/<slug>/ustalenia/<key>/karta"


@bp.get(_CARD)
@guard(Can.SEE_FINDING, load=findings.by_key)
def card(finding: Finding) -> ResponseReturnValue:
    """The card to print and sign."""
    earlier = _earlier(finding)
    links = {EARLIER: address(earlier)} if earlier else {}
    return render_template("reports/card.html", finding=finding, paper=_paper(finding), fact_links=links)


def _paper(finding: Finding) -> Paper:
    return card_paper(card_of(finding, _earlier(finding), today=clock.today()))


def _earlier(finding: Finding) -> Finding | None:
    """What it repeats, if the reader may know of that."""
    return repeats.linked(finding, reach(actor(), finding.concern)).earlier


give_files(_CARD, "card", Can.SEE_FINDING, load=findings.by_key, paper=_paper)
