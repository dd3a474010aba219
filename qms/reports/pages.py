"""What the pages of papers share: their blueprint, files at an address of their own, the office's own template."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from qms.core import files
from qms.core.access import guard
from qms.papers import sending
from qms.papers.paper import Paper
from qms.policy import Can
from qms.reports import slots

bp = Blueprint("reports", __name__)


def give_files(rule: str, name: str, can: Can, *, load: Callable[..., Any], paper: Callable[[Any], Paper]) -> None:
    """Let whoever may read a paper take it along: as PDF and for Word, at the address of its page with an ending."""
    for ending, kind, send in (("pdf", "pdf", sending.sent_as_pdf), ("docx", "word", _sent_as_word)):
        view = guard(can, load=load)(_sends(paper, send))
        bp.add_url_rule(f"{rule}.{ending}", f"{name}_{kind}", view)


def _sends(
    paper: Callable[[Any], Paper], send: Callable[[Paper], ResponseReturnValue]
) -> Callable[[Any], ResponseReturnValue]:
    return lambda thing: send(paper(thing))


def _sent_as_word(paper: Paper) -> ResponseReturnValue:
    """The paper as a Word document, from the office's own template if it has one."""
    slot = slots.slot_of(g.office, paper.kind)
    own = files.path_of(slot.template.file).read_bytes() if slot and slot.template else None
    return sending.sent_as_word(paper, own)
