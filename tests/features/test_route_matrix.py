"""Who may open and send what: every route, method and role, against a table written by hand.

The table follows the design's "Who may do what" and knows nothing of `qms.policy`, so a wrong grant there shows here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qms.auth import giving_up
from qms.core import clock
from tests.support import crowd as crowds
from tests.support.application import NOON, Store
from tests.support.crowd import Crowd

# Each with its column below. The administrator, the coordinator and the proxy of another office hold no post here.
ROLES = {
    "an": "anonymous",
    "de": "deactivated",  # a deputy until a moment ago
    "px": "proxy",
    "dp": "deputy",
    "hd": "head of office",
    "sc": "secretary",
    "au": "auditor",  # on no team
    "ld": "lead",
    "tm": "team",
    "tr": "trainee",  # on the team, otherwise an employee
    "ln": "lent",  # on the team, an auditor of another office
    "ob": "observer",  # on the team, where they judge nothing; otherwise an employee
    "uh": "unit head",  # of the unit that the audit and the findings are about
    "oh": "other head",
    "do": "doer",
    "em": "employee",
    "oa": "office admin",  # works in the office too
    "ex": "external",  # an auditor of the certification body, on the last of their days
    "xp": "external before",  # the same, a day too late
    "co": "coordinator",
    "cs": "coordinator, shared",  # in the office that agreed to share its content
    "ad": "admin",
    "fp": "foreign proxy",
}

# + let in    ! 403, sees it and may not    . 404, not there for them    > led to the door
#
# `of` is the thing the address names. GET and POST are the answer to who is let in; forms are sent empty, so 200 is a
# form shown again with what is missing, 409 one that was never loaded, and 302 a step that needs nothing typed.
EXPECTED = """
                          of           GET POST | an de px dp hd sc au ld tm tr ln ob uh oh do em oa ex xp co cs ad fp
