"""Certificates, courses, posts and loans in the history of an office."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from qms.admission import queries as admission
from qms.admission import service as admitting
from qms.admission.service import StatementFacts
from qms.approvals import service as approvals
from qms.audits import queries as audits
from qms.audits import service as auditing
from qms.certificates import service as certificates
from qms.certificates.service import CertificateFacts
from qms.core.db import db
from qms.demo.cast import HEADS, Cast
from qms.demo.scene import Event, Scene
from qms.demo.story import THEN, Day, Printed, Story, Trained
from qms.demo.texts import phrases
from qms.domain.admission import drawn_up
from qms.domain.approval import Step
from qms.domain.calendar import add_months, next_working_day, previous_working_day
from qms.domain.certification import CYCLE_MONTHS, RuleVersion
from qms.domain.findings import Category
from qms.domain.standing import Who
from qms.offices import queries as offices
from qms.offices import scale
from qms.offices.models import Department, Office
from qms.offices.words import product_words
from qms.people import colleagues, invitations, processes
from qms.people import service as posts
from qms.people.invitations import Newcomer
from qms.people.processes import ProcessFacts
from qms.training import service as training
from qms.training.service import TrainingFacts

_BODIES: Final = ("Biuro Certyfikacji Przykład", "Jednostka Certyfikująca Wzorzec", "Instytut Oceny Zgodności Próba")
# Of some only the month or the year is known any more.
_RECALLED: Final = {
    "sp-bochnia": (
        CertificateFacts(
            number="2006/017/Q",
            body=_BODIES[2],
            edition_code="9001:2000",
            decided_on=date(2006, 1, 1),
            decided_written="2006",
            valid_from=date(2006, 6, 1),
            from_written="czerwiec 2006",
            valid_until=date(2009, 6, 14),
            rules=RuleVersion.V2011,
            note="Pierwszy certyfikat urzędu, spisany z kroniki.",
        ),
        CertificateFacts(
            number="2009/044/Q",
            body=_BODIES[2],
            edition_code="9001:2008",
            decided_on=date(2009, 6, 15),
            valid_from=date(2009, 6, 15),
            valid_until=date(2012, 6, 13),
            rules=RuleVersion.V2011,
            is_initial=False,
        ),
    ),
    "um-lodz": (
        CertificateFacts(
            number="2019/101/E",
            body=_BODIES[0],
            edition_code="14001:2015",
            decided_on=date(2019, 3, 4),
            valid_from=date(2019, 3, 4),
            valid_until=date(2022, 3, 3),
            scope="Gospodarka odpadami i zieleń miejska.",
        ),
    ),
}
_SCHOOL: Final = "Ośrodek Kształcenia Auditorów Przykład"
_FIRST_COURSE: Final = date(2011, 10, 12)
_MAP: Final = ("or", "fn", "first", "second")
# Days before the last one.
_DEPUTY_RENEWED: Final = 320
_SET_UP: Final = 1400
_MAPPED: Final = 240
_PROXY_LEFT: Final = 58
_AUDITOR_ASKED_FOR: Final = 99
_AUDITOR_LENT: Final = 92
_INVITED: Final = 3
_ADMITTED_SINCE: Final = 2
_ADMITTED: Final[dict[str, list[list[str]]]] = {
    "auditor": [["course"], ["service", "experience"]],
    "wiodacy": [["course"], ["service", "experience"], ["consent"]],
    "auditorobcy": [["course"], ["declaration"]],
    "asystent": [["consent", "experience"]],
}


def body_of(cast: Cast) -> str:
    """The certification body of an office."""
    return _BODIES[cast.office_id % len(_BODIES)]


def day_of(on: date, day: Day) -> date:
    """A working day of a story: a date of its own, or so many days before the last day."""
    return next_working_day(day) if isinstance(day, date) else previous_working_day(on - timedelta(days=day))


def certified(cast: Cast, printed: Printed, on: date) -> Event:
    """The certificate is recorded ten days after the body's decision."""
    last_day = printed.ends if isinstance(printed.ends, date) else on - timedelta(days=printed.ends)
    decided_on = previous_working_day(add_months(last_day, -CYCLE_MONTHS))
    is_old = printed.edition == THEN
    facts = CertificateFacts(
        number=f"{decided_on.year}/{cast.office_id:03}/Q",
        body=body_of(cast),
        edition_code=printed.edition,
        decided_on=decided_on,
        valid_from=decided_on,
        valid_until=add_months(decided_on, CYCLE_MONTHS) - timedelta(days=1),
        rules=RuleVersion.V2011 if is_old else RuleVersion.V2015,
        is_initial=printed.is_initial,
        replaces=not printed.is_initial,  # days off may move the decision before the end of the one before
        stage2_ended_on=previous_working_day(decided_on - timedelta(days=28)) if printed.is_initial else None,
        scope="Świadczenie usług publicznych na rzecz mieszkańców i przedsiębiorców.",
    )
    return Event(next_working_day(decided_on + timedelta(days=10)), cast, partial(_record_certificate, facts=facts))


