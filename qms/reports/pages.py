"""What the pages of reports and cards share: their blueprint, and the office's own template."""

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from qms.core import files
from qms.papers import sending
from qms.papers.paper import Paper
from qms.reports import queries

bp = Blueprint("reports", __name__)


def sent_as_word(paper: Paper) -> ResponseReturnValue:
    """The paper as a Word document, from the office's own template if it has one."""
    slot = queries.slot_of(g.office, paper.kind)
    own = files.path_of(slot.template.file).read_bytes() if slot and slot.template else None
    return sending.sent_as_word(paper, own)