# open to everybody
static                    stylesheet   200    - |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
help.index                -            302    - |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
help.guide                -            200    - |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
help.accessibility        -            200    - |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
auth.sign_in              -            200  200 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
auth.enter_code           -            302  302 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
auth.sign_in_with_password -           200  200 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
auth.sign_out             -              -  302 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
auth.choose_language      -              -  302 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
mailbox.index             -            200    - |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
mailbox.letter            letter       200    - |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
mailbox.attachment        letter       200    - |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
# the secret in its address is all that is asked for
reminders.give_up         letters      200  200 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
people.accept_invitation  way_in       200  302 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
people.confirm_address    new_address  200  302 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
people.stop_address       stop         200  302 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
grants.answer             answer_link  200  200 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
grants.report_done        done_link    200  200 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
grants.hand_over          answer_link  200  200 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
grants.ask_time           answer_link  200  200 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
grants.object_to          answer_link  200  200 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
grants.found_file         answer_link  410    - |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
grants.found_picture      answer_link  410    - |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
grants.new_link           -              -  200 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
grants.broken             -            410  410 |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
agenda.calendar           calendar     200    - |  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
# a person's own, and all offices
agenda.tasks              -            200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
auth.account              -            200  200 |  >  >  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
auth.new_password         -            200  200 |  >  >  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
auth.new_calendar         -            200  409 |  >  >  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
coordination.index        -            200    - |  >  >  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  +  +  .  .
coordination.terms        -            200    - |  >  >  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  +  +  .  .
practices.index           -            200    - |  >  >  +  +  +  +  +  +  +  .  +  .  .  .  .  .  .  .  .  +  +  .  +
practices.decide          offer        200  200 |  >  >  !  !  !  !  !  !  !  .  !  .  .  .  .  .  .  .  .  +  +  .  !
# the post of the whole register: whoever runs it
health.index              -            200    - |  >  >  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  +  .
# registers: everybody of the office may open them, and finds in them what they may see
audits.index              office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
findings.index            office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
findings.search           office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
findings.actions_index    office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
findings.keep_view        office       302  302 |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
findings.remove_view      view         200  409 |  >  >  +  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .
findings.actions_sheet_xlsx office     200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
findings.actions_sheet_csv office      200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
findings.sheet_xlsx       office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
findings.sheet_csv        office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
figures.index             office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
figures.sheet_xlsx        office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
figures.sheet_csv         office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
training.index            office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
people.posts              office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
# the certificate hangs on the wall of the office
cycle.index               office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
# audits
audits.detail             audit        200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  .  .  .  +  .  .  +  .  .
reports.plan              audit        200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  .  .  .  +  .  .  +  .  .
reports.plan_pdf          audit        200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  .  .  .  +  .  .  +  .  .
reports.plan_word         audit        200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  .  .  .  +  .  .  +  .  .
audits.new                office       200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
audits.change             audit        200  200 |  >  >  +  +  !  !  !  !  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
audits.cancel             audit        200  200 |  >  >  +  +  !  !  !  !  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
audits.new_slot           audit        200  200 |  >  >  +  +  !  !  !  +  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
audits.change_slot        slot         200  200 |  >  >  +  +  !  !  !  +  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
audits.remove_slot        slot           -  409 |  >  >  +  +  !  !  !  +  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
audits.send_timetable     audit          -  409 |  >  >  +  +  !  !  !  +  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
audits.permit             audit        200  200 |  >  >  !  !  +  !  !  !  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
audits.auditors           office       200    - |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
audits.ask_for_auditor    office       200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
audits.answer_loan        loan         200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  .  .  .
# the programme of a year: read by whoever may read audits, planned by the proxy, approved as the office's chain says
programme.year            office       200    - |  >  >  +  +  +  +  +  +  +  !  .  !  !  !  !  !  !  +  .  !  +  .  .
programme.versions        office       200    - |  >  >  +  +  +  +  +  +  +  !  .  !  !  !  !  !  !  +  .  !  +  .  .
reports.programme         approved     200    - |  >  >  +  +  +  +  +  +  +  !  .  !  !  !  !  !  !  +  .  !  +  .  .
reports.programme_pdf     approved     200    - |  >  >  +  +  +  +  +  +  +  !  .  !  !  !  !  !  !  +  .  !  +  .  .
reports.programme_word    approved     200    - |  >  >  +  +  +  +  +  +  +  !  .  !  !  !  !  !  !  +  .  !  +  .  .
programme.add             office       200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
programme.propose         office       200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
programme.change_entry    planned      200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
programme.remove_entry    planned      200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
programme.arrange         programme    200  409 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
programme.send            programme    200  409 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
programme.approve         sent         200  409 |  >  >  +  +  +  +  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
programme.give_back       sent         200  200 |  >  >  +  +  +  +  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
programme.new_version     approved     200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
programme.log_audit       to_log       200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
approvals.chain           office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
# what the team writes
findings.of_audit         audit        200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  .  .  .  +  .  .  +  .  .
findings.new              audit        200  200 |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
findings.left_open        audit        200  200 |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
findings.body_terms       visit        200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  !  .  .  .  .  !  .  .  !  .  .
findings.change           draft        200  200 |  >  >  .  .  .  .  .  +  +  +  +  .  .  .  .  .  .  .  .  .  .  .  .
findings.withdraw         draft        200  409 |  >  >  .  .  .  .  .  +  +  +  +  .  .  .  .  .  .  .  .  .  .  .  .
findings.download_draft   draft_file   200    - |  >  >  .  .  .  .  .  +  +  +  +  .  .  .  .  .  .  .  .  .  .  .  .
# reports besides audits: whoever works there reports and reads their own, the proxy and the chosen head decide
intake.index              office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  !  .  !  !  .  .
intake.new                office       200  200 |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  !  .  !  !  .  .
intake.detail             problem      200    - |  >  >  +  +  +  +  .  .  .  .  .  .  .  +  +  .  .  .  .  .  .  .  .
intake.download           problem      200    - |  >  >  +  +  +  +  .  .  .  .  .  .  .  +  +  .  .  .  .  .  .  .  .
intake.take               problem      200  200 |  >  >  +  +  !  !  .  .  .  .  .  .  .  +  !  .  .  .  .  .  .  .  .
intake.refuse             problem      200  200 |  >  >  +  +  !  !  .  .  .  .  .  .  .  +  !  .  .  .  .  .  .  .  .
intake.routes             office       200  409 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
# what was issued wrongly: read like findings, dealt with where it was issued, looked at again by somebody else
products.index            office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
products.new              office       200  200 |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  !  .  !  !  .  .
products.detail           product      200    - |  >  >  +  +  +  +  +  +  +  .  .  .  +  .  +  .  .  +  .  .  +  .  .
products.deal             product      200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  +  .  +  .  .  !  .  .  !  .  .
products.verify           dealt_product 200 200 |  >  >  +  +  !  !  +  +  +  .  .  .  +  .  !  .  .  !  .  .  !  .  .
# lists of questions: whoever reads audits reads them, the proxy keeps them
checklists.lists          office       200    - |  >  >  +  +  +  +  +  +  +  !  .  !  !  !  !  !  !  +  .  !  +  .  .
checklists.one_list       question_list 200   - |  >  >  +  +  +  +  +  +  +  !  .  !  !  !  !  !  !  +  .  !  +  .  .
checklists.new_list       office       200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
checklists.change_list    question_list 200 200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
checklists.retire_list    question_list 200 409 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
# the questions of an audit and the answers are its team's working papers
checklists.questions      audit        200  200 |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
checklists.lost_device    audit        200  200 |  >  >  !  !  !  !  !  +  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
reports.sheet             audit        200    - |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
reports.sheet_pdf         audit        200    - |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
reports.sheet_word        audit        200    - |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
checklists.build          audit        200  200 |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
checklists.own_question   audit        200  200 |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
checklists.run            audit        302    - |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
checklists.section        audit        200  302 |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
checklists.end            audit        200    - |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
checklists.events         audit          -  400 |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
checklists.photo          audit          -  400 |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
checklists.download       answer_file  200    - |  >  >  !  !  !  !  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
# a published finding; nobody does anything about it before there is a plan
findings.detail           accepted     200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  +  .  .  +  .  .  +  .  .
findings.download         file         200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  +  .  .  +  .  .  +  .  .
findings.acknowledge      reported     200  409 |  >  >  +  +  !  !  !  !  !  !  !  !  +  .  .  .  .  !  .  .  !  .  .
discussion.page           accepted     200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  +  .  .  +  .  .  +  .  .
discussion.write          accepted     200  200 |  >  >  +  +  +  +  +  +  +  +  +  !  +  .  +  .  .  !  .  .  !  .  .
discussion.strike         message      200  200 |  >  >  +  !  !  !  !  !  !  !  !  !  !  .  !  .  .  !  .  .  !  .  .
practices.offer           strength     200  200 |  >  >  +  +  !  !  !  !  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
practices.withdraw        strength     200  409 |  >  >  +  +  !  !  !  !  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
findings.repeat           accepted     200  200 |  >  >  +  +  !  !  !  +  !  !  !  !  !  .  !  .  .  !  .  .  !  .  .
findings.reject           reported     200  200 |  >  >  +  +  !  !  !  !  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
findings.answer           returned     200  200 |  >  >  !  !  !  !  !  !  !  !  !  !  +  .  !  .  .  !  .  .  !  .  .
findings.hand_over        returned     200  200 |  >  >  !  !  !  !  !  !  !  !  !  !  +  .  !  .  .  !  .  .  !  .  .
findings.ask_time         returned     200  200 |  >  >  !  !  !  !  !  !  !  !  !  !  +  .  !  .  .  !  .  .  !  .  .
findings.refuse_time      reported     200  200 |  >  >  +  +  !  +  !  !  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
findings.object_to        returned     200  200 |  >  >  !  !  !  !  !  !  !  !  !  !  +  .  !  .  .  !  .  .  !  .  .
findings.uphold           reported     200  200 |  >  >  +  +  !  !  !  !  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
findings.decide           answered     200  200 |  >  >  +  +  !  !  !  !  !  !  !  !  !  .  !  .  .  !  .  .  !  .  .
findings.move             accepted     200  200 |  >  >  +  +  !  +  !  !  !  !  !  !  !  .  !  .  .  !  .  .  !  .  .
findings.move_actions     office       302  302 |  >  >  +  +  !  +  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
findings.move_cases       office       302  302 |  >  >  +  +  !  +  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
findings.remind_cases     office       302  302 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
findings.reassign         action       200  200 |  >  >  +  +  !  !  !  !  !  !  !  !  +  .  !  .  .  !  .  .  !  .  .
findings.share_action     action       200  409 |  >  >  +  +  !  !  !  +  !  !  !  !  !  .  !  .  .  !  .  .  !  .  .
findings.reassign_actions office       302  302 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
findings.remind           accepted     200  409 |  >  >  +  +  !  !  !  !  !  !  !  !  !  .  !  .  .  !  .  .  !  .  .
findings.cancel           accepted     200  200 |  >  >  +  +  !  !  !  !  !  !  !  !  !  .  !  .  .  !  .  .  !  .  .
findings.parts            action       200  409 |  >  >  !  !  !  !  !  !  !  !  !  !  !  .  +  .  .  !  .  .  !  .  .
findings.report_done      action       200  200 |  >  >  !  !  !  !  !  !  !  !  !  !  !  .  +  .  .  !  .  .  !  .  .
findings.add_files        accepted     200  409 |  >  >  !  !  !  !  !  !  !  !  !  !  !  .  +  .  .  !  .  .  !  .  .
findings.take_note        left         200  200 |  >  >  +  +  !  !  !  +  +  !  +  !  !  .  .  .  .  !  .  .  !  .  .
findings.verify           done         200  200 |  >  >  +  !  +  !  !  +  +  !  +  !  !  .  !  .  .  !  .  .  !  .  .
findings.judge            verified     200  200 |  >  >  +  !  +  !  !  +  +  !  +  !  !  .  !  .  .  !  .  .  !  .  .
findings.close            judged       200  409 |  >  >  +  +  +  !  !  !  !  !  !  !  !  .  !  .  .  !  .  .  !  .  .
findings.reopen           closed       200  200 |  >  >  +  +  !  !  !  !  !  !  !  !  !  .  !  .  .  !  .  .  !  .  .
reports.draft             audit        200  409 |  >  >  .  .  .  .  .  +  +  +  +  .  .  .  .  .  .  .  .  .  .  .  .
reports.draft_pdf         audit        200    - |  >  >  .  .  .  .  .  +  +  +  +  .  .  .  .  .  .  .  .  .  .  .  .
reports.draft_word        audit        200    - |  >  >  .  .  .  .  .  +  +  +  +  .  .  .  .  .  .  .  .  .  .  .  .
# the published report: whoever sees the audit reads it whole
reports.report            held         200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  .  .  .  +  .  .  +  .  .
reports.report_pdf        held         200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  .  .  .  +  .  .  +  .  .
reports.report_word       held         200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  .  .  .  +  .  .  +  .  .
reports.amend             held         200  200 |  >  >  !  !  !  !  !  +  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
# a report given for approval: read and given back by management and its team, approved as the office's chain says
reports.given             given        200    - |  >  >  +  +  +  +  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
reports.given_pdf         given        200    - |  >  >  +  +  +  +  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
reports.given_word        given        200    - |  >  >  +  +  +  +  !  +  +  +  +  !  !  .  .  .  .  !  .  .  !  .  .
reports.approve           given        200  409 |  >  >  +  +  +  +  !  !  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
reports.give_back         given        200  200 |  >  >  +  +  +  +  !  +  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
reports.publish           given_approved 200 409 | >  >  !  !  !  !  !  +  !  !  !  !  !  .  .  .  .  !  .  .  !  .  .
# a published finding; nobody does anything about it before there is a plan
reports.card              accepted     200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  +  .  .  +  .  .  +  .  .
reports.card_pdf          accepted     200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  +  .  .  +  .  .  +  .  .
reports.card_word         accepted     200    - |  >  >  +  +  +  +  +  +  +  +  +  +  +  .  +  .  .  +  .  .  +  .  .
# certificates and trainings
certificates.new          office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  .  !  .  .
certificates.edit         certificate  200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  .  !  .  .
certificates.event        certificate  200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  .  !  .  .
certificates.take_back    certificate  200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  .  !  .  .
certificates.remove       certificate  200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  .  !  .  .
certificates.removed      office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
training.new              office       200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
training.edit             training     200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  !  .  .  !  .  .  !  .  .
# qualifications: the matrix, the rules of admission, what is written down of people
admission.index           office       200    - |  >  >  +  +  +  +  +  +  +  !  .  !  !  !  !  !  !  +  .  !  +  .  .
admission.sheet_xlsx      office       200    - |  >  >  +  +  +  +  +  +  +  !  .  !  !  !  !  !  !  +  .  !  +  .  .
admission.sheet_csv       office       200    - |  >  >  +  +  +  +  +  +  +  !  .  !  !  !  !  !  !  +  .  !  +  .  .
admission.rule            admission    200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
admission.write_down      office       200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  .  .  .  !  .  .  !  .  .
admission.correct         confirmation 200  200 |  >  >  +  +  !  !  !  !  !  .  .  .  .  .  !  .  .  !  .  .  !  .  .
# the office and its people
offices.index             office       200    - |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
offices.new_department    office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
offices.change_department department   200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.close_department   department   200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.new_process        office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.change_process     process      200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.close_process      process      200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.new                office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
setup.departments         office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
setup.people              office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
setup.invitations         office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
setup.tasks               office       200  409 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
setup.names               office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
people.change             colleague    200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.move               colleague    200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.change_address     colleague    200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.invitation         invitation   200  409 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.withdraw_invitation invitation    -  409 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.withdraw_address   address_change -  409 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.end                colleague    200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.absence            colleague    200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  +  +  !  .  !  !  .  .
people.take_off_absence   absence        -  409 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  +  +  !  .  !  !  .  .
people.appoint            office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.end_post           post         200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
people.appoint_proxy      office       200  200 |  >  >  !  !  +  +  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
people.end_proxy          proxy_post   200  200 |  >  >  !  !  +  +  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
offices.limits            office       200  409 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
ladders.index             office       200    - |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
ladders.change            office       200  409 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
offices.settings          office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
offices.finding_kinds     office       200    - |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
offices.new_finding_kind  office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
offices.change_finding_kind kind       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
offices.causes            office       200    - |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
offices.new_cause         office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
offices.change_cause      cause        200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
reports.templates         office       200    - |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
reports.template          office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
reports.starter           office       200    - |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
reports.remove_template   office       200  409 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
# what the office leaves out and when it is closed: read by its people, set by the proxy
requirements.exclusions   office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
requirements.exclusion    exclusion    200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
requirements.new_exclusion office      200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
requirements.change_exclusion exclusion 200 200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
requirements.standard     office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
requirements.titles       office       200  409 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
requirements.end_exclusion exclusion   200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
offices.days_off          office       200    - |  >  >  +  +  +  +  +  +  +  +  .  +  +  +  +  +  +  +  .  !  +  .  .
offices.add_days_off      office       200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
offices.remove_days_off   day_off      200  200 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  !  !  .  !  !  .  .
reminders.index           office       200    - |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
reminders.plan            office       200    - |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
reminders.history         accepted     200    - |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
reminders.send_test       office         -  302 |  >  >  +  +  !  !  !  !  !  !  .  !  !  !  !  !  +  !  .  !  !  .  .
"""

HOME, ELSEWHERE, NOWHERE = "sp-bochnia", "sp-leczyca", "sp-nigdzie"
UNKNOWN_KEY = "2222zzzz"
DOOR = "/logowanie"
# Head of the office: asked only where nobody else is left; secretary: only once the day was moved. The page leads back
# to the case and says so.
LED_BACK = {
    *((f"findings.{step}", "hd") for step in ("verify", "judge", "close")),
    ("findings.refuse_time", "sc"),
}
MAY_CHANGE = {"used_form", "signed_in", "letter"}  # tokens of forms, the session signed out of, the test letter


@dataclass(frozen=True)
class Row:
    """One endpoint: the thing its address names, the answers when let in by method, and the cell of each role."""

    endpoint: str
    thing: str
    answers: dict[str, int]
    cells: dict[str, str]


def _rows() -> dict[str, Row]:
    heading, *lines = (line for line in EXPECTED.splitlines() if line and not line.startswith("#"))
    columns = heading.partition("|")[2].split()
    assert columns == list(ROLES)
    found = {}
    for line in lines:
        start, _, cells = line.partition("|")
        endpoint, thing, get, post = start.split()
        answers = {method: int(code) for method, code in (("GET", get), ("POST", post)) if code != "-"}
        found[endpoint] = Row(endpoint, thing, answers, dict(zip(columns, cells.split(), strict=True)))
    return found


ROWS = _rows()


def gathered(store: Store) -> Iterator[Crowd]:
    """Built once: no request of the matrix may change anything, and each test looks whether it did."""
    app = store.fresh()
    with clock.at(NOON):
        with app.app_context():
            found = crowds.gather(app)
        yield found


@pytest.fixture(scope="module")
def crowd(sqlite_store: Store) -> Iterator[Crowd]:
    yield from gathered(sqlite_store)


@pytest.fixture(scope="module")
def postgresql_crowd(postgresql_store: Store) -> Iterator[Crowd]:
    yield from gathered(postgresql_store)


def address(crowd: Crowd, row: Row, *, slug: str = HOME, key: str | None = None) -> str:
    """Where a row leads: to the office's own thing unless another key is given."""
    rule = next(crowd.app.url_map.iter_rules(row.endpoint))
    names = {"slug": slug, "filename": "app.css", "kind": "ustalenie", "duty": "odpowiedz"}
    names |= {
        "edition": "90012015",
        "place": "1",
        "what": giving_up.REMINDERS,
        "year": "2027",
        "paper": "raport",
        "part": "7",
    }
    thing = row.thing.replace("_", " ")
    keyed = key or crowd.keys.get(slug, {}).get(thing, UNKNOWN_KEY)
    return re.sub(r"<(?:path:|int:)?(\w+)>", lambda part: names.get(part[1], keyed), rule.rule)


