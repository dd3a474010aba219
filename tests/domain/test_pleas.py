import pytest

from qms.domain.pleas import Kind, deciders
from qms.domain.standing import Who
from tests.domain.tables import rows

HOLDERS = {Who.PROXY: [1], Who.DEPUTY: [2], Who.SECRETARY: [3], Who.HEAD_OF_OFFICE: [4]}

# Who is asked, by what was asked for, how often the day was moved, whom the case is about, and which posts are vacant.
ASKED = """
    kind       moves  barred     vacant               asked
    more_time  0      -          -                    proxy
    more_time  0      proxy      -                    deputy
    more_time  0      -          proxy                deputy
    more_time  0      deputy     proxy                head_of_office
    more_time  1      -          -                    secretary
    more_time  2      proxy      -                    secretary
    more_time  1      secretary  -                    head_of_office
    more_time  1      -          secretary            head_of_office
    more_time  0      proxy      deputy,head_of_office  secretary
    objection  0      -          -                    proxy
    objection  1      -          -                    proxy
    objection  0      proxy      -                    deputy
"""


@pytest.mark.parametrize(("kind", "moves", "barred", "vacant", "asked"), rows(ASKED))
def test_who_decides_what_was_asked_for(kind: str, moves: str, barred: str, vacant: str, asked: str) -> None:
    holders = {post: ids for post, ids in HOLDERS.items() if post not in vacant.split(",")}
    about = {HOLDERS[Who(post)][0] for post in barred.split(",") if post != "-"}

    found = deciders(Kind(kind), int(moves), holders=holders, barred=about)

    assert found == tuple(HOLDERS[Who(asked)])


def test_nobody_is_asked_in_an_office_of_vacant_posts() -> None:
    assert deciders(Kind.MORE_TIME, 0, holders={}, barred=()) == ()
