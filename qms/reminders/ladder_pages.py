"""Pages on which an office says when it reminds of each kind of duty, and who is told from when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField

from qms.agenda.words import VERBS
from qms.core.access import guard
from qms.core.forms import Form, LineField, optional
from qms.core.saving import lead_to, saving
from qms.domain.deadlines import Kind
from qms.domain.errors import N_
from qms.domain.reminders import ALWAYS, LADDERS, NO_LADDER, Ladder, Level, check_ladder, steps_typed
from qms.domain.standing import Concern
from qms.offices import ladders
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.policy import Can

bp = Blueprint("ladders", __name__)

# In addresses, where a key has at most twelve letters.
KEYS: Final[Mapping[Kind, str]] = {
    Kind.CERTIFICATE_END: "certyfikat",
    Kind.RECERTIFICATION_AUDIT: "auditponowny",
    Kind.RECERTIFICATION_DECISION: "decyzja",
    Kind.SURVEILLANCE: "nadzor",
    Kind.BODY_CONTRACT: "umowa",
    Kind.TRANSITION_AUDIT: "nowewydanie",
    Kind.INTERNAL_AUDITS: "wewnetrzne",
    Kind.MAJOR_VERIFICATION: "duza",
    Kind.BODY_EVIDENCE: "dowody",
    Kind.AUDIT: "audit",
    Kind.AUDIT_REPORT: "raport",
    Kind.ANSWER: "odpowiedz",
    Kind.DECISION_ON_ANSWER: "sprawdzenie",
    Kind.ACTION: "dzialanie",
    Kind.VERIFICATION: "weryfikacja",
    Kind.EFFECTIVENESS: "skutecznosc",
    Kind.CLOSING: "zamkniecie",
    Kind.PRODUCT_CHECK: "wyrob",
    Kind.QUALIFICATION: "szkolenie",
    Kind.APPOINTMENT: "powolanie",
    Kind.PROXY_VACANT: "wakat",
}

NEVER: Final = ""
JOINING: Final = (ALWAYS, -90, -60, -30, -14, -7, 0, 1, 7, 14, 30)
WEEKS: Final = (1, 2, 4)
LEVELS: Final[Mapping[Level, str]] = {
    Level.PERSON: N_("Who answers for it"),
    Level.PROXY: N_("The proxy"),
    Level.SECRETARY: N_("The secretary"),
    Level.HEAD: N_("The head of the office"),
}


def from_when(offset: int) -> str:
    """From when on a level is told, in words."""
    if offset == ALWAYS:
        return str(gettext("from the first reminder"))
    if offset < 0:
        return str(ngettext("from %(num)d day before the day", "from %(num)d days before the day", -offset))
    if offset == 0:
        return str(gettext("from the day itself"))
    return str(ngettext("once it is %(num)d day late", "once it is %(num)d days late", offset))


class LadderForm(Form):
    """The steps of one ladder."""

    before = LineField(
        _l("Days before the day"),
        limit=100,
        description=_l("For example: 14, 7, 1. Zero is the day itself. Empty means no reminder before."),
        validators=[optional()],
    )
    after = LineField(
        _l("Days after the day, when it is late"),
        limit=100,
        description=_l("For example: 1, 7, 14. Empty means none."),
        validators=[optional()],
    )
    every_weeks = SelectField(_l("And then on Mondays, until it is done"), validators=[optional()])
    person = SelectField(_l(LEVELS[Level.PERSON]), validators=[optional()])
    proxy = SelectField(_l(LEVELS[Level.PROXY]), validators=[optional()])
    secretary = SelectField(_l(LEVELS[Level.SECRETARY]), validators=[optional()])
    head = SelectField(_l(LEVELS[Level.HEAD]), validators=[optional()])

    def __init__(self, ladder: Ladder) -> None:
        super().__init__(data=_as_typed(ladder))
        self.every_weeks.choices = [
            SelectChoice("", _l("Do not repeat")),
            *(SelectChoice(str(weeks), _weeks(weeks)) for weeks in WEEKS),
        ]
        for level in Level:
            own = ladder.joins.get(level)
            offsets = sorted({*JOINING, *([own] if own is not None else [])})
            self[level.value].choices = [
                SelectChoice(NEVER, _l("is not told")),
                *(SelectChoice(str(offset), from_when(offset)) for offset in offsets),
            ]

    def ladder(self, old: Ladder) -> Ladder:
        """What was typed. Raises `InvalidInput` at the field."""
        typed = replace(
            old,
            before=steps_typed(self.before.data or "", field="before"),
            after=tuple(sorted(set(steps_typed(self.after.data or "", field="after")) - {0})),
            joins={level: int(self[level.value].data) for level in Level if self[level.value].data != NEVER},
            every_weeks=int(self.every_weeks.data) if self.every_weeks.data else None,
        )
        check_ladder(typed)
        return typed


def _weeks(weeks: int) -> str:
    return str(gettext("every Monday") if weeks == 1 else gettext("every %(num)d weeks", num=weeks))


def _as_typed(ladder: Ladder) -> dict[str, str]:
    joins = {level.value: str(ladder.joins[level]) if level in ladder.joins else NEVER for level in Level}
    return joins | {
        "before": ", ".join(map(str, ladder.before)),
        "after": ", ".join(map(str, ladder.after)),
        "every_weeks": str(ladder.every_weeks or ""),
    }


@dataclass(frozen=True)
class OfKind:
    """The ladder of one kind in one office, as the guard of its page sees it."""

    office: Office
    kind: Kind
    ladder: Ladder
    is_own: bool

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office.id)

    @property
    def is_cleared(self) -> bool:
        """Whether nobody is ever reminded of this kind."""
        return not self.ladder.has_steps


def _of_kind(office: Office, duty: str) -> OfKind | None:
    kind = next((kind for kind, own_key in KEYS.items() if own_key == duty), None)
    if kind is None:
        return None
    own = offices.own_ladders(office.id)
    return OfKind(office, kind, own.get(kind, LADDERS[kind]), kind in own)


@bp.get("/u/<slug>/drabiny")
@guard(Can.SET_LIMITS)
def index(office: Office) -> ResponseReturnValue:
    """Every kind of duty with its reminders in words."""
    own = offices.own_ladders(office.id)
    every = [OfKind(office, kind, own.get(kind, LADDERS[kind]), kind in own) for kind in Kind]
    return render_template("reminders/ladders.html", ladders=every, verbs=VERBS, in_words=_in_words, keys=KEYS)


def _in_words(ladder: Ladder) -> list[str]:
    parts = []
    if ladder.before:
        parts.append(gettext("days before: %(days)s", days=", ".join(map(str, ladder.before))))
    if ladder.after:
        parts.append(gettext("days late: %(days)s", days=", ".join(map(str, ladder.after))))
    if ladder.every_weeks:
        parts.append(gettext("then %(weeks)s", weeks=_weeks(ladder.every_weeks)))
    return parts


@bp.route("/u/<slug>/drabiny/<duty>", methods=["GET", "POST"])
@guard(Can.SET_LIMITS, load=_of_kind)
def change(of_kind: OfKind) -> ResponseReturnValue:
    """Change one ladder, clear it, or go back to what every office starts with."""
    form = LadderForm(of_kind.ladder)
    if request.method == "GET":
        form.version.data = str(g.office.version)
    if form.validate_on_submit():
        with saving(form, g.office):
            flash(_saved(of_kind, form), "success")
            return lead_to(url_for("ladders.index", slug=g.office.slug))
    shown: dict[str, Any] = {"form": form, "of_kind": of_kind, "verb": VERBS[of_kind.kind]}
    return render_template("reminders/ladder.html", **shown)


def _saved(of_kind: OfKind, form: LadderForm) -> str:
    """Save what was pressed and return what that means."""
    if "restore" in request.form:
        ladders.restore(of_kind.office, of_kind.kind)
        return str(gettext("Restored. The register reminds of this as it does in every office at first."))
    if "clear" in request.form:
        ladders.change(of_kind.office, of_kind.kind, NO_LADDER)
        return str(gettext("Saved. Nobody is reminded of this any more. You can restore the reminders at any time."))
    ladders.change(of_kind.office, of_kind.kind, form.ladder(of_kind.ladder))
    return str(gettext("Saved. Reminders follow it from the next working day."))
