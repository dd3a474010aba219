"""The transactions of jobs: short ones, never open while a mail server thinks."""

from collections.abc import Iterator
from contextlib import contextmanager

from qms.core.db import db
from qms.core.engine import reading


@contextmanager
def writing() -> Iterator[None]:
    """Keep what the code inside does, whole or not at all."""
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()


@contextmanager
def looking() -> Iterator[None]:
    """Read, and hold nobody up; what was read is not to be used afterwards, except plain values."""
    with reading():
        try:
            yield
        finally:
            db.session.rollback()
