"""What may be typed and stored as text, an e-mail address or a whole number.

Text is kept as typed, in NFC, without invisible characters; making it harmless is the work of each exit (page, letter,
sheet), not of the entrance. Refused is only what no exit can carry: control characters, half characters, and in a
single line the marks that turn the reading order round.
"""

import re
import unicodedata
from collections.abc import Callable

from qms.domain.errors import N_, InvalidInput

INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
LATIN_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
LINE_ENDS = re.compile("\r\n|[\r\v\f\u2028\u2029]")
# U+FFFD is what a half character has become by the time a form brings it.
NEVER_STORED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]")
NOT_IN_A_LINE = re.compile("[\t\n\v\f\r\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LOOKS_BLANK = "\u115f\u1160\u2800\u3164\uffa0"

INT4_MAX = 2**31 - 1
# Composing accents can shorten a text to a third; beyond this it is refused before any work is spent on it.
RAW_TO_STORED = 4


def clean_line(text: str, limit: int, *, field: str | None = None) -> str:
    """One line as it is stored. `limit` is in characters; refuses a blank one."""
    return _clean(text, limit, field=field, settle=_without_line_ends)


def clean_text(text: str, limit: int, *, field: str | None = None) -> str:
    """Text of many lines as it is stored, lines ended by a plain newline. Refuses a blank one."""
    return _clean(text, limit, field=field, settle=_with_plain_line_ends)


def _clean(text: str, limit: int, *, field: str | None, settle: Callable[[str, str | None], str]) -> str:
    if len(text) > limit * RAW_TO_STORED + 1000:
        raise _too_long(limit, field)
    _refuse_unstorable(text, field)
    composed = unicodedata.normalize("NFC", text.translate(INVISIBLE).translate(LATIN_LIGATURES))
    cleaned = settle(composed.strip(), field)
    if is_blank(cleaned):
        raise InvalidInput(N_("This field is empty. Type at least one letter or digit."), field=field)
    if len(cleaned) > limit:
        raise _too_long(limit, field)
    return cleaned


def is_blank(text: str) -> bool:
    """Whether nothing in the text would leave a mark on paper."""
    return all(unicodedata.category(char)[0] in "ZC" or char in LOOKS_BLANK for char in text)


def _too_long(limit: int, field: str | None) -> InvalidInput:
    return InvalidInput(N_("This text is too long. Shorten it to %(limit)s characters."), field=field, limit=limit)


def _refuse_unstorable(text: str, field: str | None) -> None:
    if NEVER_STORED.search(text):
        message = N_("The text holds a character that cannot be stored. Delete it and type the text again.")
        raise InvalidInput(message, field=field)


def _without_line_ends(text: str, field: str | None) -> str:
    if NOT_IN_A_LINE.search(text):
        raise InvalidInput(N_("Write this in one line, without line breaks and tabs."), field=field)
    return text


def _with_plain_line_ends(text: str, _field: str | None) -> str:
    return LINE_ENDS.sub("\n", text)


LOCAL_PART = re.compile(r"[a-z0-9_'+&=~][a-z0-9_'+&=~-]*(\.[a-z0-9_'+&=~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
TOP_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64


def clean_email(text: str, *, field: str | None = None) -> str:
    """The address in lower case, its domain in ASCII: what identifies an account and what letters are sent to.

    Narrower than the standard on purpose: quoted names, address literals, a leading dash and the routing marks % and !
    are refused, and so is a domain with letters that only look Latin.
    """
    address = text.strip(" \t\u00a0")
    local, _, domain = address.rpartition("@") if len(address) <= LONGEST_ADDRESS else ("", "", "")
    ascii_domain = _ascii_domain(domain.lower())
    if not (_is_local_part(local) and _is_domain(ascii_domain)):
        message = N_("This is not an e-mail address we can write to. Type it like anna.nowak@urzad.example.pl.")
        raise InvalidInput(message, field=field)
    return _short_enough(f"{local.lower()}@{ascii_domain}", field)


def _short_enough(address: str, field: str | None) -> str:
    if len(address) > LONGEST_ADDRESS:
        raise _too_long(LONGEST_ADDRESS, field)
    return address


def _is_local_part(local: str) -> bool:
    # Asked before lower(), which would turn some foreign letters into ASCII ones.
    return local.isascii() and len(local) <= LONGEST_LOCAL_PART and bool(LOCAL_PART.fullmatch(local.lower()))


def _is_domain(domain: str) -> bool:
    *labels, top = domain.split(".")
    return bool(labels) and all(map(LABEL.fullmatch, labels)) and bool(TOP_LABEL.fullmatch(top))


def _ascii_domain(domain: str) -> str:
    """The domain in its ASCII form, or nothing when it is malformed or could be taken for another one."""
    try:
        ascii_form = domain.encode("idna").decode("ascii") if domain else ""
        readable = ascii_form.encode("ascii").decode("idna")
    except UnicodeError:
        return ""
    return ascii_form if _is_latin(readable) and domain in {ascii_form, readable} else ""


def _is_latin(domain: str) -> bool:
    return all(char.isascii() or unicodedata.name(char, "").startswith("LATIN ") for char in domain)


WHOLE_NUMBER = re.compile("-?(?:[0-9]{1,12}|[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3}){1,3})")


def parse_whole_number(text: str, minimum: int = 0, maximum: int = INT4_MAX, *, field: str | None = None) -> int:
    """The number typed in plain digits; groups of three may stand apart, as in 1 234."""
    typed = text.strip()
    if not WHOLE_NUMBER.fullmatch(typed):
        raise InvalidInput(N_("Type a whole number in digits, for example 14."), field=field)
    number = int(re.sub(r"\s", "", typed))
    if not minimum <= number <= maximum:
        message = N_("Type a number from %(minimum)s to %(maximum)s.")
        raise InvalidInput(message, field=field, minimum=minimum, maximum=maximum)
    return number
