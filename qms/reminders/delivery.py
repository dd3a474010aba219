"""The sender: takes letters that are due, words them, hands them to the mail server, writes down what became of each.

Any number of senders may run. Between two letters nothing is lost by a kill; between the mark `sending` and the
server's answer a kill leaves a doubt, which is written down and resolved by one more try with the same Message-ID.
No transaction is open while the server thinks.
"""

import logging
import os
import socket
import threading
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

from flask import current_app
from jinja2 import TemplateError
from sqlalchemy import update

from qms.core import clock, mail, outbox
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.mail import InDoubt, MailboxTransport, Never, NotNow, Transport, Unavailable
from qms.core.outbox import LEASE, Claim, Letter, LostClaim
from qms.core.smtp import SmtpTransport
from qms.core.transactions import looking, writing
from qms.domain.reminders import PAUSE
from qms.domain.standing import Who
from qms.grants import service as grants
from qms.people import queries as people
from qms.people.models import Person
from qms.reminders import notices, queries, safety
from qms.reminders.models import Reminder
from qms.reminders.writing import Later, Nothing, Ready, write

log = logging.getLogger(__name__)

AT_ONCE: Final = 20
IDLE: Final = "nothing to send"
_RETRY_CONNECTION: Final = timedelta(seconds=15)
# What the data of one letter may cause; it must not keep the letters behind it waiting.
FAULTS: Final = (TemplateError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError)

# Set when the process is asked to stop: the letter in hand is finished, no other is begun.
stopping = threading.Event()


def transport() -> Transport:
    """The mail server of the settings, or the local mailbox while there is none."""
    url = current_app.config["SMTP_URL"]
    if url:
        return SmtpTransport(url, sender=current_app.config["MAIL_FROM"])
    return MailboxTransport(Path(current_app.config["MAILBOX"]))


def send_due(way: Transport | None = None, *, lease: timedelta = LEASE) -> str:
    """Send every letter that is due, and say how it went."""
    with scoped(EVERY_OFFICE):
        with looking():
            if safety.is_paused() or not outbox.is_anything_due(only_awaited=_is_only_awaited()):
                return IDLE
        with writing():
            held = safety.stem_flood()
        with closing(way or transport()) as open_way:
            went = _Sender(open_way, lease).run()
    said = [f"{count} {outcome}" for outcome, count in sorted(went.items())]
    return ", ".join([*said, *([f"{held} held back"] if held else [])]) or IDLE


def _is_only_awaited() -> bool:
    """Whether nothing may leave now but what somebody is waiting for."""
    return outbox.keeps_quiet(clock.now()) or safety.is_stopped()


