"""Pages behind links in letters: answering a case, reporting an action done, asking for a new link."""

from qms.grants.answer_pages import answer
from qms.grants.done_pages import report_done
from qms.grants.file_pages import found_file, found_picture
from qms.grants.handing_pages import hand_over
from qms.grants.link_pages import broken, new_link
from qms.grants.pages import bp
from qms.grants.plea_pages import ask_time, object_to

__all__ = [
    "answer",
    "ask_time",
    "bp",
    "broken",
    "found_file",
    "found_picture",
    "hand_over",
    "new_link",
    "object_to",
    "report_done",
]
