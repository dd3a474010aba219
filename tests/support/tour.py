"""A tour of all pages a person can walk to: each kind of page in each of its shapes, once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from playwright.sync_api import APIRequestContext
from werkzeug.exceptions import HTTPException

SHAPES: Final = 6  # of one kind of page; a case looks different at every stage
_READ: Final = 40  # pages of one kind that are read in search of another shape
NO_PAGES: Final = frozenset(
    {
        *("agenda.calendar", "checklists.download", "findings.download", "findings.download_draft"),
        "intake.download",
        *(
            "findings.sheet_csv",
            "findings.sheet_xlsx",
            "admission.sheet_csv",
            "admission.sheet_xlsx",
            "figures.sheet_csv",
            "figures.sheet_xlsx",
            "findings.actions_sheet_csv",
            "findings.actions_sheet_xlsx",
            "mailbox.attachment",
            "static",
        ),
        *("reports.card_pdf", "reports.draft_pdf", "reports.report_pdf", "reports.starter"),
        *("reports.card_word", "reports.draft_word", "reports.report_word"),
        *("reports.plan_pdf", "reports.plan_word", "reports.programme_pdf", "reports.programme_word"),
        *("reports.sheet_pdf", "reports.sheet_word", "reports.given_pdf", "reports.given_word"),
    }
)


@dataclass(frozen=True)
class Stop:
    """A page of the tour; `kind` is its endpoint."""

    kind: str
    path: str
    title: str


class Tour:
    """Follows links from a first page, as one person, without changing anything."""

    def __init__(self, app: Flask, ask: APIRequestContext, address: str) -> None:
        self._addresses = app.url_map.bind(urlsplit(address).netloc)
        self._ask, self._address = ask, address
        self.led_on: set[str] = set()  # kinds of page that only lead to another
        self._shapes: set[tuple[str, frozenset[str]]] = set()

    def stops(self, *first: str) -> Iterator[Stop]:
        """Every page worth looking at, the first ones included."""
        waiting, known, read = list(first), set(first), Counter[str]()
        while waiting:
            path = waiting.pop(0)
            kind = self._kind(path)
            if kind is None or read[kind] >= _READ:
                continue
            read[kind] += 1
            answer = self._ask.get(urljoin(self._address, path))
            if urlsplit(answer.url).path != urlsplit(path).path:
                self.led_on.add(kind)
                target = urlsplit(answer.url).path
                waiting += [] if target in known else [target]
                known.add(target)
                continue
            page = BeautifulSoup(answer.text(), "lxml")
            found = [urljoin(path, str(link["href"])).partition("#")[0] for link in page.select("body a[href]")]
            shape = (kind, frozenset(filter(None, map(self._kind, found))) | _parts(page))
            if shape not in self._shapes and sum(each == kind for each, _ in self._shapes) < SHAPES:
                self._shapes.add(shape)
                yield Stop(kind, path, page.title.get_text().strip() if page.title else "")
            waiting += [each for each in dict.fromkeys(found) if each not in known]
            known.update(found)

    def _kind(self, path: str) -> str | None:
        """The endpoint of a page of ours; none for what is elsewhere or no page."""
        parts = urlsplit(path)
        if parts.netloc or parts.scheme:
            return None
        try:
            endpoint, _ = self._addresses.match(parts.path)
        except HTTPException:
            return None
        return None if endpoint in NO_PAGES else str(endpoint)


def _parts(page: BeautifulSoup) -> frozenset[str]:
    """The building blocks a page uses: another block, another shape."""
    blocks = ("table", "form.form", ".notice", ".stage__line", ".empty", ".cycle", ".pager", ".task--late", ".fold")
    return frozenset(block for block in blocks if page.select_one(f"main {block}"))
