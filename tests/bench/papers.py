"""How long a report of sixty findings takes as page, as PDF and for Word, its child's start included."""

import time
from collections.abc import Callable
from typing import Final

from flask.testing import FlaskClient
from sqlalchemy import select

from qms.audits.models import Audit
from qms.core.db import EVERY_OFFICE, db, scoped
from tests.bench.stock import Stock, opened, sessions

FINDINGS: Final = 60
_PROXY: Final = "proxy.1@example.com"
_WAYS: Final = {"page": "", "PDF": ".pdf", "Word": ".docx"}
Say = Callable[[str], None]


def measure(say: Say) -> None:
    """One line: the best of three for each way."""
    with opened(Stock(1, 1, FINDINGS).make()) as app:
        cookie = sessions({_PROXY})[_PROXY]
        with scoped(EVERY_OFFICE):
            key = db.session.scalars(select(Audit.key).where(Audit.published_at.is_not(None))).one()
        db.session.rollback()
        reader = app.test_client()
        reader.set_cookie("rejestr", cookie)
        told = [f"{way} {_best(reader, f'/u/proba-0001/audity/{key}/raport{end}'):.2f} s" for way, end in _WAYS.items()]
    say(f"report of {FINDINGS} findings: {', '.join(told)}")


def _best(reader: FlaskClient, path: str) -> float:
    return min(_taken(reader, path) for _ in range(3))


def _taken(reader: FlaskClient, path: str) -> float:
    began = time.monotonic()
    answer = reader.get(path)
    if not answer.data or answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return time.monotonic() - began
