"""Languages: Polish first, English second; words for what the rules say, and Polish forms of dates."""

from datetime import date, datetime
from functools import cache

from babel.support import Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, get_translations
from flask_babel import format_date as babel_date
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from qms.core import clock
from qms.domain.dates import format_date
from qms.domain.errors import N_, Notice, RuleViolation

LANGUAGES = ("pl", "en")
COOKIE = "jezyk"

babel = Babel()


def init(app: Flask) -> None:
    """Set the languages up and give templates their filters."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "pl")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", app.config["TRANSLATIONS"])
    babel.init_app(app, locale_selector=_asked_language)
    app.jinja_env.globals |= {"_": _translated, "gettext": _translated, "ngettext": _counted_in_template}
    app.jinja_env.filters |= {
        "day": day,
        "long_day": long_day,
        "moment": moment,
        "time": time,
        "days_away": days_away,
        "said": said,
        "sentence": sentence,
    }


@pass_eval_context
def _translated(template: EvalContext, text: str, **values: object) -> str:
    """A text of a template. Jinja and Flask-Babel do the same by many calls, and a page has hundreds of texts."""
    found: str = _catalogue(language()).ugettext(text)
    shown = Markup(found) if template.autoescape else found  # noqa: S704 - as Jinja does: it is a text of ours
    return shown % values if "%" in found else shown


@pass_eval_context
def _counted_in_template(template: EvalContext, one: str, several: str, num: int, **values: object) -> str:  # noqa: PLR0917 - as gettext has them
    """The same for a text with a number, in the form that the number asks for."""
    found: str = _catalogue(language()).ungettext(one, several, num)
    shown = Markup(found) if template.autoescape else found  # noqa: S704 - as above
    return shown % ({"num": num} | values)


@cache
def _catalogue(_language: str) -> Translations:
    found: Translations = get_translations()
    return found


def _asked_language() -> str:
    if not has_request_context():
        return "pl"
    chosen = getattr(request, "chosen_language", None) or request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES, "pl") or "pl"


def language() -> str:
    """The language of this page or letter."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "pl"


def said(message: str | RuleViolation | Notice, **params: object) -> str:
    """A sentence of the rules in the reader's language."""
    if isinstance(message, RuleViolation | Notice):
        return said(message.message, **dict(message.params))
    found: str = _catalogue(language()).ugettext(message)
    return found % {name: _shown(value) for name, value in params.items()} if params else found


def gettext(text: str, **values: object) -> str:
    """A text of a page or paper in the reader's language; the library asks the same by many calls."""
    found: str = _catalogue(language()).ugettext(text)
    return found % values if values else found


def ngettext(one: str, several: str, num: int, **values: object) -> str:
    """The same for a text with a number, in the form that the number asks for."""
    found: str = _catalogue(language()).ungettext(one, several, num)
    return found % ({"num": num} | values)


def said_in_each_language(message: str) -> frozenset[str]:
    """A text as it reads in any language of the product, to know what means the same."""
    found = set()
    for each in LANGUAGES:
        with force_locale(each):
            found.add(said(message))
    return frozenset(found)


def sentence(words: str) -> str:
    """The same, beginning with a capital."""
    return words[:1].upper() + words[1:]


def _shown(value: object) -> object:
    return format_date(value) if isinstance(value, date) else value


def day(value: date | datetime | None) -> str:
    """A day as Poles write it, 22.11.2026."""
    if value is None:
        return "–"
    return format_date(clock.day_of(value) if isinstance(value, datetime) else value)


def long_day(value: date) -> str:
    """A day with its weekday in words, for letters and check pages."""
    pattern = "EEEE d MMMM y" if language() == "en" else "EEEE d MMMM y 'r.'"
    return str(babel_date(value, pattern))


def moment(value: datetime) -> str:
    """An instant on a Polish clock, 22.11.2026, 9:42."""
    return f"{day(value)}, {time(value)}"


def time(value: datetime) -> str:
    """The time of an instant on a Polish clock, 9:42."""
    local = value.astimezone(clock.WARSAW)
    return f"{local.hour}:{local.minute:02}"


def days_away(days: int, tolerance: int = 0) -> str:
    """How far a due day is: `za 3 dni`, `dziś mija termin`, `3 dni po terminie`; past it, what the tolerance leaves."""
    if days == 0:
        return said(N_("due today"))
    if days > 0:
        return ngettext("in %(num)d day", "in %(num)d days", days)
    if days + tolerance >= 0:
        return ngettext("%(num)d day of tolerance left", "%(num)d days of tolerance left", days + tolerance)
    return ngettext("%(num)d day overdue", "%(num)d days overdue", -days)
