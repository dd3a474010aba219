"""What of a letter goes into the reader's own calendar, under the name that it has in the feed as well."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from flask import current_app
from flask_babel import force_locale, gettext

from qms.agenda.feed import description, summary
from qms.agenda.words import VERBS
from qms.core import calendars
from qms.core.calendars import Entry
from qms.core.i18n import said
from qms.core.outbox import Letter
from qms.domain.deadlines import RULE_WORDS, Kind, Rule
from qms.offices.models import Office


def attached(letter: Letter, office: Office, language: str) -> bytes | None:
    """The calendar that goes with a letter, the same at every try; none when there is nothing to put into it."""
    if letter.kind not in _CARRYING:
        return None
    with force_locale(language):
        entries = list(_CARRYING[letter.kind](letter.payload, office))
    return calendars.attachment(entries, made_at=letter.created_at) if entries else None


def _actions(payload: Mapping[str, Any], office: Office) -> Iterator[Entry]:
    for action in payload["actions"]:
        if "uid_of" in action:
            due_on = date.fromisoformat(action["due_on"])
            yield Entry(
                uid=_uid(Kind.ACTION, action["uid_of"], office),
                summary=summary(said(VERBS[Kind.ACTION]), payload["number"]),
                description=description(said(RULE_WORDS[Rule.ACTION]), office.name, _link(action["path"])),
                first_on=due_on,
                last_on=due_on,
                sequence=payload["sequence"],
            )


def _audit(payload: Mapping[str, Any], office: Office) -> Iterator[Entry]:
    if "uid_of" in payload:
        yield Entry(
            uid=_uid(Kind.AUDIT, payload["uid_of"], office),
            summary=summary(gettext("Audit"), payload["number"], payload["department"]),
            description=description(said(RULE_WORDS[Rule.AUDIT_HELD]), office.name, _link(payload["path"])),
            first_on=date.fromisoformat(payload["starts_on"]),
            last_on=date.fromisoformat(payload["ends_on"]),
            takes_time=True,
            sequence=payload["sequence"],
            is_cancelled="new_starts_on" in payload and payload["new_starts_on"] is None,
        )


_CARRYING: Final[Mapping[str, Callable[[Mapping[str, Any], Office], Iterator[Entry]]]] = {
    "plan_accepted": _actions,
    "audit_notice": _audit,
    "audit_moved": _audit,
}


def _uid(kind: Kind, subject: str, office: Office) -> str:
    return calendars.uid_of(kind, subject, slug=office.slug, base_url=current_app.config["BASE_URL"])


def _link(path: str) -> str:
    return f"{current_app.config['BASE_URL']}{path}"
