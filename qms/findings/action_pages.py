"""The register of actions."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import guard
from qms.core.i18n import said
from qms.core.paging import asked, turns
from qms.domain.errors import N_
from qms.domain.views import Listed
from qms.findings import actions, exported, view_links
from qms.findings.action_forms import STATES, TERMS, ActionFiltersForm, due_by
from qms.findings.pages import bp, gettext
from qms.findings.register_pages import ALL, TICKED, part_of, units_of
from qms.offices.models import Office
from qms.papers.sending import sent_as_csv, sent_as_xlsx, sheet_addresses
from qms.papers.sheet import Column, Sheet, Value
from qms.policy import Can

_FILTERS: Final = frozenset(ActionFiltersForm().data)
_WHOLE: Final = 20_000  # letters of a description: all that may be typed
_AT_ONCE: Final = 500  # rows held in memory
COLUMNS: Final = (
    (N_("Case"), 16),
    (N_("Action"), 60),
    (N_("Department"), 28),
    (N_("Person"), 28),
    (N_("Due"), 14),
    (N_("First due day"), 16),
    (N_("Times moved"), 14),
    (N_("Days overdue"), 16),
    (N_("Day done"), 14),
)


class Asked:
    """What the address asks for; whatever in it means nothing narrows nothing."""

    def __init__(self, office: Office) -> None:
        self.part, self.form = part_of(office), ActionFiltersForm(request.args)
        self.units = units_of(office, self.part)
        self.owners = actions.owners(office.id, self.part, today=clock.today())
        self.form.offer(self.units, self.owners)

    @property
    def filters(self) -> actions.Filters:
        state = self.form.stan.data
        return actions.Filters(
            is_undone=state != "wykonane",
            is_done=state in STATES,
            department_id=next((unit.id for unit in self.units if unit.key == self.form.komorka.data), None),
            owner_id=next((owner_id for key, _, owner_id in self.owners if key == self.form.osoba.data), None),
            due_by=due_by(self.form.termin.data or "", clock.today()),
        )

    @property
    def used(self) -> list[tuple[str, str]]:
        """The filters in use, each with the address of the same list without it."""
        return [(label, _address(_but(name))) for name, label in self.in_use.items()]

    @property
    def in_use(self) -> dict[str, str]:
        """The filters of the address that narrow the list, by their names, in words."""
        labels = {
            "stan": {name: said(text) for name, text in STATES.items()},
            "termin": {name: said(text) for name, text in TERMS.items()},
            "komorka": {unit.key: unit.name for unit in self.units},
            "osoba": {key: name for key, name, _ in self.owners},
        }
        found = {name: texts.get(self.form[name].data or "") for name, texts in labels.items()}
        return {name: label for name, label in found.items() if label}


@bp.get("/u/<slug>/dzialania")
@guard(Can.SEE_REGISTERS)
def actions_index(office: Office) -> ResponseReturnValue:
    """The actions of all cases a person may see: not done and late ones first, unless asked otherwise."""
    wanted = Asked(office)
    page = actions.page(office.id, wanted.part, wanted.filters, number=asked(request.args.get("strona", 1, type=int)))
    return render_template(
        "findings/actions.html",
        filters=wanted.form,
        page=page,
        used=wanted.used,
        views=view_links.shown(office, Listed.ACTIONS, {name: request.args[name] for name in wanted.in_use}),
        narrowing=narrowing(),
        is_all=ALL in request.args and page.total > 0,
        whole_url=_address(narrowing() | {ALL: "wszystkie"}),
        part_url=_address(narrowing()),
        move_url=url_for("findings.move_actions", slug=office.slug, **narrowing() | {ALL: "wszystkie"}),
        reassign_url=url_for("findings.reassign_actions", slug=office.slug, **narrowing() | {ALL: "wszystkie"}),
        is_default=not (wanted.filters.is_done or wanted.filters.due_by),
        all_url=_address(_but("stan") | {"stan": "wszystkie"}),
        list_url=url_for("findings.actions_index", slug=office.slug),
        cases_url=url_for("findings.index", slug=office.slug),
        where=turns(page, lambda number: _address(narrowing() | {"strona": number})),
        sheets=sheet_addresses("findings.actions_", narrowing()),
        most=exported.MOST,
        today=clock.today(),
    )


def chosen(office: Office, *, most: int) -> list[int]:
    """The ids of the actions that were ticked, or of all that match, that the reader may list; in the list's order."""
    wanted = Asked(office)
    if request.args.get(ALL):
        return actions.listed(office.id, wanted.part, wanted.filters, most=most)
    return actions.known(office.id, wanted.part, request.args.getlist(TICKED)[:most])


def nothing_ticked(office: Office) -> ResponseReturnValue:
    """Back to the list, saying what to do first."""
    flash(gettext("Tick at least one action first."), "error")
    return redirect(url_for("findings.actions_index", slug=office.slug, **narrowing()))


def narrowing() -> dict[str, Any]:
    """The filters as the address holds them; names that belong to the address builder are left out."""
    return {key: value for key, value in request.args.items() if key in _FILTERS}


def _but(name: str) -> dict[str, Any]:
    return {key: value for key, value in narrowing().items() if key != name}


def _address(narrowing: dict[str, Any]) -> str:
    return url_for("findings.actions_index", slug=g.office.slug, **narrowing)


@bp.get("/u/<slug>/dzialania.xlsx")
@guard(Can.SEE_REGISTERS)
def actions_sheet_xlsx(office: Office) -> ResponseReturnValue:
    """What the list shows under the same filters, all its pages, as a workbook."""
    listed = _sheet(office)
    return sent_as_xlsx(listed, gettext("actions"), office.slug) if listed else nothing_ticked(office)


@bp.get("/u/<slug>/dzialania.csv")
@guard(Can.SEE_REGISTERS)
def actions_sheet_csv(office: Office) -> ResponseReturnValue:
    """The same as plain text with semicolons."""
    listed = _sheet(office)
    return sent_as_csv(listed, gettext("actions"), office.slug) if listed else nothing_ticked(office)


def _sheet(office: Office) -> Sheet | None:
    """The list, or what was ticked in it; none where only that was asked for and nothing was."""
    wanted, today = Asked(office), clock.today()
    used = [label for label, _ in wanted.used]
    if "wybrane" in request.args and not request.args.get(ALL):
        ids, used = chosen(office, most=exported.MOST), [*used, gettext("only those ticked")]
        if not ids:
            return None
    else:
        ids = actions.listed(office.id, wanted.part, wanted.filters, most=exported.MOST)
    return Sheet(
        name=said(N_("Actions")),
        columns=[Column(said(heading), width) for heading, width in COLUMNS],
        rows=_rows(ids, today),
        about_name=said(N_("About this list")),
        about=exported.about(office, used, count=len(ids), today=today),
    )


def _rows(ids: Sequence[int], today: date) -> Iterator[list[Value]]:
    for first in range(0, len(ids), _AT_ONCE):
        for row in actions.rows(ids[first : first + _AT_ONCE], letters=_WHOLE):
            late = exported.days_late(row.due_on, today) if row.done_on is None else None
            days = (row.due_on, row.first_due_on, row.date_moves, late, row.done_on)
            yield [row.number, row.description, row.department, row.owner, *days]
