"""What a letter is made of: its words in both languages, its headers, and titles meant to do harm."""

import re
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, current_app

from qms.core import clock, mail
from qms.core.mail import domain_of
from qms.reminders import words
from qms.reminders.rendering import Around, render
from tests.support.mail_server import mail_server
from tests.support.post import letter, put, reader, send, states
from tests.support.world import World

ID = r"<v1\.[0-9a-f]{32}@localhost\.localdomain>"


def test_headers_keep_robots_silent_and_say_why_the_letter_came(world: World) -> None:
    office = world.bochnia.office
    put(world.bochnia.auditor, office_id=office.id, payload={"asked_by": "Anna", "path": "/u/x/ustalenia/k7"})

    with mail_server() as server:
        send(server)

    message = server.taken[0].message
    sender = current_app.config["MAIL_FROM"]
    assert message["From"].addresses[0].addr_spec == sender
    assert office.name in str(message["From"])
    assert message["Reply-To"].addresses[0].addr_spec == world.bochnia.proxy.email
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"] == f"<{office.slug}.{domain_of(sender)}>"
    assert message["X-Rejestr-Powod"] == "na-prosbe"
    assert re.fullmatch(ID, message["Message-ID"])
    assert re.fullmatch(ID, message["References"])
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


HOSTILE = "Zły\r\nBcc: everybody@example.com\x0b\x85\u2028\u202etytuł\ud800 \x00" + "x" * 500


def test_a_hostile_title_is_made_harmless_and_stops_nobody(world: World) -> None:
    bad = reader("bad", called=HOSTILE[:200].replace("\x00", "").replace("\ud800", ""))
    put(bad, "1", payload={"asked_by": HOSTILE.replace("\x00", "")[:100]})
    put(bad, "2", kind="address_changed", payload={"office": "Urząd\r\nBcc: x@example.com", "changed_by": "A"})
    put(world.admin, "3")

    with mail_server() as server:
        send(server)

    assert states() == {"sent": 3}
    assert all(taken.message["Bcc"] is None for taken in server.taken)
    assert all("\n" not in str(taken.message["Subject"]) for taken in server.taken)


@pytest.mark.parametrize("title", [HOSTILE, "\ud800", "\x00", "", "=?utf-8?q?x?=", "ż" * 5000])
def test_any_text_can_stand_in_a_header(title: str) -> None:
    envelope = mail.Envelope(
        sender="rejestr@example.com",
        sender_name=title,
        recipient="a@example.com",
        recipient_name=title,
        reply_to=(title, "b@example.com"),
        list_id="x.example.com",
        reason="test",
        language="pl",
        message_id="<1@example.com>",
        thread_id=None,
        tried_at=clock.now(),
    )

    message = mail.build(envelope, subject=title, text=title, html=title)

    head, _, _ = message.partition(b"\r\n\r\n")
    assert message_from_bytes(message)["Bcc"] is None
    assert head.isascii()


def test_a_line_that_is_a_dot_does_not_end_the_letter(world: World) -> None:
    payload = SAMPLES["answer_returned"][0] | {"note": "Pierwsza\n.\n..druga"}
    put(world.admin, kind="answer_returned", payload=payload)

    with mail_server() as server:
        send(server)

    assert "Pierwsza\n.\n..druga" in server.taken[0].html
    assert letter().state == "sent"


def test_a_letter_that_cannot_be_worded_does_not_keep_the_others_waiting(world: World) -> None:
    put(world.bochnia.fn_head, "broken", kind="receipt", payload={}, office_id=world.bochnia.office.id)
    put(world.admin, "whole")

    with mail_server() as server:
        send(server)

    assert letter("broken").state == "failed"
    assert letter("whole").state == "sent"
    told = server.letters_to(world.bochnia.proxy.email)
    assert [world.bochnia.fn_head.email in taken.text for taken in told] == [True]


