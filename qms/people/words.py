"""What posts are called."""

from collections.abc import Mapping
from typing import Final

from qms.domain.errors import N_
from qms.domain.standing import Who

POST_WORDS: Final[Mapping[Who, str]] = {
    Who.PROXY: N_("Quality proxy"),
    Who.DEPUTY: N_("Deputy of the proxy"),
    Who.HEAD_OF_OFFICE: N_("Head of the office"),
    Who.SECRETARY: N_("Secretary"),
    Who.AUDITOR: N_("Internal auditor"),
    Who.OFFICE_ADMIN: N_("Administrator of the office"),
    Who.EXTERNAL_AUDITOR: N_("Auditor of the certification body"),
}

# What a post lets its holder do, said where posts are given.
POST_HINTS: Final[Mapping[Who, str]] = {
    Who.PROXY: N_("Plans audits, accepts answers, closes cases."),
    Who.DEPUTY: N_("May do all that the proxy may."),
    Who.HEAD_OF_OFFICE: N_("Sees everything, appoints the proxy, checks when nobody else is left."),
    Who.SECRETARY: N_("Sees everything, appoints the proxy, hears of late matters."),
    Who.AUDITOR: N_("Holds internal audits and records findings."),
    Who.OFFICE_ADMIN: N_("Keeps the lists of people and departments; sees no audits."),
    Who.EXTERNAL_AUDITOR: N_("Reads everything until the last day of the post; changes nothing."),
}
