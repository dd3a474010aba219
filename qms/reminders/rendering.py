"""The words of a letter, in its reader's language, from plain data.

A kind is a folder `templates/emails/<kind>` with subject.txt, body.txt and body.html; both bodies say the same
words in the same order. What each is given (days as ISO text, addresses as paths of this site):

    sign_in_code        code
    invitation          to (the address), to_name, language, office, invited_by, expires_on, path
    address_asked       office, asked_by, opens_on, path (stops it)
    address_confirm     to (the new address), office, asked_by, expires_on, path
    address_changed     to (the old address), office, changed_by (both empty: whoever runs the register)
    digest              late, soon, later: [verb, title, number, due_on, days_left, path, office?, answering?,
                        instead_of?, link_until_on?],
                        calls?: count, department?, lines: [the same, told: [name, days: [told_on]]],
                        count, hidden, late_count, nearest_on?, whys, whys_of: {late?, soon?, later?}, path
    findings_published  audit_number, department, nonconformities: [number, statement, clause, answer_due_on?, path,
                        link_until_on?], is_ahead (nothing has happened yet that they tell of),
                        remarks?: [the same] (of which only whether the unit acts is asked),
                        others, audit_path
    report_published    audit_number, department, nonconformities, others, audit_path,
                        post ("unit_head", "proxy", "secretary" or "head_of_office"),
                        without_head: departments whose answer nobody may give yet, people_path
    case_opened         number, statement, noticed_on, needs_answer, is_light?, answer_due_on?, path, link_until_on?
    problem_reported    number, what, reported_by, noticed_on, path,
                        people_path? (nobody may decide yet: the reader appoints the proxy)
    problem_decided     number, what, is_taken, became, reason, path
    answer_received     number, statement, answered_by, correction, cause, criterion?,
                        actions: [description, owner, due_on], decide_by?, path
    answer_returned     number, note, returned_by, answer_due_on?, path, link_until_on?
    reason_given        number, statement, reason, answered_by, note_by?, path
    reason_copied       the same
    handed_over         number, statement, clause, answer_due_on?, is_light?, path, handed_by, link_until_on?
    handing_over_noted  number, to_name, path
    time_asked          number, statement, asked_by, reason, due_on, new_due_on, path
    time_decided        number, is_granted, word, decided_by, answer_due_on, path, link_until_on?
    objected            number, statement, asked_by, reason, is_to_answer, path
    objection_answered  number, stands, word, decided_by, is_awaited, answer_due_on?, path, link_until_on?
    message_asked       number, asked_by, words, message, path
    new_link            number, is_answer, path, link_until_on?
    plan_accepted       number, is_light?, actions: [description, due_on, path, uid_of?], sequence
    action_given        by_name, reason, actions: [number, description, due_on, path, uid_of, sequence, link_until_on?]
    action_taken_off    to_name, by_name, reason, actions: [the same, no link]
    case_reminder       number, statement, verb, by_name, note, case_due_on?, path, link_until_on?,
                        actions: [description, due_on, path, link_until_on?]
    action_reported     number, description, reported_by, all_done, path
    receipt             number, statement, correction, cause, criterion?, actions: [description, owner, due_on],
                        next_by?, path
    audit_notice        number, department, starts_on, ends_on, lead, clauses, path,
                        role ("unit_head", "team" or "guest"), places?,
                        timetable?: [held_on, hours, subject, who], has_new_hours?, uid_of, sequence
    answers_unsent      number, heard_on, waiting, path
    permit_asked        number, department, starts_on, people, reason, path
    loan_asked          office, auditor, from_on, until_on, path
    loan_answered       office, auditor, from_on, is_lent, path
    audit_moved         number, department, old_starts_on, new_starts_on? (none: cancelled), reason, path,
                        starts_on, ends_on, uid_of, sequence
    programme_waits     year, issue, sent_by, count, path
    programme_decided   year, issue, is_approved, returned_because, path
    report_waits        number, issue, sent_by, path
    report_decided      number, issue, is_approved, returned_because, path
    monthly_status      month_on, as_of_on, year, level, worries: ["certificate", "late", "no_proxy"], late_cases,
                        open_cases, overdue_actions, most_counted, audits_held, audits_planned,
                        changed: reported, closed, done, held, certificate?: status, ends_on, days_left, overview_path
    weekly_status       as_of_on, year, offices, worries and before?: any, certificate, surveillance, overdue, no_proxy,
                        rows: [name, open, overdue, held, planned, is_surveillance_overdue, has_proxy, status?,
                        ends_on?, days_left?], hidden, offers?, list_path
    letter_failed       what, name, address, is_in_doubt
    test                asked_by
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import current_app
from flask_babel import force_locale, format_date

from qms.core import i18n
from qms.core.mail import clean_header, printable

_GAP: Final = re.compile(r"\n{3,}")
_SPACES_AT_END: Final = re.compile(r"[ \t]+$", re.MULTILINE)
_LONGEST_SUBJECT: Final = 60  # lists of letters show no more
_OTHER_DAYS: Final = frozenset({"decide_by", "next_by", "note_by"})


@dataclass(frozen=True)
class Rendered:
    """The words of a letter."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Around:
    """What the frame of every letter says: which office it is about and who reads answers to it."""

    language: str
    office_name: str | None = None
    reply_name: str | None = None
    instead_of: str | None = None
    """The name of somebody who is away, and whose letter this is."""


def render(kind: str, payload: Mapping[str, Any], around: Around) -> Rendered:
    """Word a letter. Raises `jinja2.TemplateError` or `KeyError` when its data does not fit its template."""
    with force_locale(around.language):
        shown = {"around": around, "link": _link, "short_day": short_day, "month_of": month_of}
        context = {**_with_days(payload), **shown}
        subject, text, html = (_part(kind, part, context) for part in ("subject.txt", "body.txt", "body.html"))
    return Rendered(clean_header(subject, longest=_LONGEST_SUBJECT), printable(_tidy(text)), printable(html))


def _part(kind: str, part: str, context: Mapping[str, Any]) -> str:
    return current_app.jinja_env.get_template(f"emails/{kind}/{part}").render(context)


def _tidy(text: str) -> str:
    """The text without the gaps that parts left out leave behind."""
    return _GAP.sub("\n\n", _SPACES_AT_END.sub("", text)).strip() + "\n"


def _link(path: str) -> str:
    return f"{current_app.config['BASE_URL']}{path}"


def short_day(day: date) -> str:
    """A day for a subject line: 27.11 or 27 Nov."""
    return str(format_date(day, "d MMM" if i18n.language() == "en" else "dd.MM"))


def month_of(day: date) -> str:
    """A month by name: listopad 2026 or November 2026."""
    return str(format_date(day, "LLLL y"))


def _with_days(value: Any, name: str = "") -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, Mapping):
        return {key: _with_days(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_days(inner) for inner in value]
    is_day = isinstance(value, str) and (name.endswith("_on") or name in _OTHER_DAYS)
    return date.fromisoformat(value) if is_day else value