def seen(answer: TestResponse) -> str:
    """An answer as the cells of the table say it."""
    if answer.status_code == 302 and answer.location.startswith(DOOR):
        return ">"
    return {403: "!", 404: "."}.get(answer.status_code, str(answer.status_code))


def expected(row: Row, role: str, method: str) -> str:
    cell = row.cells[role]
    if cell != "+":
        return cell
    if method == "GET" and (row.endpoint, role) in LED_BACK:
        return "302"
    return str(row.answers[method])


def ask(browser: FlaskClient, method: str, path: str) -> TestResponse:
    """A request as a page makes it, with nothing typed."""
    answer = browser.open(path, method=method, data={} if method == "POST" else None)
    answer.get_data()
    answer.close()
    return answer


def test_every_route_stands_in_the_table(crowd: Crowd) -> None:
    rules = list(crowd.app.url_map.iter_rules())
    methods = {rule.endpoint: sorted(rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}) for rule in rules}

    unlisted = sorted(methods.keys() - ROWS.keys())
    assert not unlisted, (
        f"no row in EXPECTED for {', '.join(unlisted)}: say for each role what the design's table "
        "'Who may do what' grants it, and give the thing its address names a key in tests/support/crowd.py"
    )
    assert ROWS.keys() - methods.keys() == set(), "rows without a route: delete them"
    assert {endpoint: sorted(ROWS[endpoint].answers) for endpoint in methods} == methods
    assert len(rules) == len(methods), "an endpoint with two addresses needs a row for each"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_open_and_send_what_the_table_grants_and_nothing_else(crowd: Crowd, role: str) -> None:
    before = crowds.contents(crowd.app, besides=MAY_CHANGE)

    assert differences(crowd, role) == []
    assert crowds.contents(crowd.app, besides=MAY_CHANGE) == before, "an empty form changed something"


