"""Pictures of the main pages from the demonstration: for the eye after a test run, and the three of README.

`python -m tests.support.screenshots` renews those of README.
"""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select

from qms.core.db import db
from qms.domain.deadlines import Kind
from qms.findings.models import Finding
from qms.offices import queries as offices
from qms.people import queries as people
from tests.support.capabilities import CHROMIUM_COMMANDS, CHROMIUM_OPTIONS
from tests.support.site import Site
from tests.support.world import TODAY

README: Final = Path(__file__).parents[2] / "static" / "screenshots"
OFFICE: Final = "/u/sp-bochnia"
_PROXY: Final = "pelnomocnik.bochnia@example.com"
_HEAD: Final = "the head of the unit"  # whoever that is
_SIZES: Final = {"wide": (1280, 860), "phone": (320, 640)}
_COLOURS: Final = 256  # enough for a page without photographs, at a third of the bytes


@dataclass(frozen=True)
class View:
    """A page as somebody sees it; `{case}` in its path stands for a case that `waits_for` something."""

    path: str
    waits_for: Kind | None = None
    person: str = _PROXY
    language: str = "pl"
    scheme: str = "light"
    size: str = "wide"
    is_whole: bool = True


_README: Final = {
    "tasks": View("/zadania", is_whole=False),
    "case": View(f"{OFFICE}/ustalenia/{{case}}", Kind.DECISION_ON_ANSWER, is_whole=False),
    "certificate": View(f"{OFFICE}/certyfikat", is_whole=False),
}
_MAIN: Final = {
    "door": View("/logowanie", person=""),
    "tasks": View("/zadania"),
    "audits": View(f"{OFFICE}/audity"),
    "new-audit": View(f"{OFFICE}/audity/nowy"),
    "findings": View(f"{OFFICE}/ustalenia"),
    "case": View(f"{OFFICE}/ustalenia/{{case}}", Kind.DECISION_ON_ANSWER),
    "answer": View(f"{OFFICE}/ustalenia/{{case}}/odpowiedz", Kind.ANSWER, person=_HEAD),
    "decide": View(f"{OFFICE}/ustalenia/{{case}}/sprawdz", Kind.DECISION_ON_ANSWER),
    "certificate": View(f"{OFFICE}/certyfikat"),
    "training": View(f"{OFFICE}/szkolenia"),
    "office": View(f"{OFFICE}/urzad"),
    "letters": View(f"{OFFICE}/listy"),
    "offices": View("/urzedy", person="koordynator@example.com"),
    "help": View("/pomoc"),
    "refused": View("/nie-ma"),
}


def main_views() -> dict[str, View]:
    """The main pages twice: wide and light in Polish, dark on a phone in English."""
    dark = {
        f"{name}-phone-dark-en": replace(view, language="en", scheme="dark", size="phone")
        for name, view in _MAIN.items()
    }
    return _MAIN | dark


def shoot(site: Site, browser: Browser, views: Mapping[str, View], *, folder: Path) -> None:
    """One picture a view, into a folder that is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for language in ("pl", "en"):
        site.speak(language)
        for name, view in views.items():
            if view.language == language:
                _save(_picture(site, browser, view), folder / f"{name}.png")


def _picture(site: Site, browser: Browser, view: View) -> bytes:
    key, head = _case(site, view.waits_for) if view.waits_for else ("", "")
    width, height = _SIZES[view.size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=view.scheme)  # type: ignore[arg-type] # "light" or "dark"
    cookies = {"jezyk": view.language}
    if view.person:
        cookies["rejestr"] = site.session_of(head if view.person == _HEAD else view.person)
    context.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in cookies.items()])
    page = context.new_page()
    page.goto(site.address + view.path.format(case=key))
    taken = page.screenshot(full_page=view.is_whole, caret="initial")
    context.close()
    return taken


def _case(site: Site, kind: Kind) -> tuple[str, str]:
    """A case of the office that waits for that, by its key, and the address of whoever heads its unit."""
    with site.inside():
        office = offices.by_slug(OFFICE.rpartition("/")[2])
        assert office is not None
        waiting = select(Finding).where(Finding.office_id == office.id, Finding.waits_for == kind)
        case = db.session.scalars(waiting.order_by(Finding.due_on)).first()
        assert case is not None
        heads = people.heads(office.id, site.on)[case.department_id]
        return case.key, people.active_people(heads)[heads[0]].email


def _save(picture: bytes, file: Path) -> None:
    Image.open(BytesIO(picture)).convert("RGB").quantize(_COLOURS).save(file, optimize=True)


def main() -> None:
    """Live the demonstration, serve it, and take the pictures of README."""
    executable = next(filter(None, map(shutil.which, CHROMIUM_COMMANDS)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Path(folder))
        site.start(TODAY, "--with-demo")
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        shoot(site, browser, _README, folder=README)
        browser.close()
        site.stop()


if __name__ == "__main__":
    main()
