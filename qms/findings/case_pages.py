"""The page of one case, and its files."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue

from qms.core import clock, files
from qms.core.i18n import moment, said
from qms.core.web import actor, guard, may
from qms.domain.deadlines import Kind
from qms.domain.findings import Step
from qms.findings import deadlines, history, queries, words
from qms.findings.facts import offered
from qms.findings.models import Action, Evidence, Finding
from qms.findings.pages import bp, gettext, left, stage_label, why
from qms.findings.waiting import is_case, undone_actions
from qms.people import queries as people
from qms.policy import Can

# A file is never shown inside the register: it is downloaded, and even opened in place it may run nothing.
_FILE_CSP = "default-src 'none'; sandbox"


@bp.get("/u/<slug>/ustalenia/<key>")
@guard(Can.SEE_FINDING, load=queries.by_key)
def detail(finding: Finding) -> ResponseReturnValue:
    """The whole case: where it stands, what is needed now and from whom, all that was written, what happened."""
    today = clock.today()
    return render_template(
        "findings/detail.html",
        finding=finding,
        steps=offered(finding, by=actor(), today=today),
        Step=Step,
        Kind=Kind,
        stages=_stages(finding),
        waits_for_names=_waits_for(finding),
        due_left=left(finding),
        why=why(finding),
        own_action=_own_action(finding),
        is_answer_shown=finding.is_answer_sent or may(Can.ANSWER, finding),
        events=_told(history.of_case(finding)),
        today=today,
    )


def _stages(finding: Finding) -> list[str]:
    """The stages of the line; the one the case is in under its exact name. A cancelled case has no line."""
    if not is_case(finding) or finding.stage is None or finding.state in {"rejected", "cancelled"}:
        return []
    named = [said(text) for stage, text in words.STAGES.items() if stage < words.LAST_STAGE]
    named[finding.stage - 1] = said(stage_label(finding.stage, finding.state, finding.waits_for))
    return named


def _own_action(finding: Finding) -> Action | None:
    """What the reader has to do here next, if they do any of the actions."""
    if finding.waits_for != Kind.ACTION:
        return None
    own = [action for action in undone_actions(finding) if may(Can.REPORT_DONE, action)]
    return min(own, key=lambda action: action.due_on, default=None)


def _waits_for(finding: Finding) -> list[str]:
    """The names of those the case waits for."""
    return list(people.names(deadlines.waited_for(finding, clock.today())).values())


def _told(events: Sequence[history.Event]) -> list[dict[str, Any]]:
    through = {"job": gettext("the register itself"), "command": gettext("a command")}
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


@bp.get("/u/<slug>/pliki/<key>")
@guard(Can.SEE_FINDING, load=queries.file_by_key)
def download(evidence: Evidence) -> Response:
    """A file of a published finding."""
    return _sent(evidence)


@bp.get("/u/<slug>/szkice/pliki/<key>")
@guard(Can.SEE_DRAFT, load=queries.draft_file_by_key)
def download_draft(evidence: Evidence) -> Response:
    """A file of a draft."""
    return _sent(evidence)


def _sent(evidence: Evidence) -> Response:
    response = send_file(
        files.path_of(evidence.file),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=evidence.file.name,
        etag=False,
        conditional=False,
    )
    response.headers["Content-Security-Policy"] = _FILE_CSP
    return response
