"""Fifty people write on one case at the same moment: one text is stored, and everybody else sees both and chooses."""

import contextvars
import html
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from flask import Flask

from qms.auth import sessions
from qms.core import clock
from qms.core.db import db
from qms.findings import service
from tests.support.application import NOON
from tests.support.cases import Case, acting
from tests.support.world import TODAY, World

EDITORS = 50


def keys_of(case: Case) -> list[str]:
    """Sessions of the head and of the colleague to whom the answer was handed over, each in many windows."""
    with case.scope():
        service.hand_over(case.finding, case.where.fn_clerk.id, by=acting(case.where.fn_head), today=TODAY)
        keys = [sessions.start((case.where.fn_head, case.where.fn_clerk)[each % 2]) for each in range(EDITORS)]
        db.session.commit()
    return keys


class Editors:
    """People who opened the same page and press their buttons together."""

    def __init__(self, app: Flask, case: Case) -> None:
        self.app, self.keys, self.address = app, keys_of(case), f"{case.address}/odpowiedz"
        self.owner = str(case.where.fn_clerk.id)

    def press(self, at: int, button: str, texts: list[str]) -> list[tuple[int, str]]:
        """Status and page that each of them gets; `at` is the version that all of them have before their eyes."""
        together = Barrier(EDITORS)

        def run(key: str, text: str) -> tuple[int, str]:
            with clock.at(NOON + timedelta(minutes=1)):
                browser = self.app.test_client()
                browser.set_cookie("rejestr", key)
                typed = self._form(at, text) | {button: "1"}
                together.wait()
                answer = browser.post(self.address, data=typed)
                return answer.status_code, html.unescape(answer.text)

        with ThreadPoolExecutor(EDITORS) as threads:
            # Each in a context of its own, as on a server: none of them shares the test's.
            running = [
                threads.submit(contextvars.Context().run, run, key, text)
                for key, text in zip(self.keys, texts, strict=True)
            ]
            return [each.result() for each in running]

    def _form(self, version: int, text: str) -> dict[str, str]:
        return {
            "correction": "Odnowiono.",
            "cause": text,
            "actions-0-description": "Rejestr.",
            "actions-0-due_on": "27.3.2027",
            "actions-0-owner": self.owner,
            "version": str(version),
        }


def test_of_fifty_editors_one_is_stored_and_nobody_loses_a_word(
    app: Flask, world: World, times: Callable[[int, int], int], record_property: Callable[[str, object], None]
) -> None:
    case = Case(world.bochnia).publish()
    editors, rounds, found = Editors(app, case), times(2, 100), Counter[int]()

    for number in range(rounds):
        with case.scope():
            version = case.again().version
            db.session.rollback()  # a reader here would keep the writers waiting on SQLite
        texts = [f"Przyczyna {number}-{each}, opisana po swojemu." for each in range(EDITORS)]
        answers = editors.press(version, "draft" if number < rounds - 1 else "confirm", texts)
        found.update(status for status, _ in answers)
        stored = [text for text, (status, _) in zip(texts, answers, strict=True) if status == 302]
        assert len(stored) == 1, "two were told that theirs is stored, or nobody"
        with case.scope():
            finding = case.again()
            assert (finding.draft or {"cause": finding.rounds[-1].cause})["cause"] == stored[0]
        for text, (status, page) in zip(texts, answers, strict=True):
            assert status == 302 or text in page, "somebody lost what they wrote"
            is_both_shown = number == rounds - 1 or stored[0] in page  # what was sent at last stands on the case
            assert status == 302 or is_both_shown, "somebody does not see both texts"

    # Once the answer is sent the colleague may not write any more; everybody else is told of the other text.
    assert found[302] == rounds
    assert found[403] <= EDITORS // 2
    assert set(found) <= {200, 302, 403, 409}
    assert found.total() == rounds * EDITORS
    record_property("rounds", rounds)
    record_property("saved, told of the other", f"{found[302]}, {found.total() - found[302]}")
