"""Tables pasted from a spreadsheet: which rows they hold, and what is wrong where."""

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.pasted import MOST_ROWS, Column, read
from qms.domain.setting_up import DEPARTMENT_COLUMNS, PERSON_COLUMNS, Begun, Rights, Task, departments, done, people
from qms.domain.standing import Who

ALL = Rights((Who.AUDITOR, Who.SECRETARY, Who.HEAD_OF_OFFICE, Who.OFFICE_ADMIN), heads=True)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("OR\tOrganizacyjny\t\nKD\tKadry\tOR\n", [(1, "OR", "Organizacyjny", ""), (2, "KD", "Kadry", "OR")]),
        ("OR;Organizacyjny;\r\nKD;Kadry;OR", [(1, "OR", "Organizacyjny", ""), (2, "KD", "Kadry", "OR")]),
        ("OR,Organizacyjny\nKD,Kadry,OR", [(1, "OR", "Organizacyjny", ""), (2, "KD", "Kadry", "OR")]),
        ("\n\nOR\tOrganizacyjny\n\t\t\nKD\tKadry", [(3, "OR", "Organizacyjny", ""), (5, "KD", "Kadry", "")]),
        ('OR\t"Organizacyjny\ni Kadr"', [(1, "OR", "Organizacyjny\ni Kadr", "")]),
        ("Nazwa\tSymbol\tTelefon\nKadry\tKD\t12", [(2, "KD", "Kadry", "")]),
        ("SYMBOL:\tNazwa komórki\tPodlega\nKD\tKadry\tOR", [(2, "KD", "Kadry", "OR")]),
        ("\tKadry\t", [(1, "", "Kadry", "")]),
    ],
)
def test_a_table_is_read_as_it_was_copied(text, rows):
    found = read(text, DEPARTMENT_COLUMNS)

    names = (Column.SYMBOL, Column.NAME, Column.PART_OF)
    assert [(row.number, *(row.cells.get(name, "") for name in names)) for row in found.rows] == rows


def test_columns_that_nobody_asks_for_are_named():
    assert read("Nazwa\tSymbol\tTelefon\t\nKadry\tKD\t12\t", DEPARTMENT_COLUMNS).left_out == ["Telefon"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no rows"),
        ("\n \t \n", "no rows"),
        ("Symbol\tNazwa\n", "no rows"),
        ("OR\tOrganizacyjny\n" * (MOST_ROWS + 1), "at most 500"),
        ("Symbol\tPodlega\nKD\tOR", "lack a column"),
        ("Symbol\tNazwa\tSymbol\nKD\tKadry\tKD", "same heading"),
        ('OR\t"' + "a" * 200_000, "not a table"),
    ],
)
def test_what_is_no_such_table_is_refused_whole(text, said):
    with pytest.raises(InvalidInput, match=said):
        read(text, DEPARTMENT_COLUMNS)


def told(text, taken=()):
    found, faults = departments(read(text, DEPARTMENT_COLUMNS), taken)
    return [(each.symbol, each.part_of) for each in found], {
        fault.row: fault.message % fault.params for fault in faults
    }


def test_departments_come_above_their_parts_whatever_their_order():
    found, faults = told("KD\tKadry\tOR\nOR\tOrganizacyjny\tST", {"ST"})

    assert (found, faults) == ([("OR", "ST"), ("KD", "OR")], {})


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        ("\tKadry", 1, "Enter the symbol"),
        ("KD\t", 1, "Enter the name"),
        ("KD\tKadry\nKD\tKasa", 2, "symbol KD already"),
        ("ST\tStary", 1, "symbol ST already"),
        ("KD\tKadry\tZZ", 1, "no department with the symbol ZZ"),
        ("KD\tKadry\tKD", 1, "part of itself"),
        ("A\tA\tB\nB\tB\tC\nC\tC\tA", 1, "hangs on B"),
        ("=1+1\tKadry", 1, "A formula stands here: =1+1"),
        ("KD\t" + "a" * 201, 1, "Shorten it to 200"),
        ('KD\t"dwie\nlinie"', 1, "in one line"),
        ("KD\tKad\x07ry", 1, "cannot be stored"),
    ],
)
def test_each_wrong_row_of_departments_says_what_to_do(text, row, said):
    assert said in told(text, {"ST"})[1][row]


