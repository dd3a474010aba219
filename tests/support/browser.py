"""People at real browsers, in front of a register served for the test. What a browser complains of fails the test."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Response

from qms.core.db import db
from qms.standards import catalogue
from tests.support import cases, lived
from tests.support import world as worlds
from tests.support.checklists import photo
from tests.support.site import Site, copied, open_app
from tests.support.tablet import AUDITOR, PHOTOS, TABLET, Tablet
from tests.support.visitor import KeyboardVisitor, Visitor
from tests.support.wording import Words

LANGUAGES = ("pl", "en")
LOCALES = {"pl": "pl-PL", "en": "en-GB"}
WIDE, PHONE = (1280, 900), (320, 640)
_REFUSED = "Failed to load resource: the server responded with a status of 4"


class Complaints:
    """What a browser wrote into its console, failed to fetch, or was refused by the page's own policy."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._pages: set[str] = set()

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.heard.append(f"script: {error.error}"))
        context.on("response", self._response)

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._pages.add(response.url)
        if response.status >= 500:
            self.heard.append(f"{response.status} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        came_from = message.location.get("url", "")
        # A page that refuses is a page like any other; a missing picture or stylesheet is not.
        is_refusal = message.text.startswith(_REFUSED) and came_from in self._pages
        if message.type in {"error", "warning"} and not is_refusal:
            self.heard.append(f"{message.type}: {message.text} ({came_from})")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    asked: str = request.param
    return asked


@pytest.fixture
def words(language: str) -> Words:
    return Words(language)


def prepared(tmp_path_factory: pytest.TempPathFactory, name: str, prepare: Callable[[Path], None]) -> Path:
    """A folder prepared once, however many processes run the tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "prepared").exists():
            prepare(folder)
            (folder / "prepared").touch()
    return folder


@pytest.fixture(scope="session")
def world_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two offices and their people, and nothing done yet."""

    def prepare(folder: Path) -> None:
        with _first_morning(folder):
            worlds.build()

    return prepared(tmp_path_factory, "world", prepare)


@pytest.fixture(scope="session")
def lived_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two offices with something of everything in them, on the day of the tour."""

    def prepare(folder: Path) -> None:
        with _first_morning(folder):
            lived.live_in(worlds.build())

    return prepared(tmp_path_factory, "lived", prepare)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, as `make run` makes it."""

    def prepare(folder: Path) -> None:
        site = Site(folder)
        site.start(worlds.TODAY, "--with-demo")
        site.stop()

    return prepared(tmp_path_factory, "demonstration", prepare)


@contextmanager
def _first_morning(folder: Path) -> Iterator[None]:
    """An empty database in a folder, and the clock of the world."""
    app = open_app(folder)
    with app.app_context(), cases.on(worlds.TODAY):
        upgrade(directory=app.extensions["migrate"].directory)
        catalogue.load()
        db.session.commit()
        yield
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Serve a copy of a prepared folder; a failure the server wrote down fails the test."""
    sites: list[Site] = []

    def serve(folder: Path, on: date = worlds.TODAY, language: str = "") -> Site:
        site = Site(copied(folder, tmp_path / f"site-{len(sites)}"))
        site.on = on
        if language:
            site.speak(language)  # before the first tick, which writes letters
        sites.append(site)
        site.start(on)
        return site

    yield serve
    for site in sites:
        site.stop()
    assert not any(site.complaints for site in sites), "\n".join(site.complaints for site in sites)


@pytest.fixture
def site(serve: Callable[..., Site], world_folder: Path, language: str) -> Site:
    """The two offices, served on a working Friday at ten, everybody speaking the language under test."""
    served = serve(world_folder)
    served.speak(language)
    return served


@pytest.fixture
def browser_of(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A new browser profile with the settings asked for; what it complains of fails the test."""
    complaints = Complaints()
    contexts: list[BrowserContext] = []

    def browser_of(language: str = "pl", size: tuple[int, int] = WIDE, **settings: Any) -> BrowserContext:
        viewport = {"width": size[0], "height": size[1]}
        context = chromium.new_context(locale=LOCALES[language], viewport=viewport, **settings)  # type: ignore[arg-type] # a dict literal is no TypedDict
        complaints.listen(context)
        contexts.append(context)
        return context

    yield browser_of
    for context in contexts:
        context.close()
    assert complaints.heard == []


@pytest.fixture
def somebody(site: Site, words: Words, browser_of: Callable[..., BrowserContext]) -> Callable[..., Visitor]:
    """A person at a browser of their own; `by_keyboard` takes their mouse away."""

    def somebody(email: str = "", *, by_keyboard: bool = False, **settings: Any) -> Visitor:
        kind = KeyboardVisitor if by_keyboard else Visitor
        visitor = kind(site, browser_of(words.language, **settings), words)
        if email:
            visitor.enter(email)
        return visitor

    return somebody


@pytest.fixture
def tablet_of(chromium: Browser) -> Iterator[Callable[..., Tablet]]:
    """A tablet of an auditor; what its browser says of a network that is away is no complaint."""
    contexts: list[BrowserContext] = []

    def tablet_of(site: Site, person: str = AUDITOR) -> Tablet:
        contexts.append(chromium.new_context(locale="pl-PL", viewport={"width": TABLET[0], "height": TABLET[1]}))
        return Tablet(site, contexts[-1], person)

    yield tablet_of
    for context in contexts:
        context.close()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """As many photos as an audit on a tablet takes, each with the place where it was taken."""
    files = [tmp_path / f"zdjęcie-{number}.jpg" for number in range(PHOTOS)]
    for file in files:
        file.write_bytes(photo(2400).getvalue())
    return files
