"""The walls between offices as readers meet them: no page a person can walk to holds anything of another office.

A lived office is walked through twice. In between, its neighbour lives on, and every text the neighbour owns gets a
mark: no mark may show, no count may move, and reading may change nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, String, Table, Text, and_, literal, or_, select, update
from werkzeug.test import TestResponse

from qms import jobs
from qms.core import clock
from qms.core.db import OfficeOwned, db, scoped
from qms.core.outbox import Letter
from qms.people.models import Appointment, Membership, Person
from tests.support import crowd as crowds
from tests.support.application import NOON, Store
from tests.support.crowd import Crowd
from tests.support.lived import office_found
from tests.support.world import TODAY, OfficeWorld

HOME, ELSEWHERE = "/u/sp-bochnia", "/u/sp-leczyca"
MARK = "KANAREK"
NUMBERS = {b"AL/0", b"LE/0"}  # as the other office numbers audits and findings
WALKED = (
    "proxy",
    "head of office",
    "auditor",
    "lead",
    "unit head",
    "doer",
    "employee",
    "office admin",
    "external",
    "external before",
    "coordinator",
    "admin",
)
WALKED_TWICE = ("proxy", "lead", "unit head", "coordinator")
# The door, the mailbox of the computer, what no page leads to while cases are at other stages, and plain files.
NOT_REACHED = {
    *("auth.sign_in", "auth.enter_code", "auth.sign_in_with_password", "static"),
    *("mailbox.index", "mailbox.letter", "mailbox.attachment"),
    "reminders.give_up",  # only letters lead there; tried in test_giving_up
    # only letters lead there; tried in test_invitations and test_addresses
    # the same, tried in test_answers_from_letters
    *("grants.answer", "grants.hand_over", "grants.ask_time", "grants.object_to"),
    *("grants.report_done", "grants.broken", "grants.found_file", "grants.found_picture"),
    *("people.accept_invitation", "people.confirm_address", "people.stop_address"),
    "checklists.lost_device",  # linked once a device is silent; tried in test_silent_devices
    *("setup.tasks", "setup.invitations"),  # linked while an office is new; tried in test_setup
    "audits.permit",  # linked while a team waits for it; tried in test_own_work
    # what their pages say, as a file that is not read byte by byte; who gets them is tried in test_route_matrix
    *("reports.card_pdf", "reports.draft_pdf", "reports.report_pdf", "reports.starter"),
    *("reports.card_word", "reports.draft_word", "reports.report_word"),
    *("reports.plan_pdf", "reports.plan_word", "reports.programme_pdf", "reports.programme_word"),
    *("reports.sheet_pdf", "reports.sheet_word", "reports.given_pdf", "reports.given_word"),
    "agenda.calendar",  # its address is told to be copied; what it holds is tried in test_calendars
}
FIRST_STEPS = (
    *("/", "/zadania", "/konto", "/pomoc", "/urzedy"),
    *(
        f"{HOME}/{page}"
        for page in ("audity", "ustalenia", "certyfikat", "szkolenia", "osoby", "urzad", "listy", "auditorzy")
    ),
    *(f"{HOME}/ustalenia?q={words}" for words in (MARK, "leczyca", "N-2026-001", "Reported")),
    *(f"{HOME}/audity?rok=2026&strona=2", f"{HOME}/auditorzy/popros", "/zadania?wszystkie=1"),
)
ALIKE = 4  # pages of one address that are narrowed by other values of the same filters
MOST_PAGES = 800  # of one reader; a walk that does not end is a mistake of its own
# The mailbox belongs to the computer, not to an office; it is open only while no mail server is set.
NOT_WALKED = ("/static/", "/poczta")
FILES = (".pdf", ".docx")
OVER_ALL_OFFICES = "/urzedy"  # counts are what coordinators are shown of every office
OFFERED = "/wzorce"  # what offices offer is for the coordinator to read; what else is on it, test_practices tries
# Closed lists of words, and what is compared and not shown.
NOT_MARKED = frozenset(
    {
        *("kind", "state", "role", "category", "edition_code", "post", "place", "sha256", "validity", "trained_as"),
        *("method", "severity", "ground"),
        *("stage", "waits_for", "report_waits_for", "due_limit", "due_rule", "warning", "rules", "email"),
        *("result", "source", "event_key"),
        *("meaning", "kind_key", "purpose", "starter", "cause_key"),
        *("way", "fate", "remedy"),
    }
)
UNTOUCHED = frozenset({"trail_entry", "trail_head", "loan", "office_limit", "number_counter", "letter", "reminder"})


class Walker:
    """A reader who opens every page they can find a link to."""

    def __init__(self, browser: FlaskClient) -> None:
        self._browser = browser
        self.pages: dict[str, bytes] = {}
        self.dead_ends: list[str] = []
        self._alike: Counter[tuple[str, tuple[str, ...]]] = Counter()

    def walk(self) -> "Walker":
        waiting, known = list(FIRST_STEPS), set(FIRST_STEPS)
        while waiting and len(self.pages) < MOST_PAGES:
            path = waiting.pop(0)
            answer = self._browser.get(path)
            self.pages[path] = without_tokens(answer)
            if answer.status_code >= 400 and path not in FIRST_STEPS:
                self.dead_ends.append(f"{answer.status_code} {path}")
            found = [each for each in leads_to(path, answer) if each not in known and self._is_unlike(each)]
            known.update(found)
            waiting += found
            answer.close()
        return self

    def _is_unlike(self, path: str) -> bool:
        """Whether few like it were found: a list leads to itself under each of its filters, and each of their pairs."""
        address, _, query = path.partition("?")
        shape = (address, tuple(sorted(parse_qs(query))))
        self._alike[shape] += bool(query)
        return self._alike[shape] <= ALIKE


def without_tokens(answer: TestResponse) -> bytes:
    """What was sent, headers too, less what is new in every answer."""
    told = re.sub(rb'name="(csrf_token|once)"[^>]*|data-(token)="[^"]*"', rb"\1\2", answer.data)
    headers = [f"{name}: {value}" for name, value in answer.headers if name not in {"Set-Cookie", "Date"}]
    return "\n".join(headers).encode() + b"\n\n" + told


def leads_to(path: str, answer: TestResponse) -> Iterable[str]:
    """The pages of ours that a page leads to, by link or by being sent on."""
    if answer.status_code in {301, 302}:
        links = [answer.location]
    elif answer.mimetype == "text/html":
        links = [str(link["href"]) for link in BeautifulSoup(answer.data, "html.parser").select("a[href]")]
    else:
        return []
    paths = (urljoin(path, link).partition("#")[0] for link in links)
    ours = (each for each in paths if not urlsplit(each).netloc and each.startswith("/"))
    return dict.fromkeys(each for each in ours if not each.startswith(NOT_WALKED) and not each.endswith(FILES))


def mark_everything_of(place: OfficeWorld) -> set[bytes]:
    """Put the mark into every text the other office owns. The keys of its things are given back: they are marks too.

    Rows are changed past the product, which would not let anybody write so. Whom the two offices deal with about a
    loan is known to both.
    """
    office_id = place.office.id
    known = {place.people["auditor"].id, place.people["proxy"].id}
    db.session.rollback()
    keys: set[bytes] = set()
    with db.engine.begin() as connection:
        for table in owned_tables():
            own = table.c.office_id == office_id
            if marked := {column.name: column + literal(f" {MARK}") for column in texts_of(table)}:
                connection.execute(update(table).where(own).values(marked))
            if "key" in table.c and table.name != "loan":
                keys |= {key.encode() for key in connection.scalars(select(table.c.key).where(own))}
        own_people = (
            select(Appointment.person_id)
            .where(Appointment.office_id == office_id)
            .union(select(Membership.person_id).where(Membership.office_id == office_id))
        )
        theirs = and_(Person.id.in_(own_people), Person.id.not_in(known))
        keys |= {key.encode() for key in connection.scalars(select(Person.key).where(theirs))}
        connection.execute(update(Person.__table__).where(theirs).values(name=Person.name + f" {MARK}"))
        to_them = or_(
            Letter.office_id == office_id, and_(Letter.person_id.in_(own_people), Letter.person_id.not_in(known))
        )
        connection.execute(update(Letter.__table__).where(to_them).values(subject=Letter.subject + f" {MARK}"))
    return keys


def owned_tables() -> list[Table]:
    classes = (mapper.class_ for mapper in db.Model.registry.mappers)
    tables = [each.__table__ for each in classes if issubclass(each, OfficeOwned)]
    return [table for table in tables if table.name not in UNTOUCHED]


def texts_of(table: Table) -> list[ColumnElement[str]]:
    return [
        column
        for column in table.c
        if isinstance(column.type, (String, Text))
        and column.name not in {*NOT_MARKED, "key"}
        and not column.foreign_keys
    ]


@dataclass(frozen=True)
class Walks:
    """What some readers saw before the neighbour lived on, and what marks everything the neighbour owns."""

    crowd: Crowd
    before: dict[str, Walker]
    marks: set[bytes]
    after: dict[str, Walker] = field(default_factory=dict)

    def of(self, role: str) -> Walker:
        """What a reader sees now, walked through once."""
        if role not in self.after:
            self.after[role] = Walker(self.crowd.browser(role)).walk()
        return self.after[role]


@pytest.fixture(scope="module")
def walks(sqlite_store: Store) -> Iterator[Walks]:
    app = sqlite_store.fresh()
    with clock.at(NOON):
        with app.app_context():
            crowd = crowds.gather(app)
            keep_to_itself(crowd)
            post_letters()
        before = {role: Walker(crowd.browser(role)).walk() for role in WALKED_TWICE}
        with app.app_context():
            with scoped(frozenset({crowd.office_ids["sp-leczyca"]})):
                neighbour = office_found("sp-leczyca")
                crowds.add_cases(neighbour)
                marks = mark_everything_of(neighbour) | NUMBERS | {MARK.encode()}
            post_letters()
        yield Walks(crowd, before, marks)


def post_letters() -> None:
    jobs.run_job("plan", TODAY)
    jobs.run_job("send", TODAY)


def keep_to_itself(crowd: Crowd) -> None:
    """The other office agrees no longer that coordinators read its content."""
    with scoped(frozenset({crowd.world.leczyca.office.id})):
        db.session.merge(crowd.world.leczyca.office).shares_content = False
        db.session.commit()


@pytest.mark.parametrize("role", WALKED)
def test_no_byte_of_another_office_reaches_a_reader(walks: Walks, role: str) -> None:
    before = crowds.contents(walks.crowd.app)

    walker = walks.of(role)

    shown = {path: [mark for mark in walks.marks if mark in page] for path, page in walker.pages.items()}
    reads_offers = role == "coordinator"
    shown = {path: marks for path, marks in shown.items() if not (reads_offers and path.startswith(OFFERED))}
    assert {path: marks for path, marks in shown.items() if marks and MARK not in path} == {}
    assert len(walker.pages) < MOST_PAGES
    assert crowds.contents(walks.crowd.app) == before, "reading changed something"


@pytest.mark.parametrize("role", WALKED_TWICE)
def test_what_another_office_does_moves_no_count_and_no_word(walks: Walks, role: str) -> None:
    before, after = walks.before[role].pages, walks.of(role).pages

    assert after.keys() == before.keys()
    moving = OVER_ALL_OFFICES if role != "coordinator" else (OVER_ALL_OFFICES, OFFERED)
    assert [path for path in before if before[path] != after[path] and not path.startswith(moving)] == []


@pytest.mark.parametrize("role", WALKED)
def test_every_way_a_page_shows_leads_on(walks: Walks, role: str) -> None:
    assert walks.of(role).dead_ends == []


def test_the_walk_leads_through_every_kind_of_page(walks: Walks) -> None:
    addresses = walks.crowd.app.url_map.bind("localhost")
    paths = [path.partition("?")[0] for role in WALKED for path in walks.of(role).pages]
    walked = {addresses.match(path, method="GET")[0] for path in paths}
    pages = {rule.endpoint for rule in walks.crowd.app.url_map.iter_rules() if "GET" in rule.methods}

    assert pages - walked == NOT_REACHED
