"""The register of findings."""

from collections.abc import Sequence
from typing import Any, Final

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.i18n import day, said
from qms.core.paging import asked, turns
from qms.domain.dates import FIRST_YEAR, LAST_YEAR
from qms.domain.figures import overlap, reported_within
from qms.domain.standing import Concern
from qms.domain.views import Listed
from qms.findings import exported, register, several, view_links, words
from qms.findings.pages import bp, gettext
from qms.findings.register_forms import FiltersForm, Offered
from qms.offices import queries as offices
from qms.offices.models import Department, Office
from qms.offices.words import cause_called
from qms.papers.sending import sent_as_csv, sent_as_xlsx, sheet_addresses
from qms.papers.sheet import Sheet
from qms.policy import Can, Reach, reach

_FILTERS: Final = frozenset(FiltersForm().data)
ALL: Final = "zaznacz"  # in an address: all that match the filters are meant
TICKED: Final = "d"  # in an address: the key of a row, as often as there are ticks


@bp.get("/u/<slug>/ustalenia")
@guard(Can.SEE_REGISTERS)
def index(office: Office) -> ResponseReturnValue:
    """The findings a person may see, newest first; a number typed whole leads straight to its page."""
    part = part_of(office)
    form = _asked_filters()
    key = register.by_number(office.id, part, form.q.data) if form.q.data and not form.q.errors else None
    if key:
        return redirect(url_for("findings.detail", slug=office.slug, key=key))
    offered = _offered(form, office, part)
    filters = _filters(form, offered)
    page = register.page(office.id, part, filters, number=asked(request.args.get("strona", 1, type=int)))
    narrowed = {name: request.args[name] for name in _labels(form, offered)}
    return render_template(
        "findings/index.html",
        filters=form,
        page=page,
        used=_used(form, offered),
        list_url=url_for("findings.index", slug=office.slug),
        views=view_links.shown(office, Listed.FINDINGS, narrowed),
        where=_where(page),
        sheets=sheet_addresses("findings.", _asked()),
        actions_url=url_for("findings.actions_index", slug=office.slug),
        most=exported.MOST,
        today=clock.today(),
        narrowing=_asked(),
        is_all=ALL in request.args and page.total > 0,
        whole_url=_whole("findings.index"),
        part_url=_address(_asked()),
        remind_url=_whole("findings.remind_cases"),
        move_url=_whole("findings.move_cases"),
    )


def chosen(office: Office, *, most: int) -> list[int]:
    """The ids of the cases that were ticked, or of all that match, that the reader may list; in the list's order."""
    part = part_of(office)
    if not request.args.get(ALL):
        return several.known(office.id, part, request.args.getlist(TICKED)[:most])
    form = _asked_filters()
    return register.newest(office.id, part, _filters(form, _offered(form, office, part)), most=most)


def _whole(endpoint: str) -> str:
    """A page about all that match."""
    return url_for(endpoint, slug=g.office.slug, **_asked() | {ALL: "wszystkie"})


def list_address() -> str:
    """The register under the filters of the address."""
    return _address(_asked())


@bp.get("/u/<slug>/ustalenia.xlsx")
@guard(Can.SEE_REGISTERS)
def sheet_xlsx(office: Office) -> ResponseReturnValue:
    """What the register shows under the same filters, all its pages, as a workbook."""
    return sent_as_xlsx(_sheet(office), gettext("findings"), office.slug)


@bp.get("/u/<slug>/ustalenia.csv")
@guard(Can.SEE_REGISTERS)
def sheet_csv(office: Office) -> ResponseReturnValue:
    """The same as plain text with semicolons."""
    return sent_as_csv(_sheet(office), gettext("findings"), office.slug)


def _sheet(office: Office) -> Sheet:
    part, form = part_of(office), _asked_filters()
    offered = _offered(form, office, part)
    ids = register.newest(office.id, part, _filters(form, offered), most=exported.MOST)
    used = [label for label, _ in _used(form, offered)]
    return exported.sheet(office, ids, used=used, today=clock.today())


def part_of(office: Office) -> Reach:
    """What of the registers of the office the reader may list."""
    return reach(actor(), Concern(office_id=office.id, is_shared=office.shares_content))


def _asked_filters() -> FiltersForm:
    form = FiltersForm(request.args)
    form.validate()
    return form


def _offered(form: FiltersForm, office: Office, part: Reach) -> Offered:
    causes = {each.key: cause_called(each.cause) for each in offices.cause_kinds(office.id)}
    offered = Offered(units_of(office, part), _groups(office), causes)
    form.offer(_years(office), offered)
    return offered


