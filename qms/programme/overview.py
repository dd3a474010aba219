"""What the page of a year shows: the plan with how far it has come, months by departments, and the map of coverage."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qms.audits import queries as audit_queries
from qms.audits.models import Audit
from qms.domain import coverage, programme
from qms.domain.coverage import Coverage
from qms.domain.programme import Completion, Standing, State, Window
from qms.offices import queries as offices
from qms.offices.models import Department, Office, Process
from qms.programme import facts, proposing, queries
from qms.programme.facts import Drawn, Part
from qms.programme.models import Programme, ProgrammeEntry
from qms.standards import queries as standards


@dataclass(frozen=True)
class Shown:
    """A planned audit and how far it has come."""

    entry: ProgrammeEntry
    standing: Standing
    chapters: tuple[str, ...]

    @property
    def audit(self) -> Audit | None:
        return self.entry.held_as

    @property
    def months(self) -> Sequence[int]:
        """Where it stands in the grid: by its agreed days, once there are some; nowhere while all the year is open."""
        if self.audit and self.audit.starts_on.year == self.entry.programme.year:
            return Window(self.audit.starts_on, self.audit.starts_on).months
        return () if len(self.entry.window.months) == len(_YEAR) else self.entry.window.months


_YEAR = range(1, 13)


@dataclass(frozen=True)
class CoverageMap:
    """What was audited where: a row for each department, or each process, in Polish order."""

    rows: Sequence[Department | Process]
    covered: Coverage

    @property
    def gaps(self) -> list[tuple[Department | Process, list[str]]]:
        """The rows with chapters that nobody looked at for long."""
        found = coverage.gaps(self.covered)
        return [(row, found[row.id]) for row in self.rows if row.id in found]


@dataclass(frozen=True, kw_only=True)
class Year:
    """The programme of a year as it stands; `programme` None while there is none."""

    year: int
    programme: Programme | None
    rows: list[Shown]
    completion: Completion
    outside: list[Audit]
    edition: str
    places: list[str]
    units: CoverageMap
    processes: CoverageMap
    cycle: tuple[date, date]
    in_force: int | None
    newest: int | None

    @property
    def grid(self) -> list[tuple[Department, dict[int, list[Shown]]]]:
        """Each department that is planned, with its audits by month."""
        found: dict[int, dict[int, list[Shown]]] = {}
        units: dict[int, Department] = {}
        for row in self.rows:
            for part in row.entry.units:
                units[part.department_id] = part.department
                for month in row.months:
                    found.setdefault(part.department_id, {}).setdefault(month, []).append(row)
        return [(unit, found.get(unit.id, {})) for unit in sorted(units.values(), key=lambda unit: unit.sort_key)]


def read(office: Office, year: int, today: date, *, issue: int | None = None, chapter: str = "") -> Year | None:
    """A year of the office; None for a version that there is not."""
    found = queries.version(office, year, issue)
    if found is None and issue is not None:
        return None
    outside = queries.outside(found, office.id, year)
    audit_queries.fill_scope_and_team(outside)
    rows = rows_of(found, today)
    edition = _edition(found)
    places = facts.chapters(edition)
    chapter = chapter if chapter in places else ""
    cycle = facts.cycle(office.id, year)
    drawn = Drawn(office_id=office.id, edition=edition, cycle=cycle, today=today, chapter=chapter)
    processes = offices.processes(office.id, max(today, date(year, 1, 1)))
    return Year(
        year=year,
        programme=found,
        rows=rows,
        completion=programme.completion([row.standing for row in rows]),
        outside=outside,
        edition=edition,
        places=places[chapter] if chapter else list(places),
        units=_map(drawn, Part.UNITS, proposing.audited(office.id, year, today)),
        processes=_map(drawn, Part.PROCESSES, processes),
        cycle=cycle,
        in_force=queries.in_force(office.id, year),
        newest=next((number for number, _ in queries.issues(office.id, year)), None),
    )


def _map(drawn: Drawn, part: Part, rows: Sequence[Department | Process]) -> CoverageMap:
    return CoverageMap(rows, drawn.covered(part, [row.id for row in rows]))


def rows_of(found: Programme | None, today: date) -> list[Shown]:
    """What a version plans, in the order of its days."""
    planned = sorted(found.planned, key=lambda entry: (_starts(entry), entry.line)) if found else []
    return [Shown(entry, programme.standing(entry.window, _audit(entry), today), _chapters(entry)) for entry in planned]


def _starts(entry: ProgrammeEntry) -> date:
    return entry.held_as.starts_on if entry.held_as else entry.first_on


def _audit(entry: ProgrammeEntry) -> programme.Audit | None:
    held = entry.held_as
    if held is None:
        return None
    return programme.Audit(held.starts_on, held.ends_on, held.state == "under_way", held.state == "finished")


def _chapters(entry: ProgrammeEntry) -> tuple[str, ...]:
    places = sorted(part.clause.place for part in entry.clauses)
    return tuple(dict.fromkeys(str(int(place.partition(".")[0])) for place in places))


def _edition(found: Programme | None) -> str:
    """What most of the plan is by; the edition in force where nothing is planned."""
    planned = Counter(entry.edition_code for entry in found.planned) if found else Counter()
    if planned:
        return planned.most_common(1)[0][0]
    known = standards.editions()
    return next((each.code for each in known if each.status == "current"), known[0].code)


def is_editable(found: Programme | None) -> bool:
    """Whether audits may be added to the year as it stands."""
    return found is None or found.state == State.DRAFT
