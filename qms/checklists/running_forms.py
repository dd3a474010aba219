"""A section of an audit's questions as an ordinary form: what a page without script sends."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, HiddenField, Label, MultipleFileField, RadioField, SelectChoice
from wtforms import Form as PlainForm

from qms.checklists import words
from qms.checklists.models import AuditQuestion
from qms.checklists.running import LONGEST_NOTE, Given, GivenFile
from qms.core.forms import Form, TextField, optional, upload_hint
from qms.core.i18n import language, said
from qms.domain.checklist import Answer, Event, Result, changed
from qms.domain.errors import RuleViolation


class AnswerRow(PlainForm):
    """One question; `seen` names the answer that stood there when the page was opened."""

    question = HiddenField()
    seen = HiddenField()
    result = RadioField(_("Answer"), validate_choice=False, validators=[optional()])
    note = TextField(_("What you found"), validators=[optional()], limit=LONGEST_NOTE)
    files = MultipleFileField(_("Photos and files"), validators=[optional()])

    @property
    def given_files(self) -> list[Any]:
        """The files of this request that belong to the row."""
        return [file for file in request.files.getlist(self.files.name) if file.filename]

    @property
    def is_blank(self) -> bool:
        return not (self.result.data or self.note.data or self.given_files)


class SectionForm(Form):
    """The questions of a section; an answer is sent only where the person changed it."""

    answers = FieldList(FormField(AnswerRow))

    def __init__(self, questions: Sequence[AuditQuestion], answers: Mapping[int, Answer]) -> None:
        self._questions = {each.key: each for each in questions}
        super().__init__(data={"answers": [_as_stored(each, answers.get(each.id)) for each in questions]})
        if not self.answers.entries:  # sent without any row
            for each in questions:
                self.answers.append_entry(_as_stored(each, answers.get(each.id)))

    def offer(self, results: Mapping[Result, str], *, first: int) -> None:
        """Fill in the answers of the office, and the questions, which are counted from `first`."""
        choices = [SelectChoice(each.value, text) for each, text in results.items()]
        for place, row in enumerate(self.rows, start=first):
            row.result.choices = choices
            row.files.description = upload_hint()
            question = self.question_of(row)
            if question is not None:
                text = f"{place}. {words.question_text(question, language())} ({question.number})"
                row.result.label = Label(row.result.id, text)

    @property
    def rows(self) -> list[AnswerRow]:
        return [entry.form for entry in self.answers]

    def question_of(self, row: AnswerRow) -> AuditQuestion | None:
        return self._questions.get(row.question.data or "")

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Point at words without an answer, and at a page on which nothing is answered."""
        is_valid = bool(super().validate(extra_validators))
        for row in self.rows:
            if not row.result.data and not row.is_blank:
                row.result.errors = [gettext("Choose an answer, so that what you wrote or added is not lost.")]
                is_valid = False
        if all(row.is_blank for row in self.rows):
            self.form_errors.append(
                gettext("Nothing is answered here yet. Answer a question or choose another section.")
            )
            is_valid = False
        return is_valid

    def given(self, events: Mapping[str, Event]) -> list[Given]:
        """The answers the person changed; `events` are those the page may have been opened with, by their name."""
        found = []
        for row in self.rows:
            typed = Result(row.result.data) if row.result.data in set(Result) else None
            said_now = changed(events.get(row.seen.data or ""), typed, row.note.data or "")
            if said_now is not None:
                result, note = said_now
                found.append(Given(event_key=str(uuid4()), question_key=row.question.data, result=result, note=note))
        return found

    def given_files(self) -> list[GivenFile]:
        """The files of all rows."""
        return [
            GivenFile(event_key=str(uuid4()), question_key=row.question.data, name=file.filename, stream=file.stream)
            for row in self.rows
            for file in row.given_files
        ]

    def refuse(self, error: RuleViolation) -> None:
        """Put what a rule said at the row it was about."""
        place = next((row for row in self.rows if row.question.data == error.params.get("question")), None)
        if place is None:
            super().refuse(error)
            return
        field = place[error.field] if error.field in {"note", "files", "result"} else place.result
        field.errors = [*field.errors, said(error)]

    @property
    def lost_files(self) -> list[str]:
        """The names of files that came with a page that is shown again; a browser forgets them."""
        return [file.filename for row in self.rows for file in row.given_files]


def _as_stored(question: AuditQuestion, answer: Answer | None) -> dict[str, str]:
    shown = answer.shown if answer else None
    return {
        "question": question.key,
        "seen": shown.id if shown else "",
        "result": shown.result.value if shown else "",
        "note": shown.note if shown else "",
    }
