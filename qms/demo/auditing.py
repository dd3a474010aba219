"""The audits of an office, and the cases that come of them."""

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import date, time, timedelta
from functools import partial
from random import Random
from typing import Final

from qms.audits import queries as audits
from qms.audits import service as planning
from qms.audits import timetable
from qms.audits.models import INTERNAL, Audit
from qms.audits.planning import Plan
from qms.demo import asking, visiting, yearly
from qms.demo.cases import STEPS, Case, find_again
from qms.demo.cast import Cast
from qms.demo.courses import COURSES
from qms.demo.papers import body_of, day_of, symbol_of
from qms.demo.scene import Event, Scene
from qms.demo.story import NOW, Held, Story, Unfinished
from qms.demo.texts import Drawer, Text, phrases
from qms.demo.yearly import Foreseen, planner
from qms.domain.calendar import next_working_day, previous_working_day
from qms.domain.editions import is_excluded
from qms.domain.findings import Category
from qms.domain.report import Parts
from qms.findings import recording
from qms.findings.recording import Written
from qms.offices import queries as offices
from qms.policy import Actor
from qms.reports import approving
from qms.reports import service as reports
from qms.reports.models import GivenReport
from qms.requirements import queries as requirements
from qms.standards import queries as standards

_PLANNED: Final = timedelta(days=40)  # before it starts
_STARTED: Final = timedelta(days=10)  # before its report
_GIVEN: Final = timedelta(days=2)  # before the last day
_LATEST_PLANNED: Final = timedelta(days=5)  # before the last day
_MORE_CLAUSES: Final = 6
_SUGGESTS: Final = "sp-bochnia"  # shows a programme being prepared
_USUAL: Final = frozenset({Category.NONCONFORMITY, Category.MINOR})  # a major one is rare


def events_of(cast: Cast, story: Story, on: date) -> Iterator[Event]:
    """Everything about the audits of an office, on whatever day."""
    rng = Random(cast.slug)  # noqa: S311 - the same history each time, no secret
    drawer = Drawer(rng)
    yield asking.listed(cast, on)
    yield asking.of_process(cast, on)
    lives = [_held(cast, held, on, rng=rng, drawer=drawer) for held in story.held]
    lives += [_unfinished(cast, unfinished, on, rng=rng, drawer=drawer) for unfinished in story.unfinished]
    for life in lives:
        yield from life.events()
    own = [life for life in lives if life.kind in INTERNAL and life.edition == NOW]
    foreseen = [Foreseen(life.unit, life.starts_on, life.lead) for life in own]
    yield from yearly.events_of(cast, foreseen, on, suggests=cast.slug == _SUGGESTS)


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
        lead=_who_leads(unfinished.unit, works_there=unfinished.asks_head) if is_own else "proxy",
        kind=unfinished.kind,
        edition=NOW,
        starts_on=starts_on,
        planned_on=previous_working_day(min(starts_on - _PLANNED, on - _LATEST_PLANNED)),
        texts=[drawer.case(cast.kinds[unfinished.unit]) for _ in range(unfinished.drafts)],
        is_cancelled=unfinished.is_cancelled,
        asks_head=unfinished.asks_head,
        given_on=previous_working_day(on - _GIVEN) if unfinished.is_report_given else None,
    )


