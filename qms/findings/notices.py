"""Letters about findings and their cases, as plain data; who gets them is decided here as well.

What they hold is agreed with the templates in `templates/emails/<kind>`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final

from qms.audits.models import Audit
from qms.core import outbox
from qms.domain.deadlines import Kind
from qms.domain.findings import Category, is_put_right
from qms.domain.grants import Purpose, named
from qms.domain.standing import Who
from qms.findings.deadlines import waited_for
from qms.findings.models import Action, Finding, Reassignment, Round
from qms.findings.waiting import is_case, undone_actions
from qms.people import queries as people
from qms.people.models import Person

# Who answers for the case where no proxy is appointed.
_IN_PLACE_OF_PROXY = (Who.PROXY, Who.DEPUTY, Who.SECRETARY, Who.HEAD_OF_OFFICE)

REMINDER: Final = "case_reminder"

_MANAGEMENT = (Who.SECRETARY, Who.HEAD_OF_OFFICE)


def path_of(finding: Finding) -> str:
    """The address of the case, without the host."""
    return f"/u/{finding.office.slug}/ustalenia/{finding.key}"


def published(audit: Audit, findings: Collection[Finding], *, today: date) -> None:
    """Tell each head of a unit, in one letter, what was found in their units; whoever else needs to know, that it is.

    Nobody gets two letters about one report: who answers for a unit in which something was found gets that one.
    """
    heads = people.heads(audit.office_id, today)
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        for person_id in heads.get(finding.department_id, ()):
            found[person_id].append(finding)
    for person_id, theirs in found.items():
        cases = [finding for finding in theirs if is_case(finding) and not finding.is_light]
        remarks = [finding for finding in theirs if finding.is_light]
        payload = {
            "audit_number": audit.number,
            "department": ", ".join(_departments(theirs)),
            "nonconformities": [_to_answer(finding) for finding in cases],
            "remarks": [_to_answer(finding) for finding in remarks],
            "is_ahead": bool(cases) and not any(is_put_right(Category(each.category)) for each in cases),
            "others": len(theirs) - len(cases) - len(remarks),
            "audit_path": f"/u/{audit.office.slug}/audity/{audit.key}/ustalenia",
        }
        _put("findings_published", person_id, office_id=audit.office_id, about=f"{audit.key}", payload=payload)
    faults = [finding for finding in findings if is_case(finding) and not finding.is_light]
    told = {
        "audit_number": audit.number,
        "department": ", ".join(part.department.name for part in audit.departments),
        "nonconformities": len(faults),
        "others": len(findings) - len(faults),
        "audit_path": f"/u/{audit.office.slug}/audity/{audit.key}/raport",
        "without_head": _departments(each for each in findings if is_case(each) and not heads.get(each.department_id)),
        "people_path": f"/u/{audit.office.slug}/urzad",
    }
    for person_id, post in _interested(audit, findings, today).items():
        if person_id not in found:
            payload = told | {"post": post}
            _put("report_published", person_id, office_id=audit.office_id, about=audit.key, payload=payload)


def _departments(findings: Iterable[Finding]) -> list[str]:
    found = {finding.department for finding in findings}
    return [department.name for department in sorted(found, key=lambda department: department.sort_key)]


def _interested(audit: Audit, findings: Iterable[Finding], today: date) -> dict[int, str]:
    """Who hears that a report is there, each with why; whoever published it knows."""
    heads = people.heads(audit.office_id, today)
    units = {part.department_id for part in audit.departments}
    units |= {other.department_id for finding in findings for other in finding.concerned}
    found = {person_id: "unit_head" for unit in sorted(units) for person_id in heads.get(unit, ())}
    held = people.holders(audit.office_id, today)
    proxies = held.get(Who.PROXY) or held.get(Who.DEPUTY) or []
    found |= dict.fromkeys(proxies, "proxy")
    found |= {person_id: post.value for post in _MANAGEMENT for person_id in held.get(post, ())}
    found.pop(audit.published_by_id or 0, None)
    return found


def _to_answer(finding: Finding) -> dict[str, Any]:
    return {
        "number": finding.number,
        "statement": finding.statement,
        "clause": finding.clause.number if finding.clause else "",
        "answer_due_on": iso(finding.due_on),
        "is_light": finding.is_light,
        "path": path_of(finding) + "/odpowiedz",
        **named(Purpose.ANSWER, finding.office_id, finding.key),
    }


def taken(finding: Finding, *, today: date) -> None:
    """Tell the head of the unit what was reported there and is to be answered, or only known of."""
    payload = {
        "number": finding.number,
        "statement": finding.statement,
        "noticed_on": iso(finding.noticed_on),
        "needs_answer": is_case(finding),
        "is_light": finding.is_light,
        "answer_due_on": iso(finding.due_on),
        "path": path_of(finding) + ("/odpowiedz" if is_case(finding) else ""),
        **(named(Purpose.ANSWER, finding.office_id, finding.key) if is_case(finding) else {}),
    }
    tell_all("case_opened", finding, to=_heads(finding, today), payload=payload)


def answered(finding: Finding, *, today: date) -> None:
    """Tell whoever may decide that an answer waits, and send who answered a copy of it."""
    answer = _current(finding)
    told = {
        "number": finding.number,
        "statement": finding.statement,
        "correction": answer.correction or answer.no_correction_reason,
        "cause": answer.cause,
        "criterion": answer.criterion,
    }
    actions = [
        {"description": action.description, "owner": action.owner.name, "due_on": iso(action.due_on)}
        for action in finding.current_actions
    ]
    received = told | {
        "answered_by": _name(answer.answered_by_id),
        "actions": actions,
        "decide_by": iso(finding.due_on),
        "path": path_of(finding) + "/sprawdz",
    }
    receipt = told | {"actions": actions, "next_by": iso(finding.due_on), "path": path_of(finding)}
    for person_id in waited_for(finding, today) or proxies(finding, today):
        _tell("answer_received", finding, person_id=person_id, payload=received)
    tell_all("receipt", finding, to=[answer.answered_by_id], payload=receipt)


def returned(finding: Finding, note: str, *, by_name: str, today: date) -> None:
    """Ask the unit for a new answer: one that says more, or one for a new round."""
    answer = finding.rounds[-1]
    before = finding.rounds[-2].answered_by_id if len(finding.rounds) > 1 else None
    payload = {
        "number": finding.number,
        "note": note,
        "returned_by": by_name,
        "answer_due_on": iso(finding.due_on),
        "path": path_of(finding) + "/odpowiedz",
        **named(Purpose.ANSWER, finding.office_id, finding.key),
    }
    to = {answer.answered_by_id or before, finding.answerer_id, *_heads(finding, today)}
    tell_all("answer_returned", finding, to=to, payload=payload)


def handed_over(finding: Finding, *, to: Person, by: Person) -> None:
    """Ask the new person for the answer, and tell who answered until now where it went."""
    asked = _to_answer(finding) | {"handed_by": by.name}
    _tell("handed_over", finding, person_id=to.id, payload=asked)
    noted = {"number": finding.number, "to_name": to.name, "path": path_of(finding)}
    _tell("handing_over_noted", finding, person_id=by.id, payload=noted)


def plan_accepted(finding: Finding) -> None:
    """Tell those who do the actions, and who answered, that the work may begin."""
    answered_by = _current(finding).answered_by_id
    actions = finding.current_actions
    for person_id in {action.owner_id for action in actions} | {answered_by}:
        own = [action for action in actions if person_id in {action.owner_id, answered_by}]
        to_do = [_to_do(finding, action, reader_id=person_id) for action in own]
        payload = {"number": finding.number, "actions": to_do, "sequence": finding.version}
        payload["is_light"] = finding.is_light
        tell_all("plan_accepted", finding, to=[person_id], payload=payload)


def _to_do(finding: Finding, action: Action, *, reader_id: int | None) -> dict[str, Any]:
    told = {
        "description": action.description,
        "due_on": iso(action.due_on),
        "path": f"/u/{finding.office.slug}/dzialania/{action.reported_as}/wykonane",
    }
    # As the agenda names it; only one's own actions go into one's calendar.
    return told | {"uid_of": f"action:{action.reported_as}"} if action.owner_id == reader_id else told


def reassigned(
    actions: Sequence[Action], given: Sequence[Reassignment], *, to: Person, by_name: str, reason: str, today: date
) -> None:
    """Ask the new person for these actions of one office, and tell whoever is there still and had some of them."""
    told = {"by_name": by_name, "reason": reason}
    to_do = [_given(action) | named(Purpose.REPORT_DONE, action.office_id, action.key) for action in actions]
    _tell_of_actions("action_given", actions, person_id=to.id, payload=told | {"actions": to_do})
    had: dict[int, list[Action]] = defaultdict(list)
    for action, row in zip(actions, given, strict=True):
        had[row.from_id].append(action)
    for _, person_id in people.present({row.office_id for row in given}, people.active_ids(list(had)), today):
        payload = told | {"to_name": to.name, "actions": [_given(action) for action in had[person_id]]}
        _tell_of_actions("action_taken_off", had[person_id], person_id=person_id, payload=payload)


def _given(action: Action) -> dict[str, Any]:
    finding = action.finding
    told = _to_do(finding, action, reader_id=action.owner_id)
    return told | {"number": finding.number, "sequence": finding.version}


def _tell_of_actions(kind: str, actions: Sequence[Action], *, person_id: int, payload: dict[str, Any]) -> None:
    first = actions[0]  # given once in each of its versions, which tells two letters apart
    cause = f"{first.key}:{first.version}"
    _put(kind, person_id, office_id=first.office_id, about=cause, payload=payload)


def reminded(finding: Finding, to: Person, note: str, *, by_name: str, today: date) -> bool:
    """Remind of a case, once on one day; false when this person got such a letter today already."""
    payload = reminder(finding, to.id, note, by_name=by_name)
    dedupe = f"{REMINDER}:{finding.key}:{today}:{to.id}"
    return outbox.put(REMINDER, person_id=to.id, dedupe=dedupe, office_id=finding.office_id, payload=payload)


def reminder(finding: Finding, reader_id: int, note: str, *, by_name: str) -> dict[str, Any]:
    """What one person is reminded of: the answer, their own actions, or whatever else the case waits for."""
    is_answer, is_action = finding.waits_for == Kind.ANSWER, finding.waits_for == Kind.ACTION
    own = [action for action in undone_actions(finding) if action.owner_id == reader_id] if is_action else []
    links = [_given(action) | named(Purpose.REPORT_DONE, action.office_id, action.reported_as) for action in own]
    asked = named(Purpose.ANSWER, finding.office_id, finding.key) if is_answer else {}
    return {
        "key": finding.key,
        "number": finding.number,
        "statement": finding.statement,
        "waits_for": finding.waits_for,
        "is_light": finding.is_light,
        "by_name": by_name,
        "note": note,
        "case_due_on": None if is_action else iso(finding.due_on),
        "actions": links,
        "path": path_of(finding) + ("/odpowiedz" if is_answer else ""),
        **asked,
    }


def action_reported(finding: Finding, action: Action, *, by_name: str, all_done: bool, today: date) -> None:
    """Tell the proxy that an action was done; of the last one, whoever is asked to verify the work."""
    payload = {
        "number": finding.number,
        "description": action.description,
        "reported_by": by_name,
        "all_done": all_done,
        "path": path_of(finding) + ("/weryfikacja" if all_done else ""),
    }
    asked = waited_for(finding, today) if all_done else []
    for person_id in asked or proxies(finding, today):
        _tell("action_reported", finding, person_id=person_id, payload=payload, about=action.key)


def _heads(finding: Finding, today: date) -> list[int]:
    """Heads of the unit; where nobody heads it, the proxy's task is to name one."""
    return people.heads(finding.office_id, today).get(finding.department_id, [])