def differences(crowd: Crowd, role: str) -> list[str]:
    """Where the product and the table disagree about a role."""
    slug, who = (ELSEWHERE, "coordinator") if role == "cs" else (HOME, ROLES[role])
    browser, spare, found = crowd.browser(who), crowd.spare_browser(who), []
    for row in ROWS.values():
        for method in row.answers:
            used = spare if row.endpoint == "auth.sign_out" else browser
            answer, wanted = ask(used, method, address(crowd, row, slug=slug)), expected(row, role, method)
            got = seen(answer) if row.cells[role] == ">" or seen(answer) != ">" else str(answer.status_code)
            found += [] if got == wanted else [f"{method} {row.endpoint}: {wanted} expected, {got} seen"]
    return found


OF_THE_INSTANCE = {
    "letter",
    "calendar",
    "letters",
    "way_in",
    "answer_link",
    "done_link",
    "new_address",
    "stop",
    "offer",
}  # known by a secret, whatever office the person is of; an offer goes to the coordinator from any office
OF_EVERY_OFFICE = {"admission"}  # a word of the address that each office has a thing of its own for
_NOT_KEYED = {"-", "office", "stylesheet", *OF_THE_INSTANCE, *OF_EVERY_OFFICE}
KEYED = [row for row in ROWS.values() if row.thing not in _NOT_KEYED]
OF_OFFICES = KEYED + [row for row in ROWS.values() if row.thing == "office"]
AT_HOME_IN_BOTH = {"co", "cs", "ln", "fp"}  # who stand in some way to the other office; "cs" is its column above