@pytest.mark.parametrize(
    ("roles", "is_head", "posts"),
    [
        ("", False, ()),
        ("Kierownik", True, ()),
        ("kierownik, Auditor", True, (Who.AUDITOR,)),
        ("audytor wewnętrzny", False, (Who.AUDITOR,)),
        ("Naczelnik/sekretarz", True, (Who.SECRETARY,)),
        ("head, internal auditor, auditor", True, (Who.AUDITOR,)),
        ("Wójt", False, (Who.HEAD_OF_OFFICE,)),
        ("pracownik", False, ()),
    ],
)
def test_roles_are_read_as_people_write_them(roles, is_head, posts):
    table = read(f"Anna Nowak\tA.Nowak@Example.com\tOR\t{roles}", PERSON_COLUMNS)
    (found,), faults = people(table, symbols={"OR"}, known=(), rights=ALL)

    assert not faults
    assert (found.email, found.is_head, found.posts) == ("a.nowak@example.com", is_head, posts)


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        ("\ta@example.com\tOR", 1, "first name and the surname"),
        ("Anna\t\tOR", 1, "e-mail address of the person"),
        ("Anna\tnie ma\tOR", 1, "address"),
        ("Anna\ta@example.com\tXX", 1, "no department with the symbol XX"),
        ("Anna\ta@example.com\t\t", 1, "department or at least one post"),
        ("Anna\ta@example.com\t\tkierownik", 1, "department that this person heads"),
        ("Anna\ta@example.com\tOR\tproboszcz", 1, "“proboszcz” is no role here"),
        ("Anna\tA@example.com\tOR\nEwa\ta@EXAMPLE.com\tOR", 2, "stands in row 1"),
        ("Anna\tKNOWN@example.com\tOR", 1, "on the list of your office"),
        ("Anna\ta@example.com\tOR\t=A1", 1, "A formula stands here"),
    ],
)
def test_each_wrong_row_of_people_says_what_to_do(text, row, said):
    _, faults = people(read(text, PERSON_COLUMNS), symbols={"OR"}, known={"known@example.com"}, rights=ALL)

    assert said in {fault.row: fault.message % fault.params for fault in faults}[row]


@pytest.mark.parametrize(("role", "said"), [("sekretarz", "not yours to give"), ("kierownik", "by the quality proxy")])
def test_nobody_gives_by_pasting_what_they_may_not_give(role, said):
    table = read(f"Anna\ta@example.com\tOR\t{role}", PERSON_COLUMNS)
    found, (fault,) = people(table, symbols={"OR"}, known=(), rights=Rights((Who.AUDITOR,), heads=False))

    assert not found
    assert said in fault.message


NOTHING = {"ticked_tasks": (), "certificates": 0, "departments": 0, "others": 0, "held": 0, "invited": 0}


@pytest.mark.parametrize(
    ("begun", "finished"),
    [
        ({}, set()),
        ({"ticked_tasks": (Task.OFFICE, Task.LIMITS)}, {Task.OFFICE, Task.LIMITS}),
        ({"ticked_tasks": (Task.CERTIFICATE,)}, {Task.CERTIFICATE}),
        ({"certificates": 1}, {Task.CERTIFICATE}),
        ({"departments": 2}, {Task.DEPARTMENTS}),
        ({"held": 3}, {Task.PEOPLE}),
        ({"held": 3, "invited": 1}, {Task.PEOPLE}),
        ({"invited": 4}, {Task.PEOPLE, Task.INVITATIONS}),
        ({"others": 1}, {Task.PEOPLE, Task.INVITATIONS}),
        ({"ticked_tasks": (Task.PEOPLE,)}, set()),
    ],
)
def test_tasks_are_done_by_what_the_register_holds_or_by_a_word(begun, finished):
    assert done(Begun(**NOTHING | begun)) == finished