def proxies(finding: Finding, today: date) -> list[int]:
    holders = people.holders(finding.office_id, today)
    return next((holders[post] for post in _IN_PLACE_OF_PROXY if holders.get(post)), [])


def tell_all(kind: str, finding: Finding, *, to: Iterable[int | None], payload: dict[str, Any]) -> None:
    """The same letter about a case to each of these who has an account."""
    for person_id in people.active_people([each for each in to if each is not None]):
        _tell(kind, finding, person_id=person_id, payload=payload)


def _tell(kind: str, finding: Finding, *, person_id: int, payload: dict[str, Any], about: str = "") -> None:
    # The version tells two letters of one kind apart: an answer may be sent, returned and sent again.
    cause = f"{finding.key}:{finding.version}:{about}"
    _put(kind, person_id, office_id=finding.office_id, about=cause, payload=payload)


def _put(kind: str, person_id: int, *, office_id: int, about: str, payload: dict[str, Any]) -> None:
    dedupe = f"{kind}:{about}:{person_id}"
    outbox.put(kind, person_id=person_id, dedupe=dedupe, office_id=office_id, payload=payload)


def _current(finding: Finding) -> Round:
    return finding.rounds[-1]


def _name(person_id: int | None) -> str:
    return people.names([person_id]).get(person_id, "") if person_id is not None else ""


def iso(day: date | None) -> str | None:
    """A day as letters keep it."""
    return day.isoformat() if day else None
