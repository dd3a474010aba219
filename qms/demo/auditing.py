"""The audits of an office, and the cases that come of them."""

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Final

from qms.audits import queries as audits
from qms.audits import service as planning
from qms.audits.models import INTERNAL, Audit
from qms.audits.planning import Plan
from qms.demo import asking
from qms.demo.cases import STEPS, Case
from qms.demo.cast import Cast
from qms.demo.courses import COURSES
from qms.demo.papers import body_of, day_of
from qms.demo.scene import Event, Scene
from qms.demo.story import NOW, Held, Story, Unfinished
from qms.demo.texts import Drawer, Text, phrases
from qms.domain.calendar import next_working_day, previous_working_day
from qms.domain.findings import Category
from qms.domain.standing import Who
from qms.findings import recording
from qms.findings.recording import Written
from qms.people import queries as people
from qms.standards import queries as standards

_PLANNED: Final = timedelta(days=40)  # before it starts
_STARTED: Final = timedelta(days=10)  # before its report
_LATEST_PLANNED: Final = timedelta(days=5)  # before the last day
_MORE_CLAUSES: Final = 6
_USUAL: Final = frozenset({Category.NONCONFORMITY, Category.MINOR})  # a major one is rare


def events_of(cast: Cast, story: Story, on: date) -> Iterator[Event]:
    """Everything about the audits of an office, on whatever day."""
    rng = Random(cast.slug)  # noqa: S311 - the same history each time, no secret
    drawer = Drawer(rng)
    yield asking.listed(cast, on)
    for held in story.held:
        yield from _held(cast, held, on, rng=rng, drawer=drawer).events()
    for unfinished in story.unfinished:
        yield from _unfinished(cast, unfinished, on, rng=rng, drawer=drawer).events()


def _held(cast: Cast, held: Held, on: date, *, rng: Random, drawer: Drawer) -> "_Life":
    published_on = day_of(on, held.published)
    starts_on = previous_working_day(published_on - _STARTED)
    lead, kind = held.lead or _who_leads(held.unit), cast.kinds[held.unit]
    cases = [Case(drawer.case(kind), held.unit, lead, COURSES[course], rng, published_on) for course in held.courses]
    return _Life(
        cast,
        rng,
        unit=held.unit,
        lead=lead,
        kind=held.kind,
        edition=held.edition,
        starts_on=starts_on,
        planned_on=previous_working_day(starts_on - _PLANNED),
        cases=cases,
        texts=[drawer.remark(kind) for _ in range(held.remarks)],
        published_on=published_on,
    )


def _unfinished(cast: Cast, unfinished: Unfinished, on: date, *, rng: Random, drawer: Drawer) -> "_Life":
    starts_on = day_of(on, unfinished.starts)
    is_own = unfinished.kind in INTERNAL
    return _Life(
        cast,
        rng,
        unit=unfinished.unit,
        lead=_who_leads(unfinished.unit) if is_own else "proxy",
        kind=unfinished.kind,
        edition=NOW,
        starts_on=starts_on,
        planned_on=previous_working_day(min(starts_on - _PLANNED, on - _LATEST_PLANNED)),
        texts=[drawer.case(cast.kinds[unfinished.unit]) for _ in range(unfinished.drafts)],
        is_cancelled=unfinished.is_cancelled,
    )


def _who_leads(unit: str) -> str:
    """The auditor who does not work in the department."""
    return "first_auditor" if unit in {"second", "or"} else "second_auditor"