def recalled(cast: Cast, facts: CertificateFacts, on: date) -> Event:
    """An old certificate, recorded from papers once the office uses the register."""
    return Event(day_of(on, _SET_UP), cast, partial(_record_certificate, facts=facts))


def _record_certificate(scene: Scene, facts: CertificateFacts) -> None:
    with scene.played_by("proxy"):
        certificates.record(scene.office, facts, today=scene.day)


def trained(cast: Cast, course: Trained, on: date) -> Event:
    """The course is recorded on the day it was held."""
    held_on = day_of(on, course.ago)
    validity = "until" if course.until is not None else "without_end" if course.is_end_known else "unknown"
    facts = _course(course.role, held_on, "9001:2015", validity=validity)
    if course.until is not None:
        facts = TrainingFacts(**{**vars(facts), "valid_until": on - timedelta(days=course.until)})
    return Event(held_on, cast, partial(_record_course, role=course.role, facts=facts))


def trained_then(cast: Cast, role: str) -> Event:
    """The courses of the first programme, for the edition of that time."""
    facts = _course(role, _FIRST_COURSE, THEN, validity="without_end")
    return Event(_FIRST_COURSE, cast, partial(_record_course, role=role, facts=facts))


def _course(role: str, held_on: date, edition: str, *, validity: str) -> TrainingFacts:
    is_proxy = role == "proxy"
    return TrainingFacts(
        trained_as="proxy" if is_proxy else "auditor",
        edition_code=edition,
        title=f"{'Pełnomocnik do spraw jakości' if is_proxy else 'Auditor wewnętrzny'} ISO {edition}",
        provider=_SCHOOL,
        held_on=held_on,
        validity=validity,
        place="Łódź",
        certificate_number=f"{'P' if is_proxy else 'AW'}/{held_on:%m%d}/{held_on.year}",
    )


def _record_course(scene: Scene, role: str, facts: TrainingFacts) -> None:
    with scene.played_by("proxy"):
        training.record(scene.office, scene.person(role), facts, today=scene.day)


def papers_of(cast: Cast, story: Story, on: date) -> Iterator[Event]:
    """All certificates and courses of an office, and its map of processes."""
    yield mapped(cast, on)
    yield from (recalled(cast, facts, on) for facts in _RECALLED.get(cast.slug, ()))
    yield from (certified(cast, each, on) for each in story.printed)
    yield from (trained(cast, each, on) for each in story.trained)
    if any(each.edition == THEN for each in story.printed):
        yield from (trained_then(cast, role) for role in ("proxy", "first_auditor", "second_auditor"))


def symbol_of(unit: str) -> str:
    """The symbol of the process of a department, by its place in the office."""
    return f"P-{_MAP.index(unit) + 1:02}"


def mapped(cast: Cast, on: date) -> Event:
    """The office draws its map of processes: one through each department, owned by its head or the proxy."""
    return Event(day_of(on, _MAPPED), cast, _draw_map)


def _draw_map(scene: Scene) -> None:
    with scene.played_by("proxy"):
        for unit in _MAP:
            owner = "proxy" if unit == "or" else HEADS[unit]
            facts = ProcessFacts(
                name=phrases()["processes"][scene.cast.kinds[unit]],
                symbol=symbol_of(unit),
                department_ids=frozenset({scene.cast.departments[unit]}),
                importance=3 if unit == "first" else 2,
                owner_id=scene.cast.people[owner],
                owned_from=scene.day,
            )
            processes.open_process(scene.office, facts)


