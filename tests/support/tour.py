"""A tour of all pages people can walk to: each kind of page in each of its shapes, once."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

SHAPES: Final = 6  # of one kind of page; a case looks different at every stage
_FRUITLESS: Final = 15  # pages of one kind that are read one after another without finding another shape
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


@dataclass(frozen=True)
class Route:
    """Where people can come to, by their addresses, and the kinds of page that only lead to another."""

    stops: dict[str, list[Stop]]
    led_on: frozenset[str]

    def dumped(self) -> str:
        """As text, for the other processes."""
        stops = {email: [asdict(stop) for stop in stops] for email, stops in self.stops.items()}
        return json.dumps({"stops": stops, "led_on": sorted(self.led_on)})

    @classmethod
    def loaded(cls, text: str) -> "Route":
        """The same again."""
        told = json.loads(text)
        stops = {email: [Stop(**stop) for stop in stops] for email, stops in told["stops"].items()}
        return cls(stops, frozenset(told["led_on"]))


def route(app: Flask, readers: Iterable[tuple[str, FlaskClient]]) -> Route:
    """Every page worth looking at, for the first of the readers who comes to it; the address of a stranger is empty."""
    tour = _Tour(app)
    stops = {
        email: list(tour.stops(browser, *(["/zadania"] if email else ["/logowanie", "/poczta"])))
        for email, browser in readers
    }
    return Route(stops, frozenset(tour.led_on))


class _Tour:
    """Follows links from first pages, without changing anything."""

    def __init__(self, app: Flask) -> None:
        self._addresses = app.url_map.bind("localhost")
        self.led_on: set[str] = set()
        self._shapes: set[tuple[str, frozenset[str]]] = set()

    def stops(self, browser: FlaskClient, *first: str) -> Iterator[Stop]:
        """The pages this reader comes to, where nobody before came to one of the same shape."""
        waiting, known, fruitless = list(first), set(first), Counter[str]()
        while waiting:
            path = waiting.pop(0)
            kind = self._kind(path)
            if kind is None or fruitless[kind] >= _FRUITLESS:
                continue
            fruitless[kind] += 1
            answer = browser.get(path, follow_redirects=True)
            reached = answer.request.path
            if reached != urlsplit(path).path:
                self.led_on.add(kind)
                waiting += [] if reached in known else [reached]
                known.add(reached)
                continue
            page = BeautifulSoup(answer.data, "lxml")
            found = [urljoin(path, str(link["href"])).partition("#")[0] for link in page.select("body a[href]")]
            shape = (kind, frozenset(filter(None, map(self._kind, found))) | _parts(page))
            if shape not in self._shapes and sum(each == kind for each, _ in self._shapes) < SHAPES:
                self._shapes.add(shape)
                fruitless[kind] = 0
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
