"""What the first tasks of an office are called, and what a pasted table may hold."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from qms.domain.errors import N_
from qms.domain.pasted import Column
from qms.domain.setting_up import Task


class Words(NamedTuple):
    """A task: what to do, why, and the endpoint where it is done."""

    what: str
    why: str
    endpoint: str


TASKS: Final[Mapping[Task, Words]] = {
    Task.OFFICE: Words(
        N_("Check the data of the office"), N_("Its name stands on papers and in letters."), "setup.names"
    ),
    Task.CERTIFICATE: Words(
        N_("Record the certificate"),
        N_("From two dates the register works out the whole cycle and reminds of it."),
        "certificates.new",
    ),
    Task.DEPARTMENTS: Words(
        N_("Add the departments"), N_("Copy them from a spreadsheet: each is audited and answers."), "setup.departments"
    ),
    Task.PEOPLE: Words(
        N_("Add the people"),
        N_("Copy them from a spreadsheet. Nobody gets a letter until you say so."),
        "setup.people",
    ),
    Task.LIMITS: Words(
        N_("Look at limits and reminders"),
        N_("They are filled in as most offices have them. You can leave them so."),
        "offices.limits",
    ),
    Task.INVITATIONS: Words(
        N_("Send the invitations"), N_("Look once more at who will get a letter, then send them."), "setup.invitations"
    ),
}

HEADINGS: Final[Mapping[Column, str]] = {
    Column.SYMBOL: N_("Symbol"),
    Column.NAME: N_("Name of the department"),
    Column.PART_OF: N_("Part of"),
    Column.PERSON: N_("First name and surname"),
    Column.EMAIL: N_("E-mail address"),
    Column.DEPARTMENT: N_("Department"),
    Column.ROLES: N_("Role"),
}
