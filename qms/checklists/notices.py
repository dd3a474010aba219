"""The letter about a device on which answers of an audit may wait."""

from qms.checklists.models import AnswerDevice
from qms.core import clock, outbox
from qms.people import queries as people


def tell_of_silence(device: AnswerDevice, *, number: str, path: str) -> None:
    """Tell whose device it is, unless they have left the office.

    The instant at which it was last heard tells one silence from the next.
    """
    told = {
        "number": number,
        "path": path,
        "heard_on": clock.day_of(device.heard_at).isoformat(),
        "waiting": device.waiting_count,
    }
    dedupe = f"answers_unsent:{device.id}:{device.heard_at:%Y%m%dT%H%M%S%f}"
    holding = people.serving([device.office_id], [device.person_id], clock.today())
    for person_id in people.active_people({person_id for _, person_id in holding}):
        outbox.put("answers_unsent", person_id=person_id, dedupe=dedupe, office_id=device.office_id, payload=told)
