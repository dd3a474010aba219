"""The coordinator's list of all offices."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.agenda.words import verb_of
from qms.coordination import dates, queries
from qms.coordination.forms import OfficeFilter
from qms.coordination.queries import Page, Wanted, Worry
from qms.coordination.words import ALARMS, TYPES, WORRIES
from qms.core import clock
from qms.core.access import guard
from qms.core.db import EVERY_OFFICE, scoped
from qms.core.paging import turns
from qms.cycle import telling
from qms.cycle.words import STATUSES
from qms.domain.certification import CertificateStatus
from qms.policy import Can
from qms.practices import queries as practices

bp = Blueprint("coordination", __name__)


@bp.get("/urzedy")
@guard(Can.COMPARE_OFFICES)
def index() -> ResponseReturnValue:
    """How every office stands, those in need of attention counted first."""
    today = clock.today()
    with scoped(EVERY_OFFICE):
        chosen = OfficeFilter(request.args)
        wanted = chosen.wanted
        totals = queries.totals(wanted, today)
        total = totals.worries[wanted.worry] if wanted.worry else totals.offices
        page = queries.page(wanted, today, number=request.args.get("strona", 1, type=int), total=total)
        offers = practices.waiting_count()
    return render_template(
        "coordination/index.html",
        chosen=chosen,
        totals=totals,
        offers=offers,
        page=page,
        where=_where(page, wanted),
        chips=_chips(wanted),
        numbers=[
            (totals.worries[each], gettext(WORRIES[each]), _address(wanted, uwaga=each)) for each in queries.SINGLE
        ],
        statuses=_said(STATUSES),
        alarms=_said(ALARMS),
        Worry=Worry,
        year=today.year,
    )


@bp.get("/urzedy/terminy")
@guard(Can.COMPARE_OFFICES)
def terms() -> ResponseReturnValue:
    """The days of certificates in all offices, the nearest first."""
    today = clock.today()
    with scoped(EVERY_OFFICE):
        page = dates.page(today, number=request.args.get("strona", 1, type=int))
    return render_template(
        "coordination/terms.html",
        page=page,
        where=turns(page, lambda number: url_for("coordination.terms", strona=number)),
        verb_of=verb_of,
        why=telling.why,
        today=today,
    )


def _said(words: Mapping[CertificateStatus, str]) -> dict[CertificateStatus, str]:
    return {status: gettext(word) for status, word in words.items()}


def _address(wanted: Wanted, **changed: Any) -> str:
    used = {"q": wanted.typed, "woj": wanted.voivodeship, "typ": wanted.type, "uwaga": wanted.worry or ""} | changed
    address: dict[str, Any] = {name: str(value) for name, value in used.items() if value}
    return url_for("coordination.index", **address)


def _chips(wanted: Wanted) -> list[tuple[str, str]]:
    """The filters in use, each with the address of the list without it."""
    used = {
        "q": wanted.typed,
        "woj": wanted.voivodeship,
        "typ": gettext(TYPES[wanted.type]) if wanted.type else "",
        "uwaga": gettext(WORRIES[wanted.worry]) if wanted.worry else "",
    }
    return [(label, _address(wanted, **{name: ""})) for name, label in used.items() if label]


def _where(page: Page, wanted: Wanted) -> dict[str, Any]:
    return turns(page, lambda number: _address(wanted, strona=number))
