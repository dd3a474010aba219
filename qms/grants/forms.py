"""What is typed behind the link in a letter: the same forms as behind the door, held by a seal instead of a session."""

from urllib.parse import urlsplit

from flask import current_app, request
from flask_babel import gettext
from wtforms import HiddenField

from qms.core.forms import Form
from qms.core.seals import is_same
from qms.findings.answer_forms import AnswerForm
from qms.findings.light_forms import LightForm
from qms.findings.plea_forms import ObjectionForm, TimeForm
from qms.findings.step_forms import DoneForm, HandOverForm
from qms.grants import links
from qms.grants.models import Grant


class _Meta(Form.Meta):
    """No session, and so no token of one; a seal of the grant instead."""

    csrf = False


class LetterAnswerForm(AnswerForm):
    """The answer to a nonconformity."""

    Meta = _Meta
    seal = HiddenField()


class LetterLightForm(LightForm):
    """Whether the unit acts."""

    Meta = _Meta
    seal = HiddenField()


class LetterDoneForm(DoneForm):
    """That an action was done."""

    Meta = _Meta
    seal = HiddenField()


class LetterHandOverForm(HandOverForm):
    """Who answers instead."""

    Meta = _Meta
    seal = HiddenField()


class LetterTimeForm(TimeForm):
    """How much more time is needed, and why."""

    Meta = _Meta
    seal = HiddenField()


class LetterObjectionForm(ObjectionForm):
    """Why the finding does not stand."""

    Meta = _Meta
    seal = HiddenField()


LetterForm = (
    LetterAnswerForm | LetterLightForm | LetterDoneForm | LetterHandOverForm | LetterTimeForm | LetterObjectionForm
)


def refuse_foreign(form: LetterForm, grant: Grant) -> bool:
    """Whether the form came from elsewhere than a page of this grant; then it says so, and is sealed anew."""
    given, right = form.seal.data or "", links.form_seal(grant.key, current_app.config["SECRET_KEY"])
    form.seal.data = right
    if is_same(given, right) and is_from_here():
        return False
    form.form_errors = [gettext("This page was open for too long. Look at what is typed, then send it again.")]
    return True


def is_from_here() -> bool:
    """Whether a page of this site sent the request, as browsers tell."""
    told = request.headers.get("Origin") or request.referrer or ""
    return urlsplit(told).netloc in {request.host, urlsplit(current_app.config["BASE_URL"]).netloc}
