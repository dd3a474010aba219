"""A person at a browser: what they press, fill in and read, by the words on the page."""

import re
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLateError

from tests.support.site import Site
from tests.support.wording import Words

_PATIENCE = 8_000  # milliseconds, on a machine that does much at once


class Visitor:
    """A person at a browser. What they press and what they fill in is counted."""

    def __init__(self, site: Site, context: BrowserContext, words: Words) -> None:
        self.site, self.context, self.words = site, context, words
        self.visited: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(_PATIENCE)
        self.page.on("framenavigated", lambda _: self.visited.append(self.path))
        self.clicks = self.fields = 0

    def open(self, path: str) -> None:
        self.page.goto(path if "://" in path else self.site.address + path)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site.address)

    def press(self, name: str | re.Pattern[str]) -> None:
        """A button or a link, by what it says."""
        self.clicks += 1
        what = self.pressable(name).locator("visible=true")
        in_menu = self.page.locator(".menu:not([open]) .menu__tabs a").filter(has_text=_exactly(name))
        self._expect(what.or_(in_menu).first, name)
        if not what.count():
            self._open_menu()
        self._expect(what.first, name)
        self._press(what)

    def fill(self, label: str, value: str, *, place: int = 0) -> None:
        """A field by its label; `place` tells fields of the same label apart."""
        self.fields += 1
        field = self.page.get_by_label(_label(label)).nth(place)
        self._expect(field, label)
        self._fill(field, value)

    def choose(self, name: str | re.Pattern[str]) -> None:
        """A choice to tick, by its words."""
        self.fields += 1
        pattern = re.compile(rf"^\s*{re.escape(name)}") if isinstance(name, str) else name
        self._tick(self.page.get_by_role("radio", name=pattern).or_(self.page.get_by_role("checkbox", name=pattern)))

    def select(self, label: str, option: str, *, place: int = 0) -> None:
        """In a list, the entry that begins so."""
        self.fields += 1
        field = self.page.get_by_label(_label(label)).nth(place)
        entry = field.locator("option").filter(has_text=re.compile(rf"^\s*{re.escape(option)}")).first
        self._select(field, entry.inner_text())

    def unfold(self, name: str) -> None:
        """Open what is folded away, by the beginning of its name."""
        self.page.locator("summary").filter(has_text=re.compile(rf"^\s*{re.escape(name)}")).first.click()

    def attach(self, label: str, *files: Path) -> None:
        self.page.get_by_label(_label(label)).set_input_files(files)

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        """Each text stands on the page, where it can be seen."""
        for text in texts:
            expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible(timeout=_PATIENCE)

    def pressable(self, name: str | re.Pattern[str]) -> Locator:
        """A button or a link of that name."""
        exactly = _exactly(name)
        area = self.page.locator("body")
        return area.get_by_role("button", name=exactly).or_(area.get_by_role("link", name=exactly))

    def sign_in(self, email: str) -> None:
        """Ask for a code at the door, read it in the letter, come in."""
        self.open("/logowanie")
        self.go_through_the_door(email)
        expect(self.page).to_have_url(re.compile("/zadania"), timeout=_PATIENCE)
        self.start_counting()

    def go_through_the_door(self, email: str) -> None:
        """From the sign-in page, wherever it then leads."""
        self.fill(self.words("E-mail address"), email)
        self.press(self.words("Send the code"))
        letter = self.letter(email, self.words("Your sign-in code, valid for 15 minutes"))
        self.fill(self.words("Code from the letter"), re.findall(r"\b\d{6}\b", letter)[0])
        self.press(self.words("Sign in"))
        self.page.wait_for_url(re.compile(r"^(?!.*logowanie)"))

    def enter(self, email: str) -> None:
        """With a session that is there already."""
        session = self.site.session_of(email)
        self.context.add_cookies([{"name": "rejestr", "value": session, "url": self.site.address}])
        self.open("/zadania")
        self.start_counting()

    def start_counting(self) -> None:
        self.clicks = self.fields = 0

    def letter(self, email: str, subject: str | re.Pattern[str], *, within: float = 20) -> str:
        """The text of the newest letter to somebody about something, read in the local mailbox once it is there."""
        tab = self.find_letter(email, subject, within=within)
        text = tab.locator("main").inner_text()
        tab.close()
        return text

    def find_letter(self, email: str, subject: str | re.Pattern[str], *, within: float = 20) -> Page:
        """A new tab with the newest letter to somebody about something."""
        tab = self.context.new_page()
        give_up_at = time.monotonic() + within
        while time.monotonic() < give_up_at:
            tab.goto(f"{self.site.address}/poczta")
            row = tab.locator("main :is(li, tr)").filter(has_text=email).filter(has_text=subject)
            if row.count():
                row.first.get_by_role("link").first.click()
                return tab
            tab.wait_for_timeout(200)
        listed = tab.locator("main").inner_text()
        raise AssertionError(f"no letter {subject!r} to {email} within {within} s; there are:\n{listed}")

    def letters_of(self, day: str, *, at_least: int, within: float = 30) -> str:
        """The text of all letters of a day, once so many have come and no more come."""
        give_up_at, rows = time.monotonic() + within, self.page.locator("main li").filter(has_text=day)
        counts = [-1]
        while time.monotonic() < give_up_at and (counts[-1] < at_least or counts[-1] != counts[-2]):
            self.page.wait_for_timeout(2500)
            self.open("/poczta")
            counts.append(rows.count())
        addresses = [row.get_by_role("link").first.get_attribute("href") for row in rows.all()]
        return "\n".join(self.context.request.get(f"{self.site.address}{path}").text() for path in addresses)

    def _open_menu(self) -> None:
        """On a phone the tabs of the menu are behind its button."""
        button = self.page.locator(".menu:not([open]) > summary")
        if button.locator(".menu__word").is_visible():
            self.clicks += 1
            self._press(button)

    def _expect(self, what: Locator, name: object) -> None:
        try:
            what.wait_for(state="attached")
        except TooLateError as late:
            shown = self.page.inner_text("main")
            raise AssertionError(f"nothing is called {name!r} on {self.path}:\n{shown}") from late

    def _press(self, what: Locator) -> None:
        what.click()

    def _fill(self, field: Locator, value: str) -> None:
        field.fill(value)

    def _tick(self, choice: Locator) -> None:
        choice.check()

    def _select(self, field: Locator, option: str) -> None:
        field.select_option(label=option)