def not_hidden(crowd: Crowd, role: str, rows: list[Row], *, slug: str, keys_of: str) -> list[str]:
    """Which addresses answer otherwise than that there is no such page, or with the way to the door."""
    browser, wanted = crowd.browser(ROLES[role]), ">" if role in {"an", "de"} else "."
    found = []
    for row in rows:
        path = address(crowd, row, slug=slug, key=crowd.keys[keys_of].get(row.thing.replace("_", " ")))
        answers = {method: seen(ask(browser, method, path)) for method in row.answers}
        found += [f"{method} {row.endpoint}: {got}" for method, got in answers.items() if got != wanted]
    return found


@pytest.mark.parametrize("role", [role for role in ROLES if role != "cs"])
def test_a_thing_of_another_office_is_not_there_under_the_own_address(crowd: Crowd, role: str) -> None:
    assert not_hidden(crowd, role, KEYED, slug=HOME, keys_of=ELSEWHERE) == []


@pytest.mark.parametrize("role", [role for role in ROLES if role not in AT_HOME_IN_BOTH])
def test_nothing_of_another_office_is_there_for_strangers(crowd: Crowd, role: str) -> None:
    assert not_hidden(crowd, role, OF_OFFICES, slug=ELSEWHERE, keys_of=ELSEWHERE) == []


