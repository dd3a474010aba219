"""The files of the finding that a letter asks about: of one case, for one reader, as long as the answer is awaited."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from qms.core import files
from qms.core.access import public
from qms.core.files import StoredFile
from qms.domain.grants import Purpose, Standing
from qms.grants.pages import Opened, bp, ended, enter
from qms.grants.queries import files_of


@bp.get("/o/odpowiedz/<token>/plik/<int:place>")
@public("the address is the key to one answer of one person, who has to see what was found")
def found_file(token: str, place: int) -> ResponseReturnValue:
    """A photo or file of the finding, counted from 1, to take along."""
    return enter(Purpose.ANSWER, token, pages=lambda opened: _sent(opened, place, files.sent))


@bp.get("/o/odpowiedz/<token>/plik/<int:place>/maly")
@public("as above")
def found_picture(token: str, place: int) -> ResponseReturnValue:
    """The same photo, small, for the page of the answer."""
    return enter(Purpose.ANSWER, token, pages=lambda opened: _sent(opened, place, files.sent_small))


def _sent(opened: Opened, place: int, send: Callable[[StoredFile], ResponseReturnValue | None]) -> ResponseReturnValue:
    shown = files_of(opened.asked) if opened.standing is Standing.OPEN else []
    sent = send(shown[place - 1]) if 0 < place <= len(shown) else None
    return ended("") if sent is None else sent
