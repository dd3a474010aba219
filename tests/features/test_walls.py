"""The walls between offices: in queries, in writing, in keys."""

from datetime import date

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError, StatementError
from sqlalchemy.orm import aliased

from qms.core import trail
from qms.core.db import EVERY_OFFICE, OutOfScope, db, scoped
from qms.core.trail import TrailEntry
from qms.offices.models import Department
from qms.people.models import Membership, Person
from tests.support.audits import planned


def test_without_a_scope_nothing_of_an_office_can_be_read(world):
    with pytest.raises(OutOfScope):
        db.session.scalars(select(Department)).all()


WAYS_OF_ASKING = {
    "column": select(Department.id),
    "entity": select(Department),
    "count": select(func.count(Department.id)),
    "count of entity": select(func.count()).select_from(Department),
    "in": select(Department.id).where(Department.id.in_(select(Department.id))),
    "alias": select(aliased(Department).id),
    "members of people": select(Person.id).where(
        Person.id.in_(select(Membership.person_id).union(select(Membership.person_id)))
    ),
    "joined": select(Membership.id).join(Department, Department.id == Membership.department_id),
}


@pytest.mark.parametrize("way", WAYS_OF_ASKING)
def test_every_way_of_asking_is_narrowed_to_the_scope(world, way):
    def ask(scope):
        with scoped(scope):
            rows = db.session.scalars(WAYS_OF_ASKING[way]).all()
        return rows[0] if "count" in way else len(rows)

    everywhere = ask(EVERY_OFFICE)

    assert ask(frozenset({world.bochnia.office.id})) * 2 == everywhere
    assert ask(frozenset()) == 0


@pytest.mark.parametrize(
    "statement",
    [
        select(Department.__table__.c.id),
        select(Department.id).union(select(Department.id)),
        select(select(Department.id).subquery().c.id),
    ],
    ids=["table", "union", "subquery"],
)
def test_a_way_of_asking_that_cannot_be_narrowed_is_refused(world, statement):
    with scoped(frozenset({world.bochnia.office.id})), pytest.raises(OutOfScope, match="cannot be narrowed"):
        db.session.execute(statement)


def test_what_was_loaded_for_one_office_is_not_read_on_for_all(world):
    office_id = world.bochnia.office.id
    db.session.expunge_all()
    with scoped(frozenset({office_id})):
        membership = db.session.scalars(select(Membership).limit(1)).one()

    with scoped(EVERY_OFFICE), pytest.raises(StatementError, match="load it there"):
        _ = membership.department


def test_a_row_of_another_office_is_not_written(world):
    own, other = world.bochnia.office.id, world.leczyca.office.id
    db.session.add(Department(office_id=other, name="X", symbol="X", sort_key="x"))

    with scoped(frozenset({own})), pytest.raises(OutOfScope):
        db.session.flush()


def test_a_row_cannot_be_moved_to_another_office(world):
    with scoped(EVERY_OFFICE):
        department = world.bochnia.departments["FN"]
        department.office_id = world.leczyca.office.id
        with pytest.raises(OutOfScope):
            db.session.flush()


def test_the_database_itself_refuses_a_parent_of_another_office(world):
    row = {
        "office_id": world.bochnia.office.id,
        "department_id": world.leczyca.departments["FN"].id,
        "person_id": world.bochnia.proxy.id,
        "is_head": False,
        "from_on": date(2026, 1, 1),
    }

    with pytest.raises(IntegrityError):
        db.session.connection().execute(insert(Membership.__table__).values(row))


def test_a_change_is_told_with_what_was_before(world):
    with scoped(EVERY_OFFICE), trail.acting(world.bochnia.proxy.id, via="page"):
        world.bochnia.departments["FN"].name = "Wydział Finansów"
        trail.because("reorganisation")
        db.session.commit()

    entry = db.session.scalars(select(TrailEntry).order_by(TrailEntry.chain, TrailEntry.seq.desc())).all()
    told = next(each for each in entry if each.about == "department" and each.action == "changed")
    assert (told.before["name"], told.after["name"]) == ("Wydział Finansowy", "Wydział Finansów")
    assert (told.person_id, told.via, told.reason) == (world.bochnia.proxy.id, "page", "reorganisation")


def test_what_is_taken_out_of_the_list_that_owned_it_is_told_as_deleted(world):
    with scoped(EVERY_OFFICE):
        audit = planned(world.bochnia, member_ids=frozenset({world.bochnia.second_auditor.id}))
        gone = next(member for member in audit.team if member.role == "auditor")
        audit.team.remove(gone)
        db.session.commit()

    entries = db.session.scalars(select(TrailEntry).where(TrailEntry.about == "audit_member")).all()
    told = [(entry.action, entry.before.get("person_id")) for entry in entries if entry.row_id == str(gone.id)]
    assert told == [("created", None), ("deleted", gone.person_id)]


@pytest.mark.parametrize("statement", ["UPDATE trail_entry SET via = 'x'", "DELETE FROM trail_entry"])
def test_the_trail_cannot_be_changed_or_cut(world, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.connection().execute(text(statement))


def test_a_chain_is_whole_until_somebody_forges_it(world):
    office_id = world.bochnia.office.id

    assert trail.first_broken(office_id) is None

    connection = db.session.connection()
    connection.execute(text("UPDATE trail_head SET hash = 'forged' WHERE chain = :chain"), {"chain": office_id})
    assert trail.first_broken(office_id) is not None


@pytest.mark.parametrize("statement", [update(Department).values(name="x"), delete(Department)])
def test_a_bulk_change_of_trailed_rows_is_refused(world, statement):
    with scoped(EVERY_OFFICE), pytest.raises(TypeError, match="bulk"):
        db.session.execute(statement)
