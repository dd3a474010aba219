"""A finding that concerns several departments: one of them answers, the others are to know of it.

Source: ISO 9001:2008, 8.2.2 (auditors do not audit their own work), which holds for each department a finding is about.
"""

from collections.abc import Collection

from qms.domain.errors import N_, InvalidInput, NotIndependent

FIELD = "concerned_ids"


def check_concerned(leading: int | None, concerned: Collection[int], known: Collection[int]) -> None:
    """Whether these departments may stand beside the one that answers. Raises `InvalidInput`."""
    if leading in concerned:
        message = N_("This department answers already. Take it off the others, or let another one answer.")
        raise InvalidInput(message, field=FIELD)
    if not set(concerned) <= set(known):
        raise InvalidInput(N_("One of the other departments is not there any more. Choose again."), field=FIELD)


def check_writer(own: Collection[int], concerned: Collection[int], *, permitted: Collection[int]) -> None:
    """Whether somebody of the departments `own` may write it. Raises `NotIndependent`.

    `permitted` are the departments that this person judges by permit of the head of the office.
    """
    if set(own) & set(concerned) - set(permitted):
        message = N_(
            "You work in one of these departments, so you would judge your own work. "
            "Ask another auditor of the team to write this finding, or leave your department out."
        )
        raise NotIndependent(message, field=FIELD)
