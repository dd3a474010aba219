"""Polish order and folding: what is stored beside a name so that any database sorts and finds it alike."""

import re
import unicodedata

_LETTERS = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_DECOMPOSES_NOT = str.maketrans("łŁøØđĐßæÆœŒ", "lLoOdDsaAoO")


def fold(text: str) -> str:
    """Lower case without diacritics, words joined by one space; `Łódź` and `lodz` fold alike."""
    plain = unicodedata.normalize("NFKD", text.translate(_DECOMPOSES_NOT))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()
    return _NOT_WORD.sub(" ", letters).strip()


def search_text(*parts: str | None) -> str:
    """What word-beginning search looks in: every folded word led by a space."""
    return " " + fold(" ".join(part for part in parts if part))


def search_patterns(query: str) -> list[str]:
    """LIKE patterns that all have to match `search_text`; empty when nothing is left to look for.

    Folding leaves letters, digits and spaces only, so no wildcard of the reader's survives.
    """
    return [f"% {word}%" for word in fold(query).split()]


def sort_key(text: str) -> str:
    """A key in plain ASCII letters whose byte order is the order of a Polish dictionary."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return "".join(_letter_key(letter) for letter in lowered)[:400]


def _letter_key(letter: str) -> str:
    if letter in _LETTERS:
        place = _LETTERS.index(letter)
        return chr(ord("g") + place // 20) + chr(ord("a") + place % 20)
    if letter.isspace():
        return "aa"
    if letter.isascii() and letter.isdigit():
        return "b" + chr(ord("a") + int(letter))
    folded = fold(letter)
    return _letter_key(folded[0]) if folded and folded[0] != letter else "ab"
