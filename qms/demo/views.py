"""What the proxy of the first office keeps of the registers, to look at each week."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from qms.demo.cast import Cast
from qms.demo.papers import day_of
from qms.demo.scene import Event, Scene
from qms.domain.views import Listed
from qms.findings.views import Narrowed, keep

_OFFICE: Final = "sp-bochnia"
_KEPT: Final = 12  # days before the last one
_VIEWS: Final = {
    "Sprawy po terminie": Narrowed(Listed.FINDINGS, {"po_terminie": "y"}),
    "Skargi": Narrowed(Listed.FINDINGS, {"zrodlo": "skarga"}),
    "Działania na ten miesiąc": Narrowed(Listed.ACTIONS, {"termin": "miesiac"}),
}


def events_of(casts: Mapping[str, Cast], on: date) -> Iterator[Event]:
    """Two views of the findings and one of the actions."""
    yield Event(day_of(on, _KEPT), casts[_OFFICE], _keep)


def _keep(scene: Scene) -> None:
    with scene.played_by("proxy") as by:
        for name, what in _VIEWS.items():
            keep(scene.office, name, what, person_id=by.person_id, today=scene.day)
