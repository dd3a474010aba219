"""An office's own ladders of reminders: changed, cleared, or back to what every office starts with."""

from qms.core.db import db
from qms.domain.deadlines import Kind
from qms.domain.reminders import LADDERS, Ladder
from qms.offices.models import Office, OfficeLadder
from qms.offices.replanning import plan_anew


def change(office: Office, kind: Kind, ladder: Ladder) -> None:
    """Remind of this kind by the ladder from the next planning on; what was told already stays told."""
    if ladder == LADDERS[kind]:
        restore(office, kind)
        return
    row = db.session.get(OfficeLadder, (office.id, kind)) or OfficeLadder(office_id=office.id, kind=kind)
    row.before, row.after = list(ladder.before), list(ladder.after)
    row.joins = {level.value: offset for level, offset in ladder.joins.items()}
    row.every_weeks = ladder.every_weeks
    db.session.add(row)
    plan_anew(office)


def restore(office: Office, kind: Kind) -> None:
    """Remind of this kind as every office does at first."""
    row = db.session.get(OfficeLadder, (office.id, kind))
    if row is not None:
        db.session.delete(row)
        plan_anew(office)