class KeyboardVisitor(Visitor):
    """A person who has no mouse: everything is reached by Tab."""

    stops = 0

    def _reach(self, what: Locator) -> None:
        what.wait_for(state="attached")
        for _ in range(150):
            if what.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self.stops += 1
        raise AssertionError(f"{what} cannot be reached by Tab")

    def _press(self, what: Locator) -> None:
        self._reach(what)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state("load")

    def _fill(self, field: Locator, value: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(value)

    def _tick(self, choice: Locator) -> None:
        # Within a group of radio buttons Tab stops once; the arrows go on from there.
        group = self.page.locator(f'input[name="{choice.get_attribute("name")}"]')
        while not any(group.nth(each).evaluate("it => it === document.activeElement") for each in range(group.count())):
            self.page.keyboard.press("Tab")
        for _ in range(group.count()):
            if choice.evaluate("it => it === document.activeElement"):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        expect(choice).to_be_checked()

    def _select(self, field: Locator, option: str) -> None:
        self._reach(field)
        self.page.keyboard.type(option)


def _exactly(name: str | re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(name)}\s*$") if isinstance(name, str) else name


def _label(text: str) -> re.Pattern[str]:
    """A label as it stands, with or without the words that say it is optional."""
    return re.compile(rf"^\s*{re.escape(text)}(?: \([^)]*\))?\s*$")
