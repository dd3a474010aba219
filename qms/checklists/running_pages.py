"""Holding an audit, section by section. With a script each answer is sent by itself; these pages work without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from qms.audits import queries as audits
from qms.audits.models import OPEN_STATES, Audit
from qms.checklists import queries, running, words
from qms.checklists.models import AnswerFile, AuditQuestion
from qms.checklists.pages import bp
from qms.checklists.running_forms import SectionForm
from qms.core import clock, files
from qms.core.access import actor, guard
from qms.core.i18n import said
from qms.core.saving import lead_to, saving
from qms.domain.checklist import LEAST_SAID, NOT_ANSWERED, PLAIN, Answer, Event, Result, Section
from qms.domain.standing import Concern
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Can


@dataclass(frozen=True)
class Running:
    """An audit with its sections and answers, opened at one of them."""

    audit: Audit
    sections: Sequence[Section[AuditQuestion]]
    answers: dict[int, Answer]
    here: Section[AuditQuestion] | None = None
    least_said: ClassVar = LEAST_SAID  # the script of the page counts by the same rule
    plain: ClassVar = PLAIN

    @property
    def concern(self) -> Concern:
        return self.audit.concern

    @property
    def is_open(self) -> bool:
        return self.audit.state in OPEN_STATES

    @property
    def count(self) -> int:
        return len(self._asked)

    @property
    def done(self) -> int:
        return sum(self.done_in(each) for each in self.sections)

    def done_in(self, section: Section[AuditQuestion]) -> int:
        return sum(self.answer(question).shown is not None for question in section.questions)

    @property
    def unanswered(self) -> list[AuditQuestion]:
        return [each for each in self._asked if self.answer(each).shown is None]

    @property
    def brief(self) -> list[AuditQuestion]:
        """Those whose answer tells of a finding in too few words."""
        return [each for each in self._asked if (said := self.answer(each).shown) and said.lacks_words]

    @property
    def _asked(self) -> list[AuditQuestion]:
        return [question for part in self.sections for question in part.questions]

    def answer(self, question: AuditQuestion) -> Answer:
        return self.answers.get(question.id, NOT_ANSWERED)

    def is_complete(self, section: Section[AuditQuestion]) -> bool:
        return self.done_in(section) == len(section.questions)

    @property
    def following(self) -> str:
        """The key of the section after this one, or of the end."""
        keys = [each.key for each in self.sections]
        place = keys.index(self.here.key) + 1 if self.here else 0
        return keys[place] if place < len(keys) else END


END = "koniec"


def _running(office: Office, key: str) -> Running | None:
    audit = audits.by_key(office, key)
    if audit is None:
        return None
    return Running(audit, queries.in_sections(queries.questions(audit.id)), queries.answers(audit.id))


def _at_section(office: Office, key: str, part: str) -> Running | None:
    found = _running(office, key)
    here = next((each for each in found.sections if each.key == part), None) if found else None
    return Running(found.audit, found.sections, found.answers, here) if found and here else None


def _results(audit: Audit) -> Mapping[Result, str]:
    """The answers to choose from, as the office calls what follows from them."""
    return {each: name or said(words.RESULTS[each]) for each, name in running.offered(audit).items()}


@bp.get("/u/<slug>/audity/<key>/prowadz")
@guard(Can.RECORD_FINDINGS, load=_running)
def run(now: Running) -> ResponseReturnValue:
    """To the first section with something left to ask; to the list where there is none yet."""
    if not now.sections:
        return redirect(url_for("checklists.questions", slug=g.office.slug, key=now.audit.key))
    left = next((each.key for each in now.sections if not now.is_complete(each)), END)
    return _to(now, left)


@bp.route("/u/<slug>/audity/<key>/prowadz/<part>", methods=["GET", "POST"])
@guard(Can.RECORD_FINDINGS, load=_at_section)
def section(now: Running) -> ResponseReturnValue:
    """Ask the questions of one section."""
    asked = now.here.questions if now.here else ()
    form = SectionForm(asked, now.answers)
    first = now.here.first if now.here else 1
    form.offer(_results(now.audit), first=first)
    if form.validate_on_submit():
        with saving(form):
            _save(now.audit, form)
            return _to(now, now.following)
    return render_template(
        "checklists/section.html",
        now=now,
        audit=now.audit,
        form=form,
        files=queries.files(now.audit.id),
        names=people.names({event.person_id for each in asked for event in _events(now.answer(each))}),
        next_url=_address(now, now.following),
        person_key=people.everybody([actor().person_id])[actor().person_id].key,
    )


def _events(answer: Answer) -> list[Event]:
    return [each for each in (answer.shown, *answer.others, *answer.late) if each]


def _save(audit: Audit, form: SectionForm) -> None:
    seen = queries.events_by_key(audit.id, [row.seen.data or "" for row in form.rows])
    taken = running.take_all(audit, form.given(seen), form.given_files(), by=actor(), today=clock.today())
    for sentence in dict.fromkeys(said(each.remark) for each in taken if each.remark):
        flash(sentence, "warning")


@bp.get("/u/<slug>/audity/<key>/prowadz/koniec")
@guard(Can.RECORD_FINDINGS, load=_running)
def end(now: Running) -> ResponseReturnValue:
    """What is left to ask or to finish before the report."""
    return render_template(
        "checklists/end.html",
        now=now,
        audit=now.audit,
        person_key=people.everybody([actor().person_id])[actor().person_id].key,
    )


def _address(now: Running, part: str) -> str:
    here = {"slug": g.office.slug, "key": now.audit.key}
    return url_for("checklists.end", **here) if part == END else url_for("checklists.section", part=part, **here)


def _to(now: Running, part: str) -> Redirect:
    return lead_to(_address(now, part))


@bp.get("/u/<slug>/pytania/pliki/<key>")
@guard(Can.RECORD_FINDINGS, load=queries.file_by_key)
def download(kept: AnswerFile) -> Response:
    """A photo or file that came with an answer."""
    return files.sent(kept.file)
