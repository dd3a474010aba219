"""Letters as tests see them: put into the queue, sent through a server of the test's own, looked up."""

from collections import Counter
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from qms.core import clock, outbox
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.smtp import SmtpTransport
from qms.core.transactions import writing
from qms.people import service as people
from qms.people.models import Person
from qms.reminders import delivery
from tests.support.mail_server import MailServer

FRIDAY, SATURDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.WARSAW)


def later(**time: float) -> AbstractContextManager[None]:
    return clock.at(clock.now() + timedelta(**time))


def put(person: Person, name: str = "1", **details: Any) -> Letter:
    """Queue a letter that somebody waits for, unless `details` say otherwise."""
    details = dict[str, Any](kind="test", payload={"asked_by": "Anna"}, is_awaited=True) | details
    kind = details.pop("kind")
    with writing():
        assert outbox.put(kind, person_id=person.id, dedupe=name, **details)
    return letter(name)


def letter(name: str = "1") -> Letter:
    """The letter as the database has it now."""
    found = db.session.scalars(select(Letter).where(Letter.dedupe == name)).one()
    db.session.refresh(found)
    return found


def states() -> Counter[str]:
    return Counter(db.session.scalars(select(Letter.state)))


def reader(name: str, *, called: str = "", language: str = "pl") -> Person:
    """Somebody whose address tells the mail server how to behave."""
    with writing():
        person = people.register(name=called or name, email=f"{name}@example.com", language=language)
        person_id = person.id
    return db.session.get_one(Person, person_id)


def send(server: MailServer | str, **options: Any) -> str:
    """Send what is due through this server, as the job does: with a session of its own."""
    db.session.commit()  # what the test itself changed
    url = server if isinstance(server, str) else server.url
    with current_app.app_context():
        return delivery.send_due(SmtpTransport(url, sender=current_app.config["MAIL_FROM"], **options))
