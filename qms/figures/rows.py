"""The rows of the tables: how each is called, in which order, and by which filters the register shows its cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from qms.core.i18n import gettext, language, said
from qms.domain.errors import N_
from qms.domain.figures import By, Numbers
from qms.domain.sources import Source
from qms.figures.queries import Place
from qms.findings import words
from qms.offices import queries as offices
from qms.offices.models import Department, Office
from qms.offices.words import cause_called
from qms.requirements.words import clause_title
from qms.standards import queries as standards

BY: Final[Mapping[By, str]] = {
    By.UNIT: N_("Department"),
    By.CHAPTER: N_("Chapter of the standard"),
    By.CAUSE: N_("Kind of cause"),
    By.SOURCE: N_("Source"),
    By.YEAR: N_("Year of the report"),
}


@dataclass(frozen=True)
class Row:
    """A row; `filters` are those of the register, none where it cannot be narrowed to these cases."""

    label: str
    numbers: Numbers
    filters: Mapping[str, str] | None


def rows(office: Office, by: By, found: Mapping[Place, Numbers], *, units: list[Department]) -> list[Row]:
    """The numbers with their names; `units` are those the reader may narrow the register to."""
    if by is By.UNIT:
        return _by_unit(office, found, {unit.id for unit in units})
    if by is By.CHAPTER:
        return _by_chapter(found)
    if by is By.CAUSE:
        return _by_cause(office, found)
    if by is By.SOURCE:
        names = {source: name for name, source in words.SOURCES_BY_NAME.items()}
        known = [source for source in Source if source in found]
        return [Row(said(words.SOURCES[each]), found[each], {"zrodlo": names[each]}) for each in known]
    years = sorted(found, key=str, reverse=True)
    return [Row(str(year), found[year], {"rok": str(year)}) for year in years]


def _by_unit(office: Office, found: Mapping[Place, Numbers], open_to: set[int]) -> list[Row]:
    known = [unit for unit in offices.departments(office.id) if unit.id in found]
    return [Row(unit.name, found[unit.id], {"odpowiada": unit.key} if unit.id in open_to else None) for unit in known]


def _by_chapter(found: Mapping[Place, Numbers]) -> list[Row]:
    """The newest edition first, in each its chapters in order; what has no clause comes last."""
    codes = sorted(str(code) for code in found if code is not None)
    codes.sort(key=lambda code: code.rpartition("-")[0], reverse=True)
    titles = {code: clause_title(clause, language()) for code, clause in standards.chapters(codes).items()}
    named = [Row(_chapter(code, titles.get(code, "")), found[code], {"rozdzial": code}) for code in codes]
    if None not in found:
        return named
    return [*named, Row(words.chapter(""), found[None], {"rozdzial": words.NO_CLAUSE})]


def _by_cause(office: Office, found: Mapping[Place, Numbers]) -> list[Row]:
    """In the order of the office's catalogue; cases of which no kind was named come last."""
    known = [each for each in offices.cause_kinds(office.id) if each.key in found]
    named = [Row(cause_called(each.cause), found[each.key], {"przyczyna": each.key}) for each in known]
    return [*named, Row(gettext("No kind of cause named"), found[None], None)] if None in found else named


def _chapter(code: str, title: str) -> str:
    return f"{words.chapter(code)}: {title}" if title else words.chapter(code)