@dataclass
class _Life:
    """One audit from its plan to its report; `texts` is what it finds beside the cases."""

    cast: Cast
    rng: Random
    _: KW_ONLY
    unit: str
    lead: str
    kind: str
    edition: str
    starts_on: date
    planned_on: date
    cases: list[Case] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    published_on: date | None = None
    is_cancelled: bool = False
    key: str = ""

    @property
    def ends_on(self) -> date:
        return next_working_day(self.starts_on + timedelta(days=1))

    def events(self) -> Iterator[Event]:
        """From the plan to the last step of the last case."""
        yield Event(self.planned_on, self.cast, self._plan)
        if self.is_cancelled:
            yield Event(next_working_day(self.planned_on + timedelta(days=14)), self.cast, self._cancel)
        elif not self.published_on and self.kind in INTERNAL:
            yield Event(next_working_day(self.planned_on + timedelta(days=1)), self.cast, self._prepare)
        if self.cases or self.texts:
            yield Event(self.starts_on, self.cast, self._record)
        if self.published_on:
            yield Event(self.published_on, self.cast, self._publish)
            yield from self._going_on(self.published_on)

    def _going_on(self, published_on: date) -> Iterator[Event]:
        for case in self.cases:
            for days, step in case.course.steps:
                day = next_working_day(published_on + timedelta(days=days))
                yield Event(day, self.cast, partial(STEPS[step], case))

    def _plan(self, scene: Scene) -> None:
        wanted = Plan(
            kind=self.kind,
            edition_code=self.edition,
            department_ids=frozenset({self.cast.departments[self.unit]}),
            clause_ids=self._clauses(),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            lead_id=self.cast.people[self.lead],
            member_ids=self._members(),
            objective=self.rng.choice(phrases()["objectives"]),
            body="" if self.kind in INTERNAL else body_of(self.cast),
        )
        with scene.played_by(_planner(scene)):
            self.key = planning.plan(scene.office, wanted, today=scene.day).key

    def _members(self) -> frozenset[int]:
        """A second auditor where both are independent."""
        if self.kind not in INTERNAL or self.unit not in {"or", "fn"}:
            return frozenset()
        return frozenset({self.cast.people["second_auditor" if self.unit == "or" else "first_auditor"]})

    def _clauses(self) -> frozenset[int]:
        """Those of what is found, and some more that are found in order."""
        ids = {clause.number: clause.id for clause in standards.auditable(self.edition)}
        found = {text.number_for(self.edition) for text in (*(case.text for case in self.cases), *self.texts)}
        return frozenset(ids[number] for number in found.union(self.rng.sample(sorted(ids), _MORE_CLAUSES)))

    def _audit(self, scene: Scene) -> Audit:
        found = audits.by_key(scene.office, self.key)
        if found is None:
            raise LookupError(self.key)
        return found

    def _prepare(self, scene: Scene) -> None:
        with scene.played_by(self.lead):
            asking.prepare(self._audit(scene))

    def _cancel(self, scene: Scene) -> None:
        with scene.played_by(_planner(scene)):
            planning.cancel(self._audit(scene), reason=phrases()["audit_cancelled"], today=scene.day)

    def _record(self, scene: Scene) -> None:
        audit = self._audit(scene)
        ids = {clause.number: clause.id for clause in standards.auditable(self.edition)}
        grave = next(each for each in recording.categories(audit) if each in _USUAL)
        with scene.played_by(self.lead) as by:
            for case in self.cases:
                case.key = recording.record(audit, self._written(case.text, grave, ids), by=by).key
            for text in self.texts:
                recording.record(audit, self._written(text, text.category or grave, ids), by=by)
            if not self.published_on:
                asking.answer_some(audit, by=by, today=scene.day)

    def _written(self, text: Text, category: str, ids: dict[str, int]) -> Written:
        return Written(
            clause_id=ids[text.number_for(self.edition)],
            department_id=self.cast.departments[self.unit],
            category=category,
            requirement=text.requirement,
            evidence=text.evidence,
            statement=text.statement,
        )

    def _publish(self, scene: Scene) -> None:
        conclusion = self.rng.choice(phrases()["conclusions"])
        with scene.played_by(self.lead) as by:
            recording.publish(self._audit(scene), conclusion=conclusion, by=by, today=scene.day)


def _planner(scene: Scene) -> str:
    held = people.holders(scene.cast.office_id, scene.day)
    return "proxy" if held.get(Who.PROXY) else "deputy"
