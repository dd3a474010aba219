"""The findings of an office in numbers: by department, chapter, cause, source or year, each table with a picture."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import guard
from qms.core.i18n import day, gettext, said
from qms.domain.figures import AGES, By
from qms.figures import picture
from qms.figures.exported import sheet
from qms.figures.forms import PeriodForm
from qms.figures.queries import Asked, numbers
from qms.figures.rows import BY, Row, rows
from qms.findings import words
from qms.findings.register_pages import part_of, units_of
from qms.offices.models import Office
from qms.papers.sending import sent_as_csv, sent_as_xlsx, sheet_addresses
from qms.papers.sheet import Sheet
from qms.policy import Can

bp = Blueprint("figures", __name__)


class Shown:
    """What the address asks for: the rows, and all of them together as the last one."""

    def __init__(self, office: Office) -> None:
        self.office, part = office, part_of(office)
        self.by = next((each for each in By if each == request.args.get("wedlug")), By.UNIT)
        self.form = PeriodForm(request.args)
        self.form.validate()
        found, whole = numbers(Asked(office.id, part, self.form.period), self.by, clock.today())
        self.rows = rows(office, self.by, found, units=units_of(office, part))
        self.whole = Row(gettext("All cases"), whole, {})

    @property
    def narrowing(self) -> dict[str, str]:
        """The period as addresses hold it."""
        bounds = zip(("od", "do"), self.form.period, strict=True)
        return {name: bound.isoformat() for name, bound in bounds if bound}

    @property
    def used(self) -> list[tuple[str, str]]:
        """The bounds in use, each with the address of the same page without it."""
        labels = {"od": gettext("Reported from %(day)s"), "do": gettext("Reported until %(day)s")}
        bounds = zip(labels, self.form.period, strict=True)
        return [(labels[name] % {"day": day(on)}, self._without(name)) for name, on in bounds if on]

    def _without(self, name: str) -> str:
        return self.address({each: bound for each, bound in self.narrowing.items() if each != name})

    def address(self, narrowing: Mapping[str, Any], by: By | None = None) -> str:
        """This page, narrowed so."""
        return url_for("figures.index", slug=self.office.slug, wedlug=by or self.by, **narrowing)

    def register(self, row: Row, **narrowed: str) -> str | None:
        """The register with exactly the cases of a row that are narrowed so; none where it has no such filter."""
        if row.filters is None:
            return None
        asked: dict[str, Any] = {**row.filters, **narrowed, **self.narrowing}
        return url_for("findings.index", slug=self.office.slug, **asked)


@bp.get("/u/<slug>/ustalenia/liczby")
@guard(Can.SEE_REGISTERS)
def index(office: Office) -> ResponseReturnValue:
    """Ages, days to closing and effects of the cases a person may see."""
    shown = Shown(office)
    named = [(row.label, row.numbers) for row in shown.rows]
    return render_template(
        "figures/index.html",
        shown=shown,
        label=said(BY[shown.by]),
        choices=[(said(BY[each]), shown.address(shown.narrowing, each), each is shown.by) for each in By],
        ages=[(age.name, words.age(age)) for age in AGES],
        open_bars=picture.open_cases(named),
        closing_bars=picture.days_to_closing(named),
        effect_bars=picture.effects(named),
        share=picture.share,
        sheets=sheet_addresses("figures.", _asked(shown)),
        list_url=url_for("findings.index", slug=office.slug),
        page_url=url_for("figures.index", slug=office.slug),
    )


@bp.get("/u/<slug>/ustalenia/liczby.xlsx")
@guard(Can.SEE_REGISTERS)
def sheet_xlsx(office: Office) -> ResponseReturnValue:
    """The tables of the page as one workbook."""
    return sent_as_xlsx(_sheet(office), gettext("findings in numbers"), office.slug)


@bp.get("/u/<slug>/ustalenia/liczby.csv")
@guard(Can.SEE_REGISTERS)
def sheet_csv(office: Office) -> ResponseReturnValue:
    """The same as plain text with semicolons."""
    return sent_as_csv(_sheet(office), gettext("findings in numbers"), office.slug)


def _sheet(office: Office) -> Sheet:
    shown = Shown(office)
    used = [label for label, _ in shown.used]
    return sheet(office, [*shown.rows, shown.whole], said(BY[shown.by]), used=used, today=clock.today())


def _asked(shown: Shown) -> dict[str, Any]:
    return {"wedlug": shown.by.value, **shown.narrowing}