def _who_leads(unit: str, *, works_there: bool = False) -> str:
    """The auditor who does not work in the department, or the one who does."""
    return "first_auditor" if (unit in {"second", "or"}) != works_there else "second_auditor"


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
    given_on: date | None = None
    is_cancelled: bool = False
    asks_head: bool = False
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
        if self.given_on:
            yield Event(self.given_on, self.cast, self._give)
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
            clause_ids=self._clauses(scene),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            lead_id=self.cast.people[self.lead],
            member_ids=self._members(),
            objective=self.rng.choice(phrases()["objectives"]),
            body="" if self.kind in INTERNAL else body_of(self.cast),
            process_ids=self._processes(scene),
            places=phrases()["audit_place"] if self._is_ahead else "",
            criteria=phrases()["audit_criteria"] if self._is_ahead else "",
            asks_head=self.asks_head,
            team_reason=phrases()["permit_asked"] if self.asks_head else "",
        )
        with scene.played_by(planner(scene)):
            audit = yearly.log(scene, wanted)
            self.key = audit.key
            if self._is_ahead:
                self._set_hours(audit)

    @property
    def _is_ahead(self) -> bool:
        """Whether it is one of ours that a newcomer finds still to be held."""
        return self.kind in INTERNAL and self.published_on is None and not self.is_cancelled

    def _processes(self, scene: Scene) -> frozenset[int]:
        """The one that runs through the department, where the office has processes by then."""
        if self.kind not in INTERNAL:
            return frozenset()
        symbol = symbol_of(self.unit)
        known = offices.processes(scene.office.id, scene.day)
        return frozenset(process.id for process in known if process.symbol == symbol)

    def _set_hours(self, audit: Audit) -> None:
        for day, start, end, subject in (
            (self.starts_on, time(9), time(9, 30), phrases()["opening"]),
            (self.starts_on, time(9, 30), time(13), phrases()["looking"]),
            (self.ends_on, time(12), time(12, 30), phrases()["closing"]),
        ):
            timetable.add(audit, timetable.Row(day=day, from_time=start, to_time=end, subject=subject))

    def _members(self) -> frozenset[int]:
        """A second auditor where both are independent."""
        if self.kind not in INTERNAL or self.unit not in {"or", "fn"}:
            return frozenset()
        return frozenset({self.cast.people["second_auditor" if self.unit == "or" else "first_auditor"]})

    def _clauses(self, scene: Scene) -> frozenset[int]:
        """Those of what is found, and some more that are found in order; none that the office leaves out."""
        ids = {clause.number: clause.id for clause in standards.auditable(self.edition)}
        found = {text.number_for(self.edition) for text in (*(case.text for case in self.cases), *self.texts)}
        left_out = requirements.excluded(scene.office.id, self.edition, self.starts_on)
        chosen = found.union(self.rng.sample(sorted(ids), _MORE_CLAUSES))
        return frozenset(ids[number] for number in chosen if not is_excluded(number, left_out))

    def _audit(self, scene: Scene) -> Audit:
        found = audits.by_key(scene.office, self.key)
        if found is None:
            raise LookupError(self.key)
        return found

    def _prepare(self, scene: Scene) -> None:
        with scene.played_by(self.lead):
            asking.prepare(self._audit(scene))

    def _cancel(self, scene: Scene) -> None:
        with scene.played_by(planner(scene)):
            planning.cancel(self._audit(scene), reason=phrases()["audit_cancelled"], today=scene.day)

    def _record(self, scene: Scene) -> None:
        audit = self._audit(scene)
        ids = {clause.number: clause.id for clause in standards.auditable(self.edition)}
        offered = {each.called.category: each.code for each in recording.categories(audit)}
        grave = next(code for category, code in offered.items() if category in _USUAL)
        with scene.played_by(self.lead) as by:
            if self.kind in INTERNAL:
                asking.look_back(audit, by=by, today=scene.day)
            for case in self.cases:
                foreseen = case is self.cases[-1] and len(self.cases) > 1
                code = offered.get(Category.POTENTIAL, grave) if foreseen else grave
                case.key = recording.record(audit, self._written(case.text, code, ids), by=by).key
            for text in self.texts:
                written = self._written(text, _remark(text, offered) or grave, ids)
                if text is self.texts[0]:
                    written = replace(written, concerned_ids=self._concerned(by))
                recording.record(audit, written, by=by)
            if not self.published_on:
                asking.answer_some(audit, by=by, today=scene.day)

    def _concerned(self, by: Actor) -> frozenset[int]:
        """One department more that is to know of it, and that is not the writer's own."""
        own = by.departments.get(self.cast.office_id, frozenset())
        others = (each for unit, each in self.cast.departments.items() if unit != self.unit and each not in own)
        return frozenset({next(others)})

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
        audit = self._audit(scene)
        if reports.needs_approval(audit):
            self._publish_approved(scene)
            return
        with scene.played_by(self.lead) as by:
            if self.kind not in INTERNAL:
                visiting.note_days(audit, scene.day)
            published = reports.publish(audit, self._parts(), by=by, today=scene.day)
            find_again(published, by=by, today=scene.day)

    def _publish_approved(self, scene: Scene) -> None:
        given = self._give(scene)
        with scene.played_by("head") as by:
            approving.approve(given, by=by, today=scene.day)
        with scene.played_by(self.lead) as by:
            approving.publish(given, by=by, today=scene.day)

    def _give(self, scene: Scene) -> GivenReport:
        with scene.played_by(self.lead) as by:
            return approving.give(self._audit(scene), self._parts(), by=by, today=scene.day)

    def _parts(self) -> Parts:
        """Every third report has limits to tell of; the rest has none, as in offices."""
        told = phrases()
        parts = Parts(conclusion=self.rng.choice(told["conclusions"]), distribution=told["distribution"])
        if self.starts_on.day % 3:
            return parts
        return replace(
            parts, unaudited=told["unaudited"], obstacles=told["obstacles"], differing_opinions=told["differing"]
        )


def _remark(text: Text, offered: Mapping[Category, str]) -> str:
    """What a text is recorded as: an office that shows its good practice has no strengths besides."""
    is_strength = text.category == Category.STRENGTH
    return offered.get(Category.GOOD_PRACTICE, text.category) if is_strength else text.category
