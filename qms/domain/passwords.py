"""Which passwords fall to the first guesses.

Source: NIST SP 800-63B, 3.1.1.2 (length counts, no rules of composition; refuse common words, the service's own
words and the person's). A pass phrase may hold such a word: what is left without them has to carry it.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        haslo hasło password passw0rd qwerty qwertz qazwsx asdfgh zxcvbn abcdef iloveyou letmein welcome witaj dupa
        polska kochanie misiek master dragon monkey admin test login rejestr audit audyt jakosc jakość pelnomocnik
        pełnomocnik urzad urząd miejski miasta gminy gmina powiat powiatowe starostwo sekretariat styczen luty marzec
        kwiecien maj czerwiec lipiec sierpien wrzesien listopad wiosna lato jesien zima poniedzialek wtorek sroda
        czwartek piatek
        """,
    )
)
LEAST_LEFT = 8  # characters, letters and digits, that are none of the known words
FEW_DIFFERENT = 5
LENGTH_MAKES_UP = 24
_SHORT = 3
_YEAR_OR_SIGNS = re.compile(r"(19|20)[0-9]{2}|[\W_]+")
# Each row stands half a key to the right of the one above it.
_KEYBOARD = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_PLACES = {key: (row, column) for row, keys in enumerate(_KEYBOARD) for column, key in enumerate(keys)}
_WITHOUT_SHIFT = str.maketrans("!@#$%^&*()", _KEYBOARD[0])
_LEAST_WALK = 4


def is_easily_guessed(password: str, *, about: Iterable[str] = ()) -> bool:
    """Whether little is left without common words, years, walks on the keyboard and words `about` the person.

    >>> is_easily_guessed("UrzadMiejski2026!"), is_easily_guessed("cztery konie na moscie")
    (True, False)
    """
    lowered = password.casefold()
    if len(set(lowered)) < FEW_DIFFERENT and len(lowered) < LENGTH_MAKES_UP:
        return True
    left = lowered
    for word in sorted({*COMMON, *_words(about)}, key=len, reverse=True):
        left = left.replace(word, " ")
    left = _YEAR_OR_SIGNS.sub("", _without_walks(left))
    return len(left) < LEAST_LEFT


def _without_walks(text: str) -> str:
    """Without what a finger types on one key or on keys side by side, such as 1111, qwerty and zaq12wsx."""
    kept, walk = "", text[:1]
    for key, following in pairwise(text):
        if not _is_beside(*(key + following).translate(_WITHOUT_SHIFT)):
            kept, walk = kept + _unless_walk(walk), ""
        walk += following
    return kept + _unless_walk(walk)


def _unless_walk(keys: str) -> str:
    return keys if len(keys) < _LEAST_WALK else " "


def _is_beside(key: str, other: str) -> bool:
    if key == other or not {key, other} <= _PLACES.keys():
        return key == other
    (upper, left), (lower, right) = sorted((_PLACES[key], _PLACES[other]))
    return right - left == 1 if upper == lower else lower - upper == 1 and left - right in {0, 1}


def _words(texts: Iterable[str]) -> set[str]:
    found = (word for text in texts for word in re.split(r"[\W_]+", text.casefold()))
    return {word for word in found if len(word) > _SHORT}
