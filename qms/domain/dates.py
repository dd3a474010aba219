"""Days as people type them, and as they are printed.

Nothing is guessed: a two-digit year, and slashes that an American and a Pole would read as different days, are refused.
Both languages are understood on every page; the page's language only chooses the example shown.
"""

import re
import unicodedata
from datetime import date

from qms.domain.calendar import add_days, add_months
from qms.domain.errors import N_, InvalidInput

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_DATE = 40
MONTHS_IN_YEAR = 12

MONTH_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "stycznia styczen january jan",
            "lutego luty february feb",
            "marca marzec march mar",
            "kwietnia kwiecien april apr",
            "maja maj may",
            "czerwca czerwiec june jun",
            "lipca lipiec july jul",
            "sierpnia sierpien august aug",
            "wrzesnia wrzesien september sep",
            "pazdziernika pazdziernik october oct",
            "listopada listopad november nov",
            "grudnia grudzien december dec",
        ),
        start=1,
    )
    for word in words.split()
}
DAY_WORDS = {"dzis": 0, "dzisiaj": 0, "today": 0, "jutro": 1, "tomorrow": 1, "pojutrze": 2}
COUNT_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "jeden one a",
            "dwa two",
            "trzy three",
            "cztery four",
            "piec five",
            "szesc six",
            "siedem seven",
            "osiem eight",
            "dziewiec nine",
            "dziesiec ten",
        ),
        start=1,
    )
    for word in words.split()
}
DAYS_IN = {"day": 1, "days": 1, "dzien": 1, "dni": 1, "week": 7, "weeks": 7, "tydzien": 7, "tygodnie": 7, "tygodni": 7}
MONTHS_IN = {
    **dict.fromkeys(("month", "months", "miesiac", "miesiace", "miesiecy"), 1),
    **dict.fromkeys(("year", "years", "rok", "lata", "lat"), MONTHS_IN_YEAR),
}

ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
POLISH = re.compile(r"([0-9]{1,2})(?: ?[. -] ?)([0-9]{1,2})(?: ?[. -] ?)([0-9]{2,4})")
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2,4})")
IN_WORDS = re.compile(r"([0-9]{1,2})\.? ([a-z]+)\.? ([0-9]{2,4})")
# Three digits of days, weeks, months or years stay far from the last year that a date can hold.
RELATIVE = re.compile(r"(?:za|in) (?:([0-9]{1,3}|[a-z]+) )?([a-z]+)")
YEAR_SUFFIX = re.compile(r" ?(?:r\.?|roku)$")

EXAMPLES = {"pl": "27 marca 2027", "en": "27 March 2027"}


def format_date(day: date) -> str:
    """The day as 27.03.2027, in every language."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def parse_date(text: str, *, today: date, language: str, field: str | None = None) -> date:
    """The day that was typed; refuses with `InvalidInput` what is no day, or could be two."""
    typed = plain(text)
    day = _relative(typed, today) or _named(typed, text, field)
    if day is None:
        example = EXAMPLES.get(language, EXAMPLES["en"])
        message = N_("This is not a date we can read. Type it like 27.3.2027 or %(example)s.")
        raise InvalidInput(message, field=field, example=example)
    return _in_range(day, field)


def plain(text: str) -> str:
    """Lower case, single spaces, no Polish accents; digits and dashes of other scripts stay what they are."""
    if len(text) > LONGEST_DATE:
        return ""
    spaced = " ".join(text.lower().split())
    folded = "".join(_fold(char) for char in spaced)
    return YEAR_SUFFIX.sub("", folded)


def _fold(char: str) -> str:
    # Only letters: NFKD would also turn a superscript or a foreign digit into a plain one.
    return unicodedata.normalize("NFD", char)[0] if char.isalpha() else char


def _relative(typed: str, today: date) -> date | None:
    if typed in DAY_WORDS:
        return add_days(today, DAY_WORDS[typed])
    found = RELATIVE.fullmatch(typed)
    count = _count(found[1]) if found else None
    if found is None or count is None:
        return None
    if found[2] in MONTHS_IN:
        return add_months(today, count * MONTHS_IN[found[2]])
    return add_days(today, count * DAYS_IN[found[2]]) if found[2] in DAYS_IN else None


def _count(word: str | None) -> int | None:
    if word is None:
        return 1
    return int(word) if word.isdigit() else COUNT_WORDS.get(word)


def _named(typed: str, text: str, field: str | None) -> date | None:
    if found := ISO.fullmatch(typed):
        return _day(text, (found[1], found[2], found[3]), field)
    if found := POLISH.fullmatch(typed):
        return _day(text, (found[3], found[2], found[1]), field)
    if (found := IN_WORDS.fullmatch(typed)) and found[2] in MONTH_WORDS:
        return _day(text, (found[3], MONTH_WORDS[found[2]], found[1]), field)
    if found := SLASHED.fullmatch(typed):
        _refuse_two_readings(found[1], found[2], field)
        return _day(text, (found[3], found[2], found[1]), field)
    return None


def _refuse_two_readings(first: str, second: str, field: str | None) -> None:
    if int(first) <= MONTHS_IN_YEAR and int(second) <= MONTHS_IN_YEAR:
        message = N_("With slashes this could be two different days. Type it with dots: day.month.year.")
        raise InvalidInput(message, field=field)


def _day(text: str, parts: tuple[str, str | int, str], field: str | None) -> date:
    year, month, day = parts
    if len(year) != len("2027"):
        raise InvalidInput(N_("Write the year with four digits, for example 31.12.2027."), field=field)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        message = N_("There is no such day: %(typed)s. Check the day and the month.")
        raise InvalidInput(message, field=field, typed=" ".join(text.split())) from None


def _in_range(day: date, field: str | None) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = N_("The year must be from %(first)s to %(last)s. Check the year.")
        raise InvalidInput(message, field=field, first=FIRST_YEAR, last=LAST_YEAR)
    return day
