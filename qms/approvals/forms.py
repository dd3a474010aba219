"""What an office types about its steps of approval, and whoever takes one."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField

from qms.approvals.words import POSTS
from qms.core.forms import CHOOSE, Form, LineField, TextField, needed, optional
from qms.domain.approval import APPROVING, MOST_STEPS, Step
from qms.domain.errors import N_, InvalidInput
from qms.domain.standing import Who


class GiveBackForm(Form):
    """Opening what was sent for changes again."""

    reason = TextField(
        _l("What is to be changed"),
        [needed(_l("Write what is to be changed before it can be approved."))],
        limit=2000,
        description=_l("Whoever sent it will read this."),
    )


class ApproveForm(Form):
    """Taking one's step of the approval."""

    order_number = LineField(
        _l("Number of the order"),
        [optional()],
        limit=100,
        description=_l("When an order puts it in force, for example 12/2027."),
    )


class ChainForm(Form):
    """Who approves papers, in one to three steps; the fields of the steps are added below."""

    approves_reports = BooleanField(
        _l("Reports of audits are approved in these steps too"),
        description=_l("Without it the lead auditor publishes a report at once."),
    )

    @property
    def steps(self) -> list[Step]:
        """The steps that were filled in, in order."""
        chosen = [(self[f"verb_{place}"].data or "", self[f"post_{place}"].data) for place in _PLACES]
        return [Step(verb, Who(post)) for verb, post in chosen if post]

    @property
    def lines(self) -> list[tuple[Any, Any]]:
        """The verb and the post of each step."""
        return [(self[f"verb_{place}"], self[f"post_{place}"]) for place in _PLACES]

    def refuse_gap(self) -> None:
        """Refuse a verb that no post belongs to. Raises `InvalidInput`."""
        for place in _PLACES:
            if self[f"verb_{place}"].data and not self[f"post_{place}"].data:
                raise InvalidInput(N_("Choose whose step this is, or clear what they do in it."), field=f"post_{place}")


_PLACES = range(1, MOST_STEPS + 1)
for _place in _PLACES:
    _posts = [SelectChoice("", CHOOSE if _place == 1 else _l("No such step"))]
    _posts += [SelectChoice(each.value, _l(POSTS[each])) for each in APPROVING]
    _checks = [needed(_l("Choose who takes the first step."))] if _place == 1 else [optional()]
    setattr(ChainForm, f"post_{_place}", SelectField(_l("Post"), validators=_checks, choices=_posts))
    _hint = _l("For example: checked, approved. Papers print it beside the name; left empty it is “Approved by”.")
    setattr(
        ChainForm,
        f"verb_{_place}",
        LineField(_l("What they do in this step"), [optional()], limit=60, description=_hint),
    )


def chain_form(steps: Sequence[Step], *, approves_reports: bool) -> ChainForm:
    """The form with the steps as they stand."""
    shown: dict[str, str | bool] = {
        name: value
        for place, step in enumerate(steps, start=1)
        for name, value in ((f"verb_{place}", step.verb), (f"post_{place}", step.post.value))
    }
    return ChainForm(data=shown | {"approves_reports": approves_reports})
