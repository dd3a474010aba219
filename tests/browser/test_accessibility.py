"""Every page can be used by everybody: wide and on a phone, light and dark, full, empty, refused and overlong."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest
from flask import Flask, g, render_template
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from qms.auth import giving_up, sessions
from qms.core import i18n
from qms.core.db import db
from qms.core.engine import reading
from qms.domain.deadlines import Kind
from qms.domain.grants import Purpose
from qms.findings.models import Action, Finding
from qms.people import links
from qms.people.models import AddressChange, Invitation, Person
from tests.support import overlong
from tests.support.accessibility import contrast, fits, problems_of, tokens, walk
from tests.support.browser import prepared
from tests.support.invitations import newest
from tests.support.letter_links import AN_ANSWER, link_of
from tests.support.lived import TOUR_DAY
from tests.support.site import Site, copied, open_app
from tests.support.tour import NO_PAGES, Route, Stop, route
from tests.support.visitor import Visitor
from tests.support.wording import Words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # a whole walk is one test

BOCHNIA = "sp-bochnia.example.com"
PROXY = (f"proxy@{BOCHNIA}",)
STAFF = (f"fn_head@{BOCHNIA}", f"auditor@{BOCHNIA}", f"fn_clerk@{BOCHNIA}", f"head@{BOCHNIA}")
PROGRAMME = ("coordinator@program.example.com", "admin@program.example.com", "")
EVERYBODY = PROXY + STAFF + PROGRAMME
IN_SHARES = 4  # so that no process walks alone at the end
SHARES = pytest.mark.parametrize("share", range(IN_SHARES))
# Pages no link leads to, each with the reason.
NOT_WALKED_TO = {
    "auth.enter_code": "after asking for a code; the door is tried in test_door",
    "people.accept_invitation": "only letters lead there; looked at in test_nothing_is_wrong_with_answers_to_letters",
    "people.confirm_address": "as above",
    "people.stop_address": "as above",
    "grants.answer": "only letters lead there; looked at in test_nothing_is_wrong_behind_the_links_of_letters",
    "grants.hand_over": "as above",
    "grants.ask_time": "as above",
    "grants.object_to": "as above",
    "grants.report_done": "as above",
    "grants.found_file": "a file, not a page",
    "grants.found_picture": "a picture, not a page",
    "grants.broken": "as above",
    "reminders.give_up": "only letters lead there; looked at in test_nothing_is_wrong_with_giving_letters_up",
}
# The same page, guarded once for the posts of the proxies and once for all others.
UNDER_TWO_PERMISSIONS = {"people.end_post", "people.end_proxy"}
# Forms that take anything, each with the reason.
NEVER_REFUSED = {
    "findings.parts": "an action may have no parts",
    "findings.remind": "a reminder needs no words of one's own",
    "findings.remind_cases": "as above",
    "intake.routes": "every source has its way already",
    "reports.draft": "no part has to say anything where there are findings",
    "offices.limits": "an office may set no limit at all",
    "requirements.titles": "an office may call every clause as the standard does",
    "programme.approve": "the number of the order is optional",
    "reports.approve": "the number of the order is optional",
}


class Walk:
    """Somebody going through the pages of a site, and what was found wrong there."""

    def __init__(self, site: Site, context: BrowserContext, language: str) -> None:
        self.site, self.language = site, language
        self.visitor = Visitor(site, context, Words(language))
        self.page: Page = self.visitor.page
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.app = open_app(site.folder)

    def problems(self, stops: Iterable[tuple[str, Stop]], look: Callable[["Walk", Stop], list[str]]) -> str:
        """What is wrong with these pages, each as somebody comes to it, one line each."""
        found = []
        for email, theirs in groupby(stops, key=itemgetter(0)):
            self.visitor.context.clear_cookies()
            if email:
                self.visitor.enter(email)
            found += [(stop, said) for _, stop in theirs for said in look(self, stop)]
        return "\n".join(f"{stop.kind} {stop.path}: {said}" for stop, said in found)


@pytest.fixture(scope="session")
def route_through(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Route]:
    """Where people come to in a prepared folder, found out once for all walks and all processes."""

    def route_through(folder: Path, *people: str) -> Route:
        def prepare(into: Path) -> None:
            site = Site(copied(folder, into / "site"))
            site.on = TOUR_DAY
            with site.inside() as app:
                readers = [(email, _reader(app, email)) for email in people]
                db.session.commit()
                with reading():  # ends what a request says of its own in this process
                    found = route(app, readers)
                (into / "route.json").write_text(found.dumped(), encoding="utf-8")

        into = prepared(tmp_path_factory, f"route-{folder.name}", prepare)
        return Route.loaded((into / "route.json").read_text(encoding="utf-8"))

    return route_through


def _reader(app: Flask, email: str) -> FlaskClient:
    browser = app.test_client()
    browser.set_cookie(i18n.COOKIE, "pl")
    if email:
        person = db.session.scalars(select(Person).where(Person.email == email)).one()
        browser.set_cookie("rejestr", sessions.start(person))
    return browser


@pytest.fixture
def everywhere(route_through: Callable[..., Route], lived_folder: Path) -> Route:
    return route_through(lived_folder, *EVERYBODY)


def all_of(route: Route, share: int = 0, shares: int = 1) -> list[tuple[str, Stop]]:
    """The stops of a route, or every so manieth of them."""
    return [(email, stop) for email, stops in route.stops.items() for stop in stops][share::shares]


def whole(walk: Walk, stop: Stop) -> list[str]:
    """All there is to ask of a page as it opens."""
    response = walk.page.goto(walk.site.address + stop.path)
    if response is None or not response.ok:
        return [f"a link leads to {response and response.status}"]
    return problems_of(walk.page, sent=response.text(), language=walk.language)


def refused(walk: Walk, stop: Stop) -> list[str]:
    """All there is to ask of its form when it comes back refused."""
    walk.page.goto(walk.site.address + stop.path)
    send = walk.page.locator("main form.form button.button:not(.button--secondary):not(.button--link)")
    if not send.count() or not walk.page.locator("main form.form .field").count():
        return []
    walk.page.evaluate(SPOIL)
    with walk.page.expect_response(lambda answer: answer.request.is_navigation_request()) as sending:
        send.first.click()
    answer = sending.value
    if answer.request.redirected_to is not None or answer.status in {302, 303}:
        return [] if stop.kind in NEVER_REFUSED else ["was saved without anything in it"]
    walk.page.wait_for_load_state()
    return problems_of(walk.page, sent=answer.text(), language=walk.language)


# Nothing chosen, nothing typed, and days that do not exist.
SPOIL = """() => document.querySelectorAll("main form.form :is(input, select, textarea)").forEach((field) => {
  if (["hidden", "file"].includes(field.type)) return;
  if (["radio", "checkbox"].includes(field.type)) field.checked = false;
  else if (field.tagName === "SELECT") field.selectedIndex = 0;
  else field.value = field.classList.contains("input--date") ? "31.4.2027" : "";
})"""


@pytest.fixture
def walking(serve: Callable[..., Site], browser_of: Callable[..., BrowserContext]) -> Callable[..., Walk]:
    def walking(folder: Path, language: str = "pl") -> Walk:
        site = serve(folder, on=TOUR_DAY)
        site.speak(language)
        return Walk(site, browser_of(language), language)

    return walking


@SHARES
def test_nothing_is_wrong_with_any_page(walking, lived_folder, everywhere, share):
    wrong = walking(lived_folder).problems(all_of(everywhere, share, IN_SHARES), look=whole)

    assert not wrong, wrong


def test_nothing_is_wrong_with_an_empty_office(walking, world_folder, route_through):
    route = route_through(world_folder, *PROXY)

    wrong = walking(world_folder, "en").problems(all_of(route), look=whole)

    assert not wrong, wrong


@SHARES
def test_nothing_is_wrong_with_a_refused_form(walking, lived_folder, everywhere, share):
    wrong = walking(lived_folder, "en").problems(all_of(everywhere, share, IN_SHARES), look=refused)

    assert not wrong, wrong


def test_the_longest_texts_fit(walking, lived_folder, everywhere, tmp_path):
    folder = copied(lived_folder, tmp_path / "overlong")
    overlong.lengthen(folder / "qms.db")

    def narrow_and_wide(walk: Walk, stop: Stop) -> list[str]:
        walk.page.goto(walk.site.address + stop.path)
        return fits(walk.page)

    wrong = walking(folder).problems(all_of(everywhere), look=narrow_and_wide)

    assert not wrong, wrong


def test_every_control_is_reached_by_tab_and_seen(walking, lived_folder, everywhere):
    first = {stop.kind: (email, stop) for email, stop in reversed(all_of(everywhere))}

    def by_tab(walk_: Walk, stop: Stop) -> list[str]:
        walk_.page.goto(walk_.site.address + stop.path)
        return walk(walk_.page)

    wrong = walking(lived_folder).problems([each for each in all_of(everywhere) if each in first.values()], look=by_tab)

    assert not wrong, wrong


def test_the_walk_comes_to_every_page_there_is_and_each_has_its_own_title(lived_folder, everywhere):
    rules = open_app(lived_folder).url_map.iter_rules()
    pages = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}

    kinds: dict[str, set[str]] = defaultdict(set)
    for _, stop in all_of(everywhere):
        kinds[stop.title].add(stop.kind)

    seen = everywhere.led_on.union(*kinds.values())
    unseen = sorted(pages - seen - set(NOT_WALKED_TO) - NO_PAGES)
    assert unseen == [], f"{unseen}: let somebody of tests/support/lived.py come there, or say in NOT_WALKED_TO why not"
    assert {title: shared for title, shared in kinds.items() if len(shared - UNDER_TWO_PERMISSIONS) > 1} == {}


def test_nothing_is_wrong_with_giving_letters_up(walking, world_folder):
    """Its form carries no token of ours, because mail programs send it as well."""
    walk = walking(world_folder)
    with walk.app.app_context():
        person = db.session.scalars(select(Person).where(Person.email == PROXY[0])).one()
        paths = [giving_up.path_of(what, person, walk.app.config["SECRET_KEY"]) for what in giving_up.GIVE_UP]
        db.session.rollback()

    wrong = []
    for path in paths:
        response = walk.page.goto(walk.site.address + path)
        wrong += problems_of(walk.page, sent=response.text(), language=walk.language)
        with walk.page.expect_response(lambda answer: answer.request.is_navigation_request()) as pressed:
            walk.page.locator("main form button").first.click()
        wrong += problems_of(walk.page, sent=pressed.value.text(), language=walk.language)

    wrong = [each for each in wrong if not each.startswith("a form anybody could send")]
    assert not wrong, wrong


@pytest.mark.parametrize(
    ("what", "model", "email"),
    [("zaproszenie", Invitation, "l.zak@example.com"), ("adres", AddressChange, "km@example.com")],
)
def test_nothing_is_wrong_with_answers_to_letters(walking, lived_folder, what, model, email):
    walk = walking(lived_folder)
    with walk.app.app_context():
        asked = newest(model, email)
        path = links.path_of(what, asked.key, walk.app.config["SECRET_KEY"])
        stopping = links.path_of(links.STOP, asked.key, walk.app.config["SECRET_KEY"])

    wrong = []
    for each in [path] if model is Invitation else [stopping, path]:
        response = walk.page.goto(walk.site.address + each)
        wrong += problems_of(walk.page, sent=response.text(), language=walk.language)
    walk.page.locator("main form button").first.click()
    response = walk.page.goto(walk.site.address + path)
    wrong += problems_of(walk.page, sent=response.text(), language=walk.language)
    assert not wrong, wrong


def test_nothing_is_wrong_behind_the_links_of_letters(walking, lived_folder):
    """The answer, empty, refused and to be checked; an action to report and reported; a link that opens nothing."""
    walk = walking(lived_folder)
    with walk.site.inside():
        head, doer = (db.session.scalars(select(Person).where(Person.email == STAFF[place])).one() for place in (0, 2))
        unasked = (Finding.waits_for == Kind.ANSWER) & ~Finding.pleas.any()
        case = db.session.scalars(select(Finding.key).where(unasked).order_by(Finding.id))
        own = select(Action.key).where(Action.owner_id == doer.id, Action.done_on.is_(None)).order_by(Action.id)
        done = own.join(Finding, (Finding.id == Action.finding_id) & (Finding.waits_for == Kind.ACTION))
        answer_path = f"/o/odpowiedz/{link_of(Purpose.ANSWER, case.first(), head, is_new=True)}"
        done_path = f"/o/wykonane/{link_of(Purpose.REPORT_DONE, db.session.scalars(done).first(), doer, is_new=True)}"

    wrong = []
    for path, filled in (
        (f"{answer_path}/przekaz", {}),
        (f"{answer_path}/wiecej-czasu", {"reason": "Urlop."}),
        (f"{answer_path}/zastrzezenie", {}),
        (answer_path, dict(AN_ANSWER)),
        (done_path, {"evidence": "Rejestr."}),
        ("/o/odp", {}),
    ):
        response = walk.page.goto(walk.site.address + path)
        wrong += problems_of(walk.page, sent=response.text(), language=walk.language)
        for typed in ({}, filled):
            for name, value in typed.items():
                walk.page.locator(f"[name={name}]").fill(value)
            with walk.page.expect_response(lambda answer: answer.request.is_navigation_request()) as pressed:
                walk.page.locator("main form button[type=submit]").first.click()
            sent = pressed.value
            if sent.status < 300:
                wrong += problems_of(walk.page, sent=sent.text(), language=walk.language)
            if walk.page.locator("main form").count() == 0:
                break
    # No session is kept there, so the seal of the grant stands in place of a token; tried in test_answers_from_letters.
    wrong = [each for each in wrong if not each.startswith("a form anybody could send")]
    assert not wrong, wrong


def test_nothing_is_wrong_with_the_pages_of_refusal(walking, world_folder):
    """Rendered here, since a browser cannot be brought to most of them; their styles come from the site."""
    walk = walking(world_folder)
    wrong = {code: refusal(walk, code) for code in (400, 403, 404, 409, 413, 429, 500, 503)}

    assert not any(wrong.values()), wrong


def refusal(walk: Walk, code: int) -> list[str]:
    with walk.app.test_request_context(base_url=walk.site.address):
        g.is_failing = code >= 500
        sent = render_template(f"errors/{code}.html")
    walk.page.route(
        "**/refused", lambda route: route.fulfill(body=sent, content_type="text/html; charset=utf-8"), times=1
    )
    walk.page.goto(f"{walk.site.address}/refused")
    return problems_of(walk.page, sent=sent, language=walk.language)


PAIRS = [
    *(("ink", ground, 7) for ground in ("paper", "canvas")),
    *(("ink-2", ground, 7) for ground in ("paper", "canvas")),
    *((colour, ground, 4.5) for colour in ("link", "visited", "danger") for ground in ("paper", "canvas")),
    *((f"on-{fill}", fill, 4.5) for fill in ("action", "danger")),
    *(
        (tag, f"{tag}-fill", 4.5)
        for tag in ("major", "minor", "observation", "opportunity", "conformity", "strength", "neutral")
    ),
    *(("heat-low", f"heat-{step}", 4.5) for step in range(3)),
    *(("heat-high", f"heat-{step}", 4.5) for step in (3, 4)),
    *(("line-strong", ground, 3) for ground in ("paper", "canvas")),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_the_stylesheet_can_be_told_apart(scheme):
    colours = tokens(scheme)

    faint = [(front, back) for front, back, least in PAIRS if contrast(colours[front], colours[back]) < least]

    assert faint == []