def turns_of_fate(casts: dict[str, Cast], on: date) -> Iterator[Event]:
    """What happens to people and settings in single offices."""
    yield Event(day_of(on, _SET_UP), casts["um-lodz"], _set_up)
    yield Event(day_of(on, _SET_UP), casts["sp-bochnia"], _look_for_threats)
    yield Event(day_of(on, _ADMITTED_SINCE), casts["sp-bochnia"], _admit)
    yield Event(day_of(on, _DEPUTY_RENEWED), casts["sp-bochnia"], partial(_renew_deputy, until=on + timedelta(days=40)))
    yield Event(day_of(on, _PROXY_LEFT), casts["ug-mszana-dolna"], _lose_proxy)
    yield Event(day_of(on, _INVITED), casts["sp-bochnia"], _invite)
    borrower, lender = casts["ug-lowicz"], casts["um-lowicz"]
    borrower.people["lent"] = lender.people["first_auditor"]
    until = on + timedelta(days=120)
    yield Event(day_of(on, _AUDITOR_ASKED_FOR), borrower, partial(_ask, lender=lender, until=until))
    yield Event(day_of(on, _AUDITOR_LENT), lender, _consent)


def _renew_deputy(scene: Scene, until: date) -> None:
    with scene.played_by("head"):
        held = next(each for each in colleagues.posts(scene.office.id) if each.post == Who.DEPUTY)
        posts.revoke(held, on=scene.day - timedelta(days=1), reason=f"Zarządzenie nr 7/{scene.day.year}")
        number = f"Zarządzenie nr 7/{scene.day.year}"
        deputy = scene.person("deputy")
        posts.appoint(deputy, scene.office, Who.DEPUTY, from_on=scene.day, until_on=until, order_number=number)


def _admit(scene: Scene) -> None:
    """The office asks more of its auditors than a course, and one of them has no consent yet."""
    with scene.played_by("proxy"):
        for key, lines in _ADMITTED.items():
            asked = admission.rule_by_key(scene.office, key)
            if asked is not None:
                admitting.draw_up(asked, drawn_up(lines, 12))
        paper = StatementFacts(ground="consent", from_on=scene.day, until_on=None, shown_by="Pismo OR.0142.3")
        admitting.write_down(scene.office, scene.person("first_auditor"), paper)


def _set_up(scene: Scene) -> None:
    """The office agrees that coordinators read its content, grades its nonconformities, and approves its reports."""
    with scene.played_by("proxy"):
        approvals.set_chain(scene.office, [Step("Zatwierdzono", Who.HEAD_OF_OFFICE)], approves_reports=True)
        scene.office.shares_content = True
        change_kind(scene, Category.NONCONFORMITY, is_graded=True)


def _look_for_threats(scene: Scene) -> None:
    """The office calls potential nonconformities by a name of its own, and shows its good practice."""
    with scene.played_by("proxy"):
        change_kind(scene, Category.POTENTIAL, name=phrases()["threat"], symbol="Z", is_used=True)
        change_kind(scene, Category.GOOD_PRACTICE, is_used=True)


def change_kind(scene: Scene, meaning: Category, **changed: Any) -> None:
    """Let the office change the kind of this meaning."""
    row = next(each for each in offices.finding_kinds(scene.office.id) if each.meaning == meaning)
    scale.change(row, replace(row.kind, **changed), place=row.place, words=product_words())


def _lose_proxy(scene: Scene) -> None:
    """The proxy moves to another employer, and nobody is appointed."""
    leaver = scene.person("proxy")
    with scene.played_by("head"):
        for held in colleagues.posts(scene.office.id):
            if held.person_id == leaver.id:
                posts.revoke(held, on=scene.day, reason="Rozwiązanie umowy na wniosek osoby.")
        for member in colleagues.staff(scene.office.id, scene.day):
            if member.person_id == leaver.id:
                posts.leave(member, on=scene.day)
        posts.deactivate(leaver, reason="Osoba nie pracuje już w urzędzie.")


def _invite(scene: Scene) -> None:
    """Somebody new in the office, who has not opened the letter yet."""
    department = db.session.get_one(Department, scene.cast.departments["first"])
    address = f"nowa.osoba@{scene.cast.slug}.example.com"
    newcomer = Newcomer(name="Jolanta Przykładowa", email=address, department=department, from_on=scene.day)
    with scene.played_by("proxy") as by:
        invitations.invite(scene.office, newcomer, by=by, today=scene.day)


def _ask(scene: Scene, lender: Cast, until: date) -> None:
    with scene.played_by("proxy") as by:
        other = db.session.get_one(Office, lender.office_id)
        address = Scene(lender, scene.day).person("first_auditor").email
        days = {"from_on": scene.day, "until_on": until}
        auditing.ask_for_auditor(scene.office, other, email=address, **days, by=by.person_id, today=scene.day)


def _consent(scene: Scene) -> None:
    with scene.played_by("proxy") as by:
        for request in audits.requests_to(scene.office):
            auditing.consent_to_loan(request, by=by.person_id, today=scene.day)
