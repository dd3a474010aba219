"""A paper as a file that a reader downloads, or a page that says why it cannot be had now."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any, Final

from flask import current_app, g, make_response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from qms.core import children, clock, text
from qms.papers import making
from qms.papers.paper import Paper
from qms.papers.sheet import Sheet, write_csv, write_xlsx

PDF: Final = "application/pdf"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
# As files of evidence: downloaded, and even opened in place they may run nothing.
_FILE_CSP: Final = "default-src 'none'; sandbox"
_RETRY_AFTER: Final = 5  # seconds


def sent_as_pdf(paper: Paper) -> ResponseReturnValue:
    """The paper as a PDF to keep."""
    return sent(lambda: making.pdf(paper, made_at=clock.now()), PDF, _file_name(paper, "pdf"))


def sent_as_word(paper: Paper, template: bytes | None) -> ResponseReturnValue:
    """The paper as a Word document, from an office's own template if there is one."""
    return sent(lambda: making.word(paper, template), WORD, _file_name(paper, "docx"))


def _file_name(paper: Paper, ending: str) -> str:
    """Plain letters, which any system takes."""
    return f"{paper.kind}-{text.fold(paper.number).replace(' ', '-')}.{ending}"


def sheet_addresses(pages: str, asked: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where a list, narrowed as asked, is had as a sheet: each kind by its name and address.

    `pages` is how the names of its two endpoints begin.
    """
    slug = g.office.slug
    return [
        (name, url_for(f"{pages}sheet_{ending}", slug=slug, **asked))
        for name, ending in (("Excel (XLSX)", "xlsx"), ("CSV", "csv"))
    ]


def sent_as_xlsx(sheet: Sheet, name: str, slug: str) -> Response:
    """The list as a workbook."""
    return _sheet(lambda into: write_xlsx(sheet, into, made_at=clock.now()), XLSX, _sheet_name(name, slug, "xlsx"))


def sent_as_csv(sheet: Sheet, name: str, slug: str) -> Response:
    """The list as plain text."""
    return _sheet(lambda into: write_csv(sheet, into), CSV, _sheet_name(name, slug, "csv"))


def _sheet(write: Callable[[IO[bytes]], None], mimetype: str, name: str) -> Response:
    into = BytesIO()
    write(into)
    return _file(into.getvalue(), mimetype, name)


def _sheet_name(name: str, slug: str, ending: str) -> str:
    """Plain letters: what it lists, of which office, on which day."""
    return f"{text.fold(name).replace(' ', '-')}-{slug}-{clock.today():%Y-%m-%d}.{ending}"


def sent(make: Callable[[], bytes], mimetype: str, name: str) -> ResponseReturnValue:
    """A file that a child makes, or a page that says when to come again."""
    try:
        return _file(make(), mimetype, name)
    except children.Busy:
        return _come_again()
    except children.ChildFailed:
        current_app.logger.exception("a paper could not be made: %s", name)
        return render_template("papers/not_made.html", back_url=_page()), HTTPStatus.INTERNAL_SERVER_ERROR


def _file(content: bytes, mimetype: str, name: str) -> Response:
    response = send_file(BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name, etag=False)
    response.headers["Content-Security-Policy"] = _FILE_CSP
    return response


def _come_again() -> Response:
    response = make_response(render_template("papers/busy.html", again_url=request.path, back_url=_page()))
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Retry-After"] = str(_RETRY_AFTER)
    return response


def _page() -> str:
    """The page a file belongs to: the same address without its ending."""
    return request.path.rpartition(".")[0] or request.path
