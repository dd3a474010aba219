"""The questions of an audit, and what becomes of answers that arrive late, twice, or from two people at once.

Source: ISO 19011:2018, 6.3.4 (the team prepares its own working documents) and 6.4.7 (evidence is recorded as found). A
question points at one requirement and one unit, so that what is found needs neither typed again. Answers are events:
none is ever changed or dropped, and the order in which the server took them decides, because the clock of a tablet may
be wrong.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final, Generic, TypeVar

from qms.domain.editions import is_excluded
from qms.domain.errors import N_, InvalidInput
from qms.domain.findings import Category

MOST_QUESTIONS: Final = 400  # of one audit
MOST_IN_SECTION: Final = 8
LEAST_SAID: Final = 15  # characters; a shorter description is kept, and marked to be finished
CLOCK_TOLERANCE: Final = timedelta(minutes=5)
SILENT_AFTER: Final = timedelta(hours=24)
EVENT_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class Result(StrEnum):
    CONFORMITY = "conformity"
    OPPORTUNITY = "opportunity"
    OBSERVATION = "observation"
    NONCONFORMITY = "nonconformity"
    MINOR = "minor"
    MAJOR = "major"
    NOT_APPLICABLE = "not_applicable"


PLAIN: Final = (Result.CONFORMITY, Result.NOT_APPLICABLE)  # after which nothing has to be written down


class Source(StrEnum):
    """Where a question comes from."""

    CLAUSE = "clause"
    LIST = "list"
    EARLIER = "earlier"
    OWN = "own"


def results(categories: Collection[str]) -> tuple[Result, ...]:
    """The answers to choose from, in the order they are shown; those that tell of a finding only if there are such."""
    return tuple(each for each in Result if (category := category_of(each)) is None or category in categories)


def category_of(result: Result) -> Category | None:
    """The finding that follows from an answer; none where nothing has to be written down."""
    return None if result in PLAIN else Category(result.value)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question about one requirement in one unit. `text_en` is empty where the office wrote its own words."""

    department_id: int
    clause_id: int
    number: str
    source: Source
    text: str
    text_en: str = ""
    hint: str = ""
    earlier_number: str = ""
    is_of_process: bool = False  # about a process that the audit covers

    @property
    def identity(self) -> tuple[int, str, str]:
        """What makes it the same question: unit and words, or the earlier finding."""
        return self.department_id, self.text.casefold(), self.earlier_number


def built(
    wanted: Iterable[Asked],
    *,
    department_ids: Collection[int],
    numbers: Collection[str],
    excluded: Collection[str],
    known: Collection[tuple[int, str, str]] = (),
) -> list[Asked]:
    """What to add to the list of an audit: within its scope, applied by the office, and not asked already.

    A finding of an earlier audit, and a process in the scope, are asked about whatever the clause. Raises
    `InvalidInput` when nothing is left to add.
    """
    seen, found = set(known), []
    for question in wanted:
        is_audited = question.number in numbers or question.source is Source.EARLIER or question.is_of_process
        is_ours = is_audited and question.department_id in department_ids
        if is_ours and not is_excluded(question.number, excluded) and question.identity not in seen:
            seen.add(question.identity)
            found.append(question)
    if not found:
        raise InvalidInput(N_("Nothing is left to add: these questions are on the list already."))
    check_count(len(known) + len(found))
    return found


def in_every(department_ids: Iterable[int], questions: Sequence[Asked]) -> list[Asked]:
    """The same questions asked in each unit."""
    return [replace(question, department_id=unit) for unit in department_ids for question in questions]


def where_run(department_ids: Sequence[int], through: Collection[int]) -> list[int]:
    """Where a process is asked about: in the units of the audit that it runs through, and in all where it is in none.

    >>> where_run([1, 2, 3], {2, 3, 9}), where_run([1, 2], {9})
    ([2, 3], [1, 2])
    """
    return [each for each in department_ids if each in through] or list(department_ids)


def check_count(count: int) -> None:
    """Refuse a list nobody could work through."""
    if count > MOST_QUESTIONS:
        message = N_("A list holds at most %(most)s questions. Leave some out, or plan two audits.")
        raise InvalidInput(message, most=MOST_QUESTIONS)


Q = TypeVar("Q")


@dataclass(frozen=True)
class Section(Generic[Q]):
    """Questions of one chapter in one unit that fit one page; `first` counts from 1 over the whole audit."""

    key: str
    chapter: str
    part: int
    parts: int
    department_id: int
    first: int
    questions: tuple[Q, ...]

    @property
    def last(self) -> int:
        return self.first + len(self.questions) - 1