TIMETABLE = [{"held_on": "2026-11-30", "hours": "09:00–10:30", "subject": "Spotkanie otwierające", "who": "Jan Nowak"}]
PLANNED = {"places": ["Rynek 1, sala 4"], "timetable": TIMETABLE}
ACTIONS = [{"description": "Nowy wykaz\nupoważnień", "owner": "Jan Nowak", "due_on": "2026-12-04", "path": "/u/x/d/1"}]
GIVEN = [
    {**ACTIONS[0], "number": number, "uid_of": f"action:{number}", "sequence": 3}
    for number in ("N-2026-014", "N-2026-015")
]
FOUND = {"number": "N-2026-014", "statement": "Dwa wpisy < 3", "clause": "7.5.3", "path": "/u/x/ustalenia/1/odpowiedz"}
LINE = {
    "tolerance": 0,
    "is_late": False,
    "verb": "Answer the nonconformity",
    "title": "Referat & Finanse",
    "number": "N-2026-014",
    "path": "/u/x/1",
}
MONTH = {
    "month_on": "2026-11-01",
    "as_of_on": "2026-12-01",
    "year": 2026,
    "late_cases": 2,
    "open_cases": 12,
    "overdue_actions": 1001,
    "most_counted": 1000,
    "audits_held": 5,
    "audits_planned": 8,
    "overview_path": "/zadania",
}
NO_CHANGE = {"reported": 0, "closed": 0, "done": 0, "held": 0}
WEEK = {"as_of_on": "2026-11-23", "year": 2026, "offices": 2809, "list_path": "/urzedy?uwaga=tak"}
WORRIES = {"any": 12, "certificate": 3, "surveillance": 2, "overdue": 10, "no_proxy": 1}
OFFICE = {
    "name": "UG Łęczyca & Okolice",
    "open": 4,
    "overdue": 2,
    "held": 1,
    "planned": 3,
    "is_surveillance_overdue": True,
}
PROBLEM = {"number": "ZG-2026-003", "what": "Pismo trafiło\ndo innej osoby", "path": "/u/x"}
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "sign_in_code": [{"code": "493817"}],
    "address_changed": [
        {"to": "old@example.com", "office": "Starostwo Powiatowe w Bochni", "changed_by": "Anna Nowak"},
        {"to": "old@example.com", "office": "", "changed_by": ""},
    ],
    "address_asked": [
        {"office": "Starostwo Powiatowe w Bochni", "asked_by": "Anna Nowak", "opens_on": "2026-11-23", "path": "/"}
    ],
    "address_confirm": [
        {"office": "Starostwo Powiatowe w Bochni", "asked_by": "Anna Nowak", "expires_on": "2026-12-07", "path": "/"}
    ],
    "invitation": [
        {
            "office": "Starostwo Powiatowe w Bochni",
            "invited_by": "Anna Nowak",
            "expires_on": "2026-12-04",
            "path": "/",
        }
    ],
    "digest": [
        {
            "late": [
                LINE
                | {
                    "due_on": "2026-11-18",
                    "days_left": -2,
                    "is_late": True,
                    "office": "UG Łęczyca",
                    "answering": "Jan Nowak",
                }
            ],
            "soon": [
                LINE | {"due_on": "2026-11-18", "days_left": -2, "tolerance": 30, "office": None, "answering": None},
                LINE | {"due_on": "2026-11-27", "days_left": 7, "office": None, "answering": None},
            ],
            "later": [LINE | {"due_on": "2027-01-01", "days_left": 42, "office": None, "answering": None}],
            "count": 15,
            "hidden": 12,
            "nearest_on": "2026-11-27",
            "whys": ["you answer for these matters."],
            "whys_of": {},
            "path": "/zadania",
        },
        {
            "late": [
                LINE | {"due_on": "2026-11-18", "days_left": -2, "is_late": True, "office": None, "answering": None}
            ],
            "soon": [],
            "later": [],
            "count": 1,
            "hidden": 0,
            "nearest_on": None,
            "whys": ["you answer for these matters."],
            "whys_of": {},
            "path": "/zadania",
        },
        *(
            {
                "late": [LINE | {"due_on": "2026-11-18", "days_left": -2, "answering": "Jan Nowak"}],
                "soon": [LINE | {"due_on": "2026-11-27", "days_left": 7}],
                "later": [],
                "calls": {
                    "count": 2,
                    "department": department,
                    "lines": [
                        LINE
                        | {"due_on": "2026-11-06", "days_left": -14, "answering": "Jan Nowak"}
                        | {
                            "told": [
                                {"name": "Jan Nowak", "days": [{"told_on": "2026-11-06"}, {"told_on": "2026-11-13"}]}
                            ]
                        }
                    ],
                },
                "count": 4,
                "hidden": 1,
                "nearest_on": "2026-11-27",
                "whys": ["you answer for these matters.", "you are the quality proxy of the office."],
                "whys_of": {
                    "late": ["you are the quality proxy of the office."],
                    "soon": ["you answer for these matters."],
                },
                "path": "/zadania",
            }
            for department in ("Wydział Organizacyjny i Spraw Obywatelskich Starostwa", None)
        ),
    ],
    "findings_published": [
        {
            "audit_number": "A-2026-05",
            "department": "Wydział Organizacyjny i Spraw Obywatelskich",
            "nonconformities": [FOUND | {"answer_due_on": due} for due in dues],
            "remarks": [FOUND | {"answer_due_on": due} for due in remarks],
            "others": others,
            "audit_path": "/u/x/audity/1",
        }
        for dues, remarks, others in (
            (["2026-11-27"], [], 0),
            ([None], ["2026-11-27"], 2),
            (["2026-11-27", None], [None], 1),
            ([None, None], [], 0),
            ([], [], 3),
            ([], ["2026-11-27", None], 0),
        )
    ],
    "report_published": [
        {
            "audit_number": "A-2026-05",
            "department": "Wydział Organizacyjny, Wydział Finansowy",
            "nonconformities": number,
            "others": others,
            "audit_path": "/u/x/audity/1",
            "post": post,
            "without_head": ["Wydział Finansowy"] if number else [],
            "people_path": "/u/x/urzad",
        }
        for number, others, post in (
            (0, 0, "unit_head"),
            (1, 2, "proxy"),
            (5, 0, "secretary"),
            (0, 1, "head_of_office"),
        )
    ],
    "monthly_status": [
        MONTH
        | {
            "level": "head",
            "worries": ["certificate", "late", "no_proxy"],
            "certificate": {"status": "Valid", "ends_on": "2027-01-10", "days_left": 40},
            "changed": {"reported": 2, "closed": 0, "done": 4, "held": 1},
        },
        MONTH
        | {
            "level": "secretary",
            "late_cases": 0,
            "worries": ["certificate", "late"],
            "certificate": {"status": "Suspended", "ends_on": "2027-06-14", "days_left": 195},
            "changed": NO_CHANGE,
        },
        MONTH | {"level": "proxy", "worries": [], "certificate": None, "changed": NO_CHANGE, "audits_planned": 0},
    ],
    "weekly_status": [
        WEEK
        | {
            "worries": WORRIES,
            "before": WORRIES | {"any": 14},
            "rows": [
                OFFICE | {"has_proxy": False, "status": "Valid", "ends_on": "2027-01-10", "days_left": 40},
                OFFICE | {"has_proxy": True, "status": None, "ends_on": None, "days_left": None},
            ],
            "hidden": 10,
            "offers": 3,
        },
        WEEK | {"worries": dict.fromkeys(WORRIES, 0), "before": None, "rows": [], "hidden": 0, "list_path": "/urzedy"},
    ],
    "case_opened": [
        {"number": "N-2026-014", "statement": "Brak podpisu", "noticed_on": "2026-11-02", "path": "/u/x"} | waits
        for waits in (
            {"needs_answer": True, "answer_due_on": "2026-12-04", "link_until_on": "2026-12-18"},
            {"needs_answer": True, "answer_due_on": None},
            {"needs_answer": False, "answer_due_on": None},
            {"needs_answer": True, "is_light": True, "answer_due_on": "2026-12-04"},
        )
    ],
    "problem_reported": [
        PROBLEM | {"reported_by": "Jan Nowak", "noticed_on": "2026-11-02"} | nobody_decides
        for nobody_decides in ({}, {"people_path": "/u/x/osoby"})
    ],
    "problem_decided": [
        PROBLEM | {"is_taken": True, "became": "N-2026-014", "reason": ""},
        PROBLEM | {"is_taken": False, "became": "", "reason": "To nie jest sprawa urzędu."},
    ],
    "answer_received": [
        FOUND
        | {"answered_by": "Jan Nowak", "correction": "Poprawiono", "cause": "Brak\nwzoru", "actions": ACTIONS}
        | {"decide_by": decide_by}
        for decide_by in ("2026-12-04", None)
    ],
    "answer_returned": [
        {"number": "N-2026-014", "note": "Podaj przyczynę", "returned_by": "Anna", "answer_due_on": due, "path": "/u/x"}
        for due in ("2026-12-04", None)
    ],
    "reason_given": [
        FOUND | {"reason": "Nie warto.", "answered_by": "Jan Nowak", "note_by": day} for day in ("2026-12-04", None)
    ],
    "reason_copied": [FOUND | {"reason": "Nie warto.", "answered_by": "Jan Nowak", "note_by": None}],
    "handed_over": [
        {**FOUND, "handed_by": "Jan", "answer_due_on": day, "link_until_on": day, "is_light": not day}
        for day in ("2026-12-04", None)
    ],
    "handing_over_noted": [{"number": "N-2026-014", "to_name": "Jan Nowak", "path": "/u/x/ustalenia/1"}],
    "time_asked": [
        {
            "number": "N-2026-014",
            "statement": "Brak podpisu.",
            "asked_by": "Jan Nowak",
            "reason": "Urlop.",
            "due_on": "2026-12-04",
            "new_due_on": "2026-12-18",
            "path": "/u/x/ustalenia/1/termin",
        }
    ],
    "time_decided": [
        {
            "number": "N-2026-014",
            "is_granted": is_granted,
            "word": "Bo tak trzeba.",
            "decided_by": "Anna",
            "answer_due_on": "2026-12-18",
            "path": "/o/x/1",
            "link_until_on": day,
        }
        for is_granted, day in ((True, "2026-12-04"), (False, None))
    ],
    "objected": [
        {
            "number": "N-2026-014",
            "statement": "Brak podpisu.",
            "asked_by": "Jan Nowak",
            "reason": "Był podpis.",
            "is_to_answer": is_to_answer,
            "path": "/u/x/ustalenia/1",
        }
        for is_to_answer in (True, False)
    ],
    "objection_answered": [
        {
            "number": "N-2026-014",
            "stands": stands,
            "word": "Bo tak trzeba.",
            "decided_by": "Anna",
            "is_awaited": is_awaited,
            "answer_due_on": day,
            "path": "/o/x/1",
            "link_until_on": day,
        }
        for stands, is_awaited, day in (
            (True, True, "2026-12-04"),
            (True, True, None),
            (True, False, None),
            (False, False, None),
        )
    ],
    "new_link": [
        {"number": "N-2026-014", "is_answer": is_answer, "path": "/o/x/1", "link_until_on": "2026-12-04"}
        for is_answer in (True, False)
    ],
    "plan_accepted": [
        {"number": "N-2026-014", "actions": ACTIONS},
        {"number": "S-2026-003", "actions": ACTIONS, "is_light": True},
    ],
    "action_given": [
        {"by_name": "Jan", "reason": "Urlop", "actions": actions}
        for actions in (GIVEN[:1], GIVEN, [{**GIVEN[0], "link_until_on": "2026-12-04"}])
    ],
    "action_taken_off": [
        {"by_name": "Jan", "to_name": "Anna", "reason": "Urlop", "actions": actions} for actions in (GIVEN[:1], GIVEN)
    ],
    "message_asked": [
        {"number": "N-2026-014", "asked_by": "Anna", "words": "Kto prowadzi rejestr?", "message": "k", "path": "/u/x"}
    ],
    "case_reminder": [
        FOUND
        | {"verb": "Carry out the action", "by_name": "Jan", "note": note, "case_due_on": day, "actions": actions}
        | {"link_until_on": day}
        for note, day, actions in (("Pilne", None, GIVEN), ("", "2026-12-04", []), ("", None, []))
    ],
    "action_reported": [
        {"number": "N-2026-014", "description": "Wykaz", "reported_by": "Jan", "all_done": all_done, "path": "/u/x"}
        for all_done in (True, False)
    ],
    "receipt": [
        FOUND | {"correction": "", "cause": "Brak wzoru", "actions": ACTIONS, "next_by": next_by}
        for next_by in ("2026-12-04", None)
    ],
    "audit_notice": [
        {
            "number": "A-2026-05",
            "department": "Wydział Organizacyjny, Wydział Finansowy, Wydział Komunikacji i Transportu",
            "starts_on": "2026-11-30",
            "ends_on": "2026-12-01",
            "lead": "Jan Nowak",
            "clauses": ["7.5.3", "9.2"],
            "path": "/u/x/audity/1",
            "role": role,
            **more,
        }
        for role, more in (
            ("unit_head", {}),
            ("guest", {}),
            ("team", PLANNED),
            ("unit_head", PLANNED | {"has_new_hours": True}),
        )
    ],
    "answers_unsent": [
        {"number": "A-2026-05", "heard_on": "2026-11-30", "waiting": waiting, "path": "/u/x/audity/1/prowadz"}
        for waiting in (0, 1, 5)
    ],
    "permit_asked": [
        {
            "number": "A-2026-05",
            "department": "Wydział Finansowy",
            "starts_on": "2026-11-30",
            "people": ["Anna Lis", "Jan Nowak"],
            "reason": "Nikt inny nie zna tej dziedziny.",
            "path": "/u/x/audity/1",
        }
    ],
    "loan_asked": [
        {
            "office": "Urząd Gminy w Łowiczu",
            "auditor": "j.kowal@example.com",
            "from_on": "2026-11-30",
            "until_on": "2026-12-04",
            "path": "/u/x/auditorzy",
        }
    ],
    "loan_answered": [
        {
            "office": "Urząd Gminy w Łowiczu",
            "auditor": "j.kowal@example.com",
            "from_on": "2026-11-30",
            "is_lent": is_lent,
            "path": "/u/x/auditorzy",
        }
        for is_lent in (True, False)
    ],
    "audit_moved": [
        {
            "number": "A-2026-05",
            "department": "Wydział Finansowy",
            "old_starts_on": "2026-11-30",
            "new_starts_on": new,
            "reason": "Choroba",
            "path": "/u/x/audity/1",
        }
        for new in ("2026-12-07", None)
    ],
    "programme_waits": [
        {"year": 2027, "issue": 1, "sent_by": "Anna Nowak", "count": count, "path": "/u/x/audity/program/2027"}
        for count in (1, 9)
    ],
    "programme_decided": [
        {
            "year": 2027,
            "issue": 2,
            "is_approved": not reason,
            "returned_because": reason,
            "path": "/u/x/audity/program/2027",
        }
        for reason in ("", "Przenieść audit z lipca.")
    ],
    "report_waits": [
        {"number": "A-2026-05", "issue": 1, "sent_by": "Anna Nowak", "path": "/u/x/audity/1/raport/zatwierdzanie"}
    ],
    "report_decided": [
        {
            "number": "A-2026-05",
            "issue": 2,
            "is_approved": not reason,
            "returned_because": reason,
            "path": "/u/x/audity/1/raport/popraw",
        }
        for reason in ("", "Dopisać zakres.")
    ],
    "letter_failed": [
        {
            "what": "Sign-in code",
            "name": "Jan Nowak-Kowalski-Malinowski",
            "address": "jan@example.com",
            "is_in_doubt": doubt,
        }
        for doubt in (True, False)
    ],
    "test": [{"asked_by": "Anna Nowak"}],
}
CASES = [(kind, payload, language) for kind, all_ in SAMPLES.items() for payload in all_ for language in ("pl", "en")]