def units_of(office: Office, part: Reach) -> list[Department]:
    """The units to filter by: those whose findings the reader may see."""
    known = offices.departments(office.id)
    return known if part.everything else [unit for unit in known if unit.id in part.department_ids]


def _groups(office: Office) -> dict[str, str]:
    """The kinds of finding to filter by, as the office calls them now."""
    known = [called for row in offices.finding_kinds(office.id) for called in (row.kind.whole, *row.kind.grades)]
    return {name: words.group(categories, known) for name, categories in words.CATEGORIES_BY_NAME.items()}


def _years(office: Office) -> list[int]:
    first, last = register.years(office.id) or (clock.today().year, clock.today().year)
    return list(range(max(last, clock.today().year), first - 1, -1))


def _filters(form: FiltersForm, offered: Offered) -> register.Filters:
    """Whatever the address holds that means nothing narrows nothing."""
    ids, age = {unit.key: unit.id for unit in offered.units}, form.age
    of_age = reported_within(age, clock.today()) if age else (None, None)
    return register.Filters(
        year=_year(form.rok.data),
        stage=words.STAGES_BY_NAME.get(form.stan.data or ""),
        is_open=form.stan.data == words.OPEN or age is not None,
        categories=words.CATEGORIES_BY_NAME.get(form.rodzaj.data or "", ()),
        source=words.SOURCES_BY_NAME.get(form.zrodlo.data or ""),
        cause_key=form.przyczyna.data if form.przyczyna.data in offered.causes else None,
        department_id=ids.get(form.komorka.data or ""),
        answering_id=ids.get(form.odpowiada.data or ""),
        chapter=form.chapter,
        reported=overlap([form.reported, of_age]),
        overdue_on=clock.today() if form.po_terminie.data else None,
        words=form.q.data or "" if not form.q.errors else "",
    )


def _year(typed: str | None) -> int | None:
    is_year = bool(typed) and str(typed).isascii() and str(typed).isdigit() and len(str(typed)) == len("2026")
    return int(str(typed)) if is_year and FIRST_YEAR <= int(str(typed)) <= LAST_YEAR else None


def in_use(office: Office) -> dict[str, str]:
    """The filters of the address that narrow the register, by their names, in words."""
    form = _asked_filters()
    return _labels(form, _offered(form, office, part_of(office)))


def _used(form: FiltersForm, offered: Offered) -> list[tuple[str, str]]:
    """The filters in use, each with the address of the same list without it."""
    return [(label, _without(name)) for name, label in _labels(form, offered).items()]


def _labels(form: FiltersForm, offered: Offered) -> dict[str, str]:
    stages = {name: said(words.STAGES[stage]) for name, stage in words.STAGES_BY_NAME.items()}
    source = words.SOURCES_BY_NAME.get(form.zrodlo.data or "")
    labels: dict[str, str | None] = {
        "rok": form.rok.data if _year(form.rok.data) else None,
        "stan": (stages | {words.OPEN: said(words.OPEN_CASES)}).get(form.stan.data or ""),
        "rodzaj": offered.groups.get(form.rodzaj.data or ""),
        "zrodlo": said(words.SOURCES[source]) if source else None,
        "przyczyna": offered.causes.get(form.przyczyna.data or ""),
        "komorka": {unit.key: unit.name for unit in offered.units}.get(form.komorka.data or ""),
        **_used_by_numbers(form, offered.units),
        "po_terminie": gettext("Overdue only") if form.po_terminie.data else None,
        "q": f"„{form.q.data}”" if form.q.data and not form.q.errors else None,
    }
    return {name: label for name, label in labels.items() if label}


def _used_by_numbers(form: FiltersForm, units: Sequence[Department]) -> dict[str, str | None]:
    unit = next((unit.name for unit in units if unit.key == form.odpowiada.data), None)
    first, last = form.reported
    return {
        "odpowiada": gettext("Answers: %(unit)s", unit=unit) if unit else None,
        "rozdzial": words.chapter(form.chapter) if form.chapter is not None else None,
        "wiek": gettext("Open for %(days)s", days=words.age(form.age)) if form.age else None,
        "od": gettext("Reported from %(day)s", day=day(first)) if first else None,
        "do": gettext("Reported until %(day)s", day=day(last)) if last else None,
    }


def _without(name: str) -> str:
    return _address({key: value for key, value in _asked().items() if key != name})


def _asked() -> dict[str, Any]:
    """The filters as the address holds them; names that belong to the address builder are left out."""
    return {key: value for key, value in request.args.items() if key in _FILTERS}


def _address(asked: dict[str, Any]) -> str:
    return url_for("findings.index", slug=g.office.slug, **asked)


def _where(page: register.Page) -> dict[str, Any]:
    def address(number: int) -> str:
        return _address(_asked() | {"strona": number})

    return turns(page, address)
