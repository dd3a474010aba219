"""Who approves in how many steps, and who may take which."""

import pytest

from qms.domain import approval
from qms.domain.approval import Step
from qms.domain.errors import InvalidInput, NotPermitted
from qms.domain.standing import Who
from tests.domain.tables import rows

# the posts of a chain, and whether an office may have it
CHAINS = """
    posts                                       allowed
    head_of_office                              yes
    secretary                                   yes
    proxy,head_of_office                        yes
    proxy,secretary,head_of_office              yes
    secretary,secretary                         yes
    proxy                                       no
    head_of_office,proxy                        no
    proxy,proxy,secretary,head_of_office        no
"""


@pytest.mark.parametrize(("posts", "allowed"), rows(CHAINS))
def test_a_chain_has_one_to_three_steps_and_ends_with_top_management(posts, allowed):
    steps = [Step("", Who(post)) for post in posts.split(",")]
    if allowed == "yes":
        approval.check_chain(steps)
    else:
        with pytest.raises(InvalidInput):
            approval.check_chain(steps)


def test_an_empty_chain_is_refused():
    with pytest.raises(InvalidInput):
        approval.check_chain([])


# whose step it is, who comes, and whether they may take it
APPROVERS = """
    step            comes               may
    head_of_office  head_of_office      yes
    head_of_office  secretary           no
    head_of_office  proxy               no
    secretary       secretary           yes
    secretary       head_of_office      no
    proxy           proxy               yes
    proxy           deputy              yes
    proxy           auditor             no
"""


@pytest.mark.parametrize(("step", "comes", "may"), rows(APPROVERS))
def test_a_step_is_taken_by_its_post_only(step, comes, may):
    if may == "yes":
        approval.check_approver(Step("", Who(step)), {Who(comes)})
    else:
        with pytest.raises(NotPermitted):
            approval.check_approver(Step("", Who(step)), {Who(comes)})


def test_a_second_step_by_one_person_is_doubted_and_a_first_one_is_not():
    assert approval.doubt_about_approver(7, [7]) is not None
    assert approval.doubt_about_approver(7, [8]) is None


def test_a_post_that_nobody_holds_is_named():
    steps = [Step("", Who.PROXY), Step("", Who.SECRETARY)]

    approval.check_vacancies(steps, {Who.DEPUTY: [1], Who.SECRETARY: [2]})
    with pytest.raises(approval.VacantPost) as refused:
        approval.check_vacancies(steps, {Who.PROXY: [1]})

    assert refused.value.post is Who.SECRETARY
