"""Giving grants: while a letter is written its links are made, and once it leaves they are good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update

from qms.core.db import db
from qms.core.inserts import insert_once
from qms.domain.grants import NAME, Purpose, Standing, last_day, last_day_of_a_new_one, standing
from qms.grants import links, queries
from qms.grants.models import Grant
from qms.people.models import Person


@dataclass(frozen=True)
class Linked:
    """The data of a letter with its links, and the grants that are good once it leaves."""

    payload: dict[str, Any]
    rows: tuple[dict[str, Any], ...]


def linked(payload: dict[str, Any], *, letter_id: int, reader: Person, secret: bytes, today: date) -> Linked:
    """Put a link wherever this reader may have one; elsewhere the way to the page behind the door stays. Only reads."""
    writer = _Writer(letter_id, reader, secret=secret, today=today)
    return Linked(writer.with_links(payload), tuple(writer.rows))


class _Writer:
    def __init__(self, letter_id: int, reader: Person, *, secret: bytes, today: date) -> None:
        self._letter_id, self._reader, self._secret, self._today = letter_id, reader, secret, today
        self.rows: list[dict[str, Any]] = []

    def with_links(self, told: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        if isinstance(told, list):
            return [self.with_links(each) for each in told]
        if not isinstance(told, Mapping):
            return told
        found = {name: self.with_links(each) for name, each in told.items() if name != NAME}
        return found | (self._link(told[NAME]) if told.get(NAME) else {})

    def _link(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        purpose, today = Purpose(wanted["purpose"]), self._today
        asked = queries.asked_by_key(purpose, wanted["office_id"], wanted["key"], person=self._reader)
        if asked is None:
            return {}
        until = last_day_of_a_new_one(today) if wanted["is_new"] else last_day(asked.due_on, sent_on=today)
        facts = queries.facts(asked, email=self._reader.email, expires_on=until, today=today)
        if standing(facts, today) is not Standing.OPEN:
            return {}
        key = links.key_of(purpose, self._secret, *asked.subject, self._reader.email)
        self.rows.append(self._row(asked, key, until))
        return {
            "path": links.path_of(purpose, key, self._letter_id, secret=self._secret),
            "link_until_on": until.isoformat(),
        }

    def _row(self, asked: queries.Asked, key: str, until: date) -> dict[str, Any]:
        return {
            "office_id": asked.finding.office_id,
            "key": key,
            "purpose": asked.purpose,
            "finding_id": asked.finding.id,
            "action_id": asked.action.id if asked.action else None,
            "person_id": self._reader.id,
            "email": self._reader.email,
            "given_on": self._today,
            "expires_on": until,
        }


def give(rows: tuple[dict[str, Any], ...]) -> None:
    """Let the links of a letter work from now on; a later letter makes those of the earlier ones last as long."""
    for row in rows:
        if insert_once(Grant, row) is None:
            longer = update(Grant).where(Grant.key == row["key"], Grant.expires_on < row["expires_on"])
            db.session.execute(longer.values(expires_on=row["expires_on"]))
