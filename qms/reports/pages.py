"""What the pages of papers share: their blueprint, and a paper as a file."""

from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO

from flask import Blueprint, current_app, g, make_response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from qms.core import children, clock, files
from qms.reports import queries
from qms.reports.making import pdf, word
from qms.reports.papers import Paper
from qms.reports.wording import file_name

bp = Blueprint("reports", __name__)

# As files of evidence: downloaded, and even opened in place they may run nothing.
_FILE_CSP = "default-src 'none'; sandbox"
_RETRY_AFTER = 5  # seconds
_PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def sent_as_pdf(paper: Paper) -> ResponseReturnValue:
    """The paper as a PDF to keep."""
    return sent(lambda: pdf(paper, made_at=clock.now()), _PDF, file_name(paper, "pdf"))


def sent_as_word(paper: Paper) -> ResponseReturnValue:
    """The paper as a Word document, from the office's own template if it has one."""
    slot = queries.slot_of(g.office, paper.kind)
    own = files.path_of(slot.template.file).read_bytes() if slot and slot.template else None
    return sent(lambda: word(paper, own), WORD, file_name(paper, "docx"))


def sent(make: Callable[[], bytes], mimetype: str, name: str) -> ResponseReturnValue:
    """A file that a child makes, or a page that says when to come again."""
    try:
        content = make()
    except children.Busy:
        return _come_again()
    except children.ChildFailed:
        current_app.logger.exception("a paper could not be made: %s", name)
        return render_template("reports/not_made.html", back_url=back()), HTTPStatus.INTERNAL_SERVER_ERROR
    return _file(content, mimetype, name)


def _file(content: bytes, mimetype: str, name: str) -> Response:
    response = send_file(BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name, etag=False)
    response.headers["Content-Security-Policy"] = _FILE_CSP
    return response


def _come_again() -> Response:
    response = make_response(render_template("reports/busy.html", again_url=request.path, back_url=back()))
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Retry-After"] = str(_RETRY_AFTER)
    return response


def back() -> str:
    """The page a file belongs to: the same address without its ending."""
    return request.path.rpartition(".")[0] or request.path
