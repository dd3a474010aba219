"""Answering a nonconformity from the letter that asks for it: four fields, a page to check, a receipt."""

from typing import NamedTuple

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import public
from qms.core.db import db
from qms.core.files import is_picture
from qms.domain.errors import RuleViolation
from qms.domain.findings import Category, is_put_right
from qms.domain.grants import Purpose, Standing
from qms.findings.answer_forms import typed_before
from qms.findings.answer_steps import Door, refused, take
from qms.findings.models import Finding
from qms.findings.pages import texts
from qms.grants import light_pages, queries
from qms.grants.forms import LetterAnswerForm, refuse_foreign
from qms.grants.pages import Opened, bp, ended, enter, is_too_often, shown, sign_in
from qms.grants.queries import unit_of
from qms.offices import queries as offices

_BY_ITSELF = "auto"


class Shown(NamedTuple):
    """A file of the finding; `picture` is the address of a small one, empty where it is none."""

    name: str
    url: str
    picture: str


@bp.route("/o/odpowiedz/<token>", methods=["GET", "POST"])
@public("the address is the key to one answer of one person; opening it changes nothing")
def answer(token: str) -> ResponseReturnValue:
    """Write the answer; check it; send it. A draft may be kept at any time."""
    return enter(Purpose.ANSWER, token, pages=_page)


def _page(opened: Opened) -> ResponseReturnValue:
    if opened.standing is Standing.SIGN_IN:
        return sign_in(opened)
    if opened.standing is Standing.RECEIPT:
        return show_answered(opened)
    if opened.asked.finding.is_light:
        return light_pages.answer(opened)
    form, finding = _form(opened), opened.asked.finding
    if request.method == "POST":
        taken = _take(form, opened)
        if taken:
            return taken
    return shown(
        "grants/answer.html",
        form=form,
        finding=finding,
        office=finding.office,
        today=clock.today(),
        is_put_right=is_put_right(Category(finding.category)),
        until=opened.grant.expires_on,
        files=_files(opened),
        hand_over=url_for("grants.hand_over", token=opened.token),
        ask_time=url_for("grants.ask_time", token=opened.token),
        object_to=url_for("grants.object_to", token=opened.token),
        is_kept="zapisano" in request.args,
        is_asked="wyslano" in request.args,
    )


def _files(opened: Opened) -> list[Shown]:
    """The files of the finding, each at its address behind the same link."""
    found = enumerate(queries.files_of(opened.asked), start=1)
    return [
        Shown(
            each.name,
            url_for("grants.found_file", token=opened.token, place=place),
            url_for("grants.found_picture", token=opened.token, place=place) if is_picture(each) else "",
        )
        for place, each in found
    ]


def _take(form: LetterAnswerForm, opened: Opened) -> ResponseReturnValue | None:
    """What the button said, unless the form is not ours or comes too often; none when it is shown again."""
    if refuse_foreign(form, opened.grant):
        return None
    # A page keeps a draft every few seconds: those are counted by themselves.
    if is_too_often(form, *(("letter-draft", opened.grant.key) if "draft" in request.form else ())):
        return None
    finding, door = opened.asked.finding, _door(form, opened)
    taken = take(form, finding, door) if form.validate() else None
    return taken or refused(form, finding, door)


def _door(form: LetterAnswerForm, opened: Opened) -> Door:
    finding = opened.asked.finding

    def kept(_said: str) -> ResponseReturnValue:
        if request.form.get("draft") != _BY_ITSELF:
            joint = "&" if "?" in opened.address else "?"
            return redirect(f"{opened.address}{joint}zapisano=1")
        db.session.flush()  # counts the version up
        return jsonify(version=finding.version)

    def barred(_refusal: RuleViolation) -> ResponseReturnValue:
        return ended("", texts(form.visible))

    def sent(_said: str) -> ResponseReturnValue:
        return redirect(opened.address)

    by = queries.actor_of(opened.asked, clock.today())
    return Door(by, kept=kept, sent=sent, barred=barred, check=lambda: _check(form, finding))


def _check(form: LetterAnswerForm, finding: Finding) -> ResponseReturnValue:
    return shown("grants/check_answer.html", form=form, finding=finding, office=finding.office)


def _form(opened: Opened) -> LetterAnswerForm:
    finding = opened.asked.finding
    form = LetterAnswerForm(data=typed_before(finding))
    chosen = {row["owner"] for row in typed_before(finding)["actions"]}
    staff, causes = unit_of(finding, opened.asked.person, chosen), offices.cause_kinds(finding.office_id)
    form.offer(staff, causes, default_id=opened.asked.person.id)
    form.name_cause(finding.category)
    if request.method == "GET":
        form.version.data = finding.version
        refuse_foreign(form, opened.grant)
        form.form_errors = []
    return form


def show_answered(opened: Opened) -> ResponseReturnValue:
    """What was sent; with what was typed besides, where somebody else was quicker."""
    finding, typed = opened.asked.finding, []
    if request.method == "POST":
        form = LetterAnswerForm()
        typed = [] if _is_what_was_sent(form, finding) else list(texts(form.visible))
        if not typed:
            return redirect(opened.address)
    return shown("grants/answered.html", finding=finding, office=finding.office, typed=typed)


def _is_what_was_sent(form: LetterAnswerForm, finding: Finding) -> bool:
    round_ = finding.rounds[-1]
    return (form.answer.written_cause, form.answer.correction) == (round_.cause, round_.correction)