def sections(questions: Sequence[Q], place_of: Callable[[Q], tuple[int, str]]) -> list[Section[Q]]:
    """The questions, in their order, cut by unit and chapter; a long chapter into even parts.

    `place_of` tells the unit of a question and the number of its clause.
    """
    units = list(dict.fromkeys(place_of(question)[0] for question in questions))
    found: list[Section[Q]] = []
    first = 1
    for (unit, chapter), together in groupby(questions, key=lambda each: _chapter(*place_of(each))):
        suffix = f"k{units.index(unit) + 1}" if len(units) > 1 else ""
        whole = Section(chapter + suffix, chapter, 1, 1, unit, first, tuple(together))
        found += _parts(whole, suffix)
        first += len(whole.questions)
    return found


def _chapter(unit: int, number: str) -> tuple[int, str]:
    return unit, number.partition(".")[0]


def _parts(whole: Section[Q], suffix: str) -> list[Section[Q]]:
    questions = whole.questions
    count = -(-len(questions) // MOST_IN_SECTION)
    if count == 1:
        return [whole]
    starts = [len(questions) * part // count for part in range(count + 1)]
    return [
        replace(
            whole,
            key=f"{whole.chapter}c{part + 1}{suffix}",
            part=part + 1,
            parts=count,
            first=whole.first + starts[part],
            questions=questions[starts[part] : starts[part + 1]],
        )
        for part in range(count)
    ]


@dataclass(frozen=True, kw_only=True)
class Event:
    """One answer as it was given. `is_late`: it arrived when the audit was over, so it changed nothing."""

    id: str
    question_id: int
    result: Result
    note: str
    person_id: int
    device_at: datetime | None
    received_at: datetime
    is_late: bool = False

    @property
    def said(self) -> tuple[Result, str]:
        return self.result, self.note

    @property
    def is_clock_wrong(self) -> bool:
        """Whether the device believes that it was answered after it arrived."""
        return self.device_at is not None and self.device_at > self.received_at + CLOCK_TOLERANCE

    @property
    def lacks_words(self) -> bool:
        """Whether it says that something was found, and too little about what."""
        return category_of(self.result) is not None and len(self.note) < LEAST_SAID


@dataclass(frozen=True)
class Answer:
    """What stands for a question: the event that came last, what others said otherwise, and what came too late."""

    shown: Event | None
    others: tuple[Event, ...] = ()
    late: tuple[Event, ...] = ()


NOT_ANSWERED: Final = Answer(None)


def fold(events: Iterable[Event]) -> dict[int, Answer]:
    """The answer to each question by its id, from events in the order in which the server took them."""
    by_question: dict[int, dict[str, Event]] = {}
    for event in events:
        by_question.setdefault(event.question_id, {}).setdefault(event.id, event)  # a repeat says nothing new
    return {question: _folded(list(given.values())) for question, given in by_question.items()}


def _folded(events: Sequence[Event]) -> Answer:
    late = tuple(event for event in events if event.is_late)
    in_time = [event for event in events if not event.is_late]
    if not in_time:
        return Answer(None, late=late)
    shown = in_time[-1]
    last_of_each = {event.person_id: event for event in in_time}
    others = (event for event in last_of_each.values() if event.person_id != shown.person_id)
    return Answer(shown, tuple(event for event in others if event.said != shown.said), late)


def changed(seen: Event | None, result: Result | None, note: str) -> tuple[Result, str] | None:
    """What a form says anew against the answer it was opened with; none where the person left it as it was.

    A note alone belongs to the answer that was seen.
    """
    said = result or (seen.result if seen else None)
    if said is None or (seen is not None and seen.said == (said, note)):
        return None
    return said, note


def check_result(typed: str, categories: Collection[str]) -> Result:
    """The answer by its stored name. Raises `InvalidInput` for one the office does not use."""
    for result in results(categories):
        if result == typed:
            return result
    raise InvalidInput(N_("Choose one of the answers that this office uses."), field="result")


def is_silent(heard_at: datetime, waiting: int, *, has_questions_left: bool, now: datetime) -> bool:
    """Whether answers may wait unsent on a device: it said so, or the audit has none yet, and it was not heard since.

    What a device without a network holds nobody else knows, so this is a guess that asks a person.
    """
    return now - heard_at >= SILENT_AFTER and (waiting > 0 or has_questions_left)


def check_event_id(typed: str) -> str:
    """The name a device gave an event, so that a repeat is known. Raises `InvalidInput` for what is none."""
    if not EVENT_ID.fullmatch(typed):
        raise InvalidInput(N_("This answer came damaged. Open the page again and answer once more."))
    return typed


def unanswered(question_ids: Iterable[int], answers: Mapping[int, Answer]) -> list[int]:
    """The questions without an answer that counts."""
    return [each for each in question_ids if answers.get(each, NOT_ANSWERED).shown is None]