def body(browser: FlaskClient, path: str, *names: str) -> str:
    """The answer without what each page has of its own: the form's token and the address that was asked for."""
    page = ask(browser, "GET", path).get_data(as_text=True)
    for name in names:
        page = page.replace(name, "")
    return re.sub(r'(?<=name="csrf_token" value=")[^"]+', "", page)


@pytest.mark.parametrize("role", ["px", "oh", "ad", "xp"])
def test_what_belongs_to_another_office_looks_like_what_never_was(crowd: Crowd, role: str) -> None:
    browser, differing = crowd.browser(ROLES[role]), []

    for row in (row for row in OF_OFFICES if "GET" in row.answers):
        key = crowd.keys[ELSEWHERE].get(row.thing.replace("_", " "), UNKNOWN_KEY)
        twins = [((ELSEWHERE, key), (NOWHERE, UNKNOWN_KEY))]
        twins += [((HOME, key), (HOME, UNKNOWN_KEY))] if row in KEYED else []
        for pair in twins:
            pages = {body(browser, address(crowd, row, slug=slug, key=each), slug, each) for slug, each in pair}
            differing += [] if len(pages) == 1 else [f"{row.endpoint} at {pair[0][0]}"]

    assert differing == []


@pytest.mark.parametrize("role", ["an", "oh"])
def test_other_methods_tell_and_do_no_more(crowd: Crowd, role: str) -> None:
    browser, wrong = crowd.browser(ROLES[role]), []

    for row in ROWS.values():
        path = address(crowd, row)
        if "GET" in row.answers:
            head = ask(browser, "HEAD", path)
            wrong += [] if seen(head) == seen(ask(browser, "GET", path)) and not head.data else [f"HEAD {path}"]
        if row.endpoint == "static":
            continue  # served in front of the app
        options = ask(browser, "OPTIONS", path)
        wrong += [] if options.status_code == 200 and not options.data else [f"OPTIONS {path}"]
        for method in ("PUT", "PATCH", "DELETE", "TRACE"):
            wrong += [] if ask(browser, method, path).status_code == 405 else [f"{method} {path}"]

    assert wrong == []


