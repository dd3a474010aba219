"""How cases go on after they were published: on which day, which step. The whole of a course is its sentence."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Course:
    """Steps of `cases.STEPS` by days after the publication; what has not come by the last day has not happened.

    `due` are the days by which the actions are to be done, as many as there are actions. `doer` and `judge` name a
    role where it is not the usual one.
    """

    told: str = ""
    due: tuple[int, ...] = (35,)
    doer: str = ""
    judge: str = ""

    @property
    def steps(self) -> list[tuple[int, str]]:
        parts = (part.split() for part in self.told.split(",") if part.strip())
        return [(int(day), step) for day, step in parts]


_TO_WORK: Final = "9 send, 13 accept"  # who answers has acknowledged
_TO_CHECK: Final = f"{_TO_WORK}, 33 done, 38 verify"
_CLOSED: Final = f"{_TO_CHECK}, 141 judge, 145 close"

COURSES: Final[dict[str, Course]] = {
    # to the end
    "closed": Course(_CLOSED),
    "closed by proxy": Course(f"{_TO_CHECK}, 141 judge", judge="proxy"),
    "closed after return": Course(
        "2 acknowledge, 8 send, 11 give_back, 16 send_better, 19 accept, 33 done, 38 verify, 141 judge, 145 close"
    ),
    "closed late": Course(
        "8 ask_time, 9 more_time, 18 send, 22 accept, 30 move_action, 52 done, 58 verify, 160 judge, 163 close"
    ),
    "closed in two rounds": Course(
        f"{_TO_CHECK}, 141 judge_in_vain, 147 send_new, 150 accept, 165 done_new, 170 verify, 273 judge, 277 close"
    ),
    "closed with two actions": Course(
        f"{_TO_WORK}, 30 first_done, 44 done, 49 send_back, 55 done, 60 verify, 163 judge, 166 close",
        due=(32, 46),
    ),
    "closed at leisure": Course(f"{_TO_CHECK}, 133 postpone, 180 judge, 184 close"),
    "reopened": Course(
        f"{_CLOSED}, 300 reopen, 307 send_new, 310 accept, 325 done_new, 330 verify, 433 judge, 436 close"
    ),
    "rejected": Course("3 object_to, 4 reject"),
    "cancelled": Course(f"{_TO_WORK}, 25 cancel"),
    # waiting for a step today, when published at the right time
    "reported": Course(),
    "accepted": Course("2 acknowledge"),
    "disputed": Course("2 acknowledge, 12 object_to"),
    "drafted": Course("2 acknowledge, 5 draft"),
    "short of time": Course("2 acknowledge, 5 draft, 12 ask_time"),
    "returned": Course("2 acknowledge, 6 send, 9 give_back"),
    "answered": Course("2 acknowledge, 9 send"),
    "answered at once": Course("2 acknowledge, 4 send"),
    "planned": Course(f"{_TO_WORK}, 20 reassign", due=(88,)),
    "under way": Course(f"{_TO_WORK}, 35 first_done", due=(40, 96)),
    "late": Course(f"{_TO_WORK}, 30 first_done, 48 remind", due=(32, 46)),
    "done": Course(f"{_TO_WORK}, 34 done"),
    "just done": Course(f"{_TO_WORK}, 65 done", due=(68,)),
    "done in haste": Course("2 acknowledge, 5 send, 8 accept, 17 done", due=(20,)),
    "verified": Course(_TO_CHECK),
    "judged": Course(f"{_TO_CHECK}, 141 judge"),
    "just judged": Course(f"{_TO_CHECK}, 145 judge"),
    "left to the head": Course(f"{_TO_WORK}, 33 done", doer="proxy"),
}
