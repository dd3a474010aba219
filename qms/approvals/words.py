"""How posts that approve are called, and the verb of a step that has none."""

from collections.abc import Mapping
from typing import Final

from qms.domain.errors import N_
from qms.domain.standing import Who

POSTS: Final[Mapping[str, str]] = {
    Who.PROXY: N_("quality proxy"),
    Who.HEAD_OF_OFFICE: N_("head of the office"),
    Who.SECRETARY: N_("secretary"),
}
APPROVED: Final = N_("Approved by")  # printed beside a step for which the office set no verb of its own