# Also where PostgreSQL has to let nothing through: one of each kind of reader.
@pytest.mark.parametrize("role", ["an", "px", "em", "co", "fp"])
def test_the_table_and_the_walls_hold_on_postgresql(postgresql_crowd: Crowd, role: str) -> None:
    assert differences(postgresql_crowd, role) == []
    assert not_hidden(postgresql_crowd, role, KEYED, slug=HOME, keys_of=ELSEWHERE) == []


# What a mail program presses: its address is the secret, and no page of ours stands before it.
# Links in letters: a seal of their own stands in place of the token, tried in test_answers_from_letters.
WITHOUT_TOKEN = {"reminders.give_up", "grants.answer", "grants.hand_over", "grants.ask_time", "grants.report_done"}
WITHOUT_TOKEN |= {"grants.object_to", "grants.new_link", "grants.broken"}


def test_no_form_is_taken_without_the_token_of_its_page(crowd: Crowd) -> None:
    taken = []
    crowd.app.config["WTF_CSRF_ENABLED"] = True
    for row in (row for row in ROWS.values() if "POST" in row.answers and row.endpoint not in WITHOUT_TOKEN):
        role = next(role for role, cell in row.cells.items() if cell == "+")
        browser, another = crowd.browser(ROLES[role]), crowd.browser(ROLES[role])
        foreign = BeautifulSoup(another.get("/logowanie").data, "html.parser").select_one("[name=csrf_token]")
        for token in ({}, {"csrf_token": "x"}, {"csrf_token": foreign["value"] if foreign else ""}):
            answer = browser.post(address(crowd, row), data=token, headers={"Origin": "https://evil.example"})
            taken += [] if answer.status_code == 400 else [f"{row.endpoint} as {role} with {list(token)}"]
    crowd.app.config["WTF_CSRF_ENABLED"] = False

    assert taken == []
