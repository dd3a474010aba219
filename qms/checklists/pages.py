"""What the pages of questions share: their blueprint and words."""

from collections.abc import Callable

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext

from qms.checklists import words

bp = Blueprint("checklists", __name__)

# The library gives no types.
gettext: Callable[..., str] = _gettext
ngettext: Callable[..., str] = _ngettext


@bp.record_once
def _name(state: BlueprintSetupState) -> None:
    """Give templates, and the macros they import, the words of questions."""
    state.app.jinja_env.globals |= {"checklist_words": words}