def test_every_kind_of_letter_has_a_sample_here_and_a_name_on_the_page() -> None:
    folders = {path.parent.name for path in Path("templates/emails").glob("*/subject.txt")}
    assert folders == set(SAMPLES) == set(words.KINDS)


@pytest.mark.parametrize(("kind", "payload", "language"), CASES)
def test_text_and_html_say_the_same_words_and_lead_to_the_same_pages(
    sqlite_app: Flask, *, kind: str, payload: dict[str, Any], language: str
) -> None:
    with sqlite_app.app_context():
        rendered = render(kind, payload, Around(language, "Starostwo Powiatowe w Bochni", "Anna Nowak"))

    soup = BeautifulSoup(rendered.html, "html5lib")
    links = [anchor["href"] for anchor in soup.find_all("a")]
    assert re.findall(r"http://\S+", rendered.text) == links
    assert _words(re.sub(r"http://\S+", " ", rendered.text)) == _words(soup.body.get_text(" "))
    assert soup.html["lang"] == language


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize(("kind", "payload", "language"), CASES)
def test_a_subject_says_what_and_when_in_sixty_characters(
    sqlite_app: Flask, *, kind: str, payload: dict[str, Any], language: str
) -> None:
    with sqlite_app.app_context():
        subject = render(kind, payload, Around(language)).subject

    assert 10 < len(subject) <= 60
    assert "\n" not in subject
    assert "%(" not in subject


