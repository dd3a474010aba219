"""The page of one case, and its files."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from qms.core import clock, files, outbox
from qms.core.access import actor, guard, may
from qms.core.i18n import moment, said
from qms.core.trail import BY_LETTER
from qms.domain.deadlines import Kind
from qms.domain.findings import Stage, Step
from qms.findings import deadlines, history, queries, reminding, repeats, returned, words
from qms.findings.facts import offered
from qms.findings.models import Action, Evidence, Finding
from qms.findings.pages import asked, bp, gettext, left, stage_label, why
from qms.findings.waiting import is_case, undone_actions
from qms.policy import Can, reach


@bp.get("/u/<slug>/ustalenia/<key>")
@guard(Can.SEE_FINDING, load=queries.by_key)
def detail(finding: Finding) -> ResponseReturnValue:
    """The whole case: where it stands, what is needed now and from whom, all that was written, what happened."""
    today, part = clock.today(), reach(actor(), finding.concern)
    steps = offered(finding, by=actor(), today=today)
    is_unheaded = deadlines.lacks_head(finding, today)
    return render_template(
        "findings/detail.html",
        finding=finding,
        steps=steps,
        Step=Step,
        Kind=Kind,
        stages=_stages(finding),
        now=said(words.NO_HEAD) if is_unheaded else _now(finding),
        is_head_to_name=is_unheaded and may(Can.MANAGE_PEOPLE),
        returned=returned.of_case(finding),
        due_left=left(finding),
        why=why(finding),
        own_action=_own_action(finding),
        is_remindable=may(Can.REMIND, finding) and bool(reminding.readers(finding, by=actor(), today=today)),
        is_review_early=finding.waits_for == Kind.EFFECTIVENESS and Step.JUDGE_EFFECTIVE not in steps,
        repeats=repeats.linked(finding, part),
        is_alike=may(Can.LINK_REPEAT, finding) and repeats.is_any_alike(finding),
        is_answer_shown=finding.is_answer_sent or may(Can.ANSWER, finding),
        events=_told(history.of_case(finding)),
        today=today,
    )


def _stages(finding: Finding) -> list[str]:
    """The stages of the line; the one the case is in under its exact name. A cancelled case has no line."""
    if not is_case(finding) or finding.stage is None or finding.state in {"rejected", "cancelled"}:
        return []
    named = [said(text) for stage, text in words.STAGES.items() if stage < words.LAST_STAGE]
    if finding.is_light:
        named[Stage.TO_BE_JUDGED - 1] = said(words.STAGE_BY_WAIT[Kind.VERIFICATION])
    named[finding.stage - 1] = said(stage_label(finding.stage, finding.state, finding.waits_for))
    return named


def _own_action(finding: Finding) -> Action | None:
    """What the reader has to do here next, if they do any of the actions."""
    if finding.waits_for != Kind.ACTION:
        return None
    own = [action for action in undone_actions(finding) if may(Can.REPORT_DONE, action)]
    return min(own, key=lambda action: action.due_on, default=None)


def _now(finding: Finding) -> str:
    """What is needed now, from whom and until when; empty once the case waits for nothing."""
    if finding.waits_for is None:
        return ""
    names = asked(finding)
    key = words.now_key(finding.category, finding.waits_for, is_light=finding.is_light)
    if not names:
        return said(words.NOW[key])
    sentences = words.NOW_BY if finding.due_on else words.NOW_WITHOUT_DAY
    return said(sentences[key], names=names, day=finding.due_on)


def _told(events: Sequence[history.Event]) -> list[dict[str, Any]]:
    through = {"job": gettext("the register itself"), "command": gettext("a command")} | _letters(events)
    return [
        {
            "what": said(event.what, **event.params),
            "when": moment(event.at),
            "who": event.who,
            "through": through.get(event.via),
            "note": event.note,
        }
        for event in events
    ]


def _letters(events: Sequence[history.Event]) -> dict[str, str]:
    """What was done through links in letters, each with the mailbox it went to."""
    given = {event.via: event.via.removeprefix(BY_LETTER) for event in events if event.via.startswith(BY_LETTER)}
    addresses = outbox.addresses({int(letter_id) for letter_id in given.values()}) if given else {}
    return {
        via: gettext("a link in a letter sent to %(address)s", address=addresses.get(int(letter_id), "–"))
        for via, letter_id in given.items()
    }


@bp.get("/u/<slug>/pliki/<key>")
@guard(Can.SEE_FINDING, load=queries.file_by_key)
def download(evidence: Evidence) -> Response:
    """A file of a published finding."""
    return files.sent(evidence.file)


@bp.get("/u/<slug>/szkice/pliki/<key>")
@guard(Can.SEE_DRAFT, load=queries.draft_file_by_key)
def download_draft(evidence: Evidence) -> Response:
    """A file of a draft."""
    return files.sent(evidence.file)
