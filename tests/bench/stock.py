"""The databases that are measured: synthetic offices, made once and kept in a temporary folder by their size."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select, text

from qms import config, jobs
from qms.app import create_app
from qms.auth.sessions import start as start_session
from qms.core.db import EVERY_OFFICE, db, new_key, scoped
from qms.demo import synthesise
from qms.people import service as people
from qms.people.models import Person
from qms.training.models import Training

DAY: Final = date(2026, 11, 20)  # a working Friday
COORDINATOR: Final = "coordinator@example.com"
_TRAININGS: Final = 60  # more than a page in the office that is looked at
_ROOT: Final = Path(tempfile.gettempdir()) / "qms-bench"
_MADE_BY: Final = ("qms/migrations/versions", "qms/demo", "tests/bench/stock.py")

# A letter for every finding, every other one a digest with a line of the ledger: as an office has after some years.
_LETTERS: Final = """
INSERT INTO letter (id, dedupe, office_id, person_id, kind, is_awaited, payload, created_at, not_before, state,
                    claimed_by, fence, tries, doubts, message_id, sent_to, subject, text, html, sent_at, last_error)
SELECT id, 'bench:' || id, CASE WHEN id % 2 THEN office_id END, recorded_by_id,
       CASE WHEN id % 2 THEN 'receipt' ELSE 'digest' END, false, '{}', reported_on || ' 06:30:00.000000',
       reported_on || ' 06:30:00.000000', 'sent', '', 1, 1, 0, '', 'somebody@example.com', 'Audits', 'Text', 'Text',
       reported_on || ' 06:30:00.000000', ''
FROM finding
"""
_LINES: Final = """
INSERT INTO reminder (office_id, kind, subject, due_on, step, person_id, level, letter_id, planned_at, outcome)
SELECT office_id, 'answer', 'finding:' || key, reported_on, 'bench', recorded_by_id, 'person', id,
       reported_on || ' 06:30:00.000000', ''
FROM finding WHERE id % 2 = 0
"""


@dataclass(frozen=True)
class Stock:
    """So many offices, audits an office and findings an audit, the first office holding its share of all."""

    offices: int
    audits: int
    findings: int
    share_of_first: float | None = None

    @property
    def folder(self) -> Path:
        """Where the instance is kept; another one once whatever makes it has changed."""
        mark = sha256()
        for place in map(Path, _MADE_BY):
            for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
                mark.update(file.read_bytes())
        size = f"{self.offices}x{self.audits}x{self.findings}-{self.share_of_first or 'even'}"
        return _ROOT / f"{size}-{mark.hexdigest()[:8]}"

    def make(self) -> Path:
        """The folder of the instance, filled if it was not before."""
        if not self.folder.is_dir():
            making = self.folder.with_suffix(".part")
            shutil.rmtree(making, ignore_errors=True)
            with opened(making) as app:
                upgrade(directory=app.extensions["migrate"].directory)
                self._fill()
            making.rename(self.folder)
        return self.folder

    def _fill(self) -> None:
        size = {"offices": self.offices, "audits": self.audits, "findings": self.findings}
        synthesise(**size, on=DAY, say=lambda _line: None, share_of_first=self.share_of_first)
        with scoped(EVERY_OFFICE):
            people.register(name="Coordinator", email=COORDINATOR, language="pl").is_coordinator = True
            _train(db.session.scalars(select(Person.id).where(Person.email == "proxy.1@example.com")).one())
            for statement in (_LETTERS, _LINES):
                db.session.execute(text(statement))
            db.session.commit()
        jobs.run_job("tidy", DAY)  # as every night


def _train(person_id: int) -> None:
    course = {"office_id": 1, "person_id": person_id, "trained_as": "auditor", "edition_code": "9001:2015"}
    told = {"title": "Auditor wewnętrzny", "provider": "Ośrodek Szkoleń", "held_on": DAY, "validity": "without_end"}
    db.session.execute(insert(Training), [{**course, **told, "key": new_key()} for _ in range(_TRAININGS)])


@contextmanager
def opened(folder: Path) -> Iterator[Flask]:
    """The application on a folder, in this process, on the day of the stock."""
    os.environ |= {"QMS_TODAY": DAY.isoformat()}
    app = create_app(config.from_environment({"QMS_INSTANCE": str(folder), "QMS_TODAY": DAY.isoformat()}))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def sessions(emails: set[str]) -> dict[str, str]:
    """A new session of each person, as the value of its cookie."""
    found = db.session.scalars(select(Person).where(Person.email.in_(emails)))
    cookies = {person.email: start_session(person) for person in found}
    db.session.commit()
    return cookies