LONG = "Wydział Organizacyjny, Kadr, Archiwum Zakładowego i Spraw Obywatelskich / 2026 / 0014 / Ł"
DATA = {"verb", "what", "post", "role", "level", "status", "worries"}  # words of ours, which nobody types


def _lengthened(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _lengthened(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_lengthened(inner, name) for inner in value]
    is_typed = isinstance(value, str) and name not in DATA and not re.search("_on$|path$|_by$|^whys|^code$", name)
    return LONG if is_typed else value


@pytest.mark.parametrize(("kind", "payload", "language"), CASES)
def test_long_titles_leave_the_subject_short_and_its_first_words_whole(
    sqlite_app: Flask, *, kind: str, payload: dict[str, Any], language: str
) -> None:
    with sqlite_app.app_context():
        usual, long = (render(kind, each, Around(language)).subject for each in (payload, _lengthened(payload)))

    assert 10 < len(long) <= 60
    assert re.findall("[0-9]{2}[.][0-9]{2}|[0-9]+ [A-Z][a-z]{2} ", usual) == re.findall(
        "[0-9]{2}[.][0-9]{2}|[0-9]+ [A-Z][a-z]{2} ", long
    )


@pytest.fixture(scope="session")
def sqlite_app(sqlite_store: Any) -> Flask:
    """Wording needs no database, so these many cases do not get a fresh one each."""
    app: Flask = sqlite_store.app
    return app


@pytest.mark.parametrize(
    ("language", "day"), [("pl", "piątek 27 listopada 2026 r."), ("en", "Friday 27 November 2026")]
)
@pytest.mark.usefixtures("world")
def test_a_letter_is_in_the_language_of_its_reader(language: str, day: str) -> None:
    payload = SAMPLES["answer_returned"][0] | {"answer_due_on": "2026-11-27"}
    put(reader("anna", language=language), kind="answer_returned", payload=payload)

    with mail_server() as server:
        send(server)

    assert day in server.taken[0].text
    assert f'lang="{language}"' in server.taken[0].html