def _worker() -> str:
    """Names this thread of this process in the queue."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{threading.get_ident() % 10**9}"


class _Sender:
    """One round of sending over one connection."""

    def __init__(self, way: Transport, lease: timedelta) -> None:
        self._way = way
        self._lease = lease
        self._went: Counter[str] = Counter()
        self._is_refused = False

    def run(self) -> Counter[str]:
        """Send until nothing is due, the server refuses everything or the process has to stop."""
        while not self._is_over() and (taken := self._claim()):
            for place, claim in enumerate(taken):
                if self._is_over() or not self._can_send():
                    self._give_back(taken[place:])
                    break
                self._went[self._deliver(claim)] += 1
        return self._went

    def _is_over(self) -> bool:
        return stopping.is_set() or self._is_refused

    def _claim(self) -> list[Claim]:
        with writing():
            taken = outbox.claim(_worker(), AT_ONCE, only_awaited=_is_only_awaited(), lease=self._lease)
            mail.reached("claiming")
        mail.reached("claimed")
        return taken

    def _can_send(self) -> bool:
        try:
            self._way.open()
        except Unavailable as error:
            self._pause(error)
            return False
        return True

    def _pause(self, error: Unavailable) -> None:
        """No letter is to blame: none of its tries is spent."""
        log.warning("the mail server takes no letters: %s", error)
        self._is_refused = True
        with writing():
            safety.pause(str(error), clock.now() + (PAUSE if error.is_refused else _RETRY_CONNECTION))

    def _give_back(self, taken: list[Claim]) -> None:
        for claim in taken:
            try:
                with writing():
                    outbox.put_back(claim)
            except LostClaim:
                continue  # somebody else has it: just as well

    def _deliver(self, claim: Claim) -> str:
        try:
            decided = self._decide(claim)
            if isinstance(decided, Ready):
                return self._send(claim, decided)
            with writing():
                return _leave_unsent(claim, decided)
        except LostClaim:
            return "left to another sender"

    def _decide(self, claim: Claim) -> Ready | Later | Nothing | str:
        """What to do with a letter; a text says what keeps it from being written."""
        try:
            with looking():
                return write(claim.letter_id)
        except FAULTS as error:
            log.exception("letter %s cannot be written", claim.letter_id)
            return f"cannot be written: {type(error).__name__}"

    def _send(self, claim: Claim, ready: Ready) -> str:
        with writing():
            outbox.begin(claim, ready.written, lease=self._lease)
            _note_outcomes(ready.outcomes)
            grants.give(ready.grants)
        mail.reached("marked")
        try:
            self._way.send(ready.written.sent_to, ready.message)
        except Unavailable as error:
            with writing():
                outbox.put_back(claim, reason=str(error), is_try_counted=False)
            self._pause(error)
            return "put back"
        except (NotNow, Never, InDoubt) as error:
            with writing():
                return _settle_unsent(claim, error)
        with writing():
            outbox.settle_sent(claim)
            _note_told(claim.letter_id)
            safety.end_pause()
            mail.reached("settling")
        mail.reached("settled")
        return "sent"


def _leave_unsent(claim: Claim, decided: Later | Nothing | str) -> str:
    if isinstance(decided, Later):
        outbox.put_back(claim, not_before=decided.not_before)
        return "put off to working hours"
    if isinstance(decided, Nothing):
        outbox.settle_void(claim, decided.reason)
        _note_outcomes(decided.outcomes)
        return "no longer needed"
    outbox.settle_failed(claim, decided)
    _tell_proxies(claim.letter_id, is_in_doubt=False)
    return "failed"


def _settle_unsent(claim: Claim, error: NotNow | Never | InDoubt) -> str:
    reason = str(error)
    if isinstance(error, NotNow) and outbox.settle_later(claim, reason):
        return "put off by the server"
    if isinstance(error, InDoubt):
        outbox.settle_in_doubt(claim, reason)
        if db.session.get_one(Letter, claim.letter_id, populate_existing=True).doubts > 1:
            _tell_proxies(claim.letter_id, is_in_doubt=True)
        return "in doubt"
    if isinstance(error, Never):
        outbox.settle_failed(claim, reason)
    _tell_proxies(claim.letter_id, is_in_doubt=False)
    return "failed"


def _note_outcomes(outcomes: dict[int, str]) -> None:
    for line_id, outcome in outcomes.items():
        db.session.execute(update(Reminder).where(Reminder.id == line_id).values(outcome=outcome))


def _note_told(letter_id: int) -> None:
    left = (Reminder.letter_id == letter_id, Reminder.outcome == "")
    db.session.execute(update(Reminder).where(*left).values(outcome="told"))


def _tell_proxies(letter_id: int, *, is_in_doubt: bool) -> None:
    """Somebody has to reach the reader by other means; a letter about a letter is not followed by a third."""
    letter = db.session.get_one(Letter, letter_id, populate_existing=True)
    if letter.kind == "letter_failed":
        return
    reader = db.session.get_one(Person, letter.person_id)
    itself = set() if letter.kind in outbox.TO_ANYBODY else {reader.id}
    for office_id in queries.offices_of_letter(letter):
        held = people.holders(office_id, clock.today())
        proxies = {*(held.get(Who.PROXY) or held.get(Who.DEPUTY) or ())} - itself
        notices.letter_failed(letter, reader=reader, proxy_ids=proxies, office_id=office_id, is_in_doubt=is_in_doubt)
