"""Going back to an earlier version with what people did in the later one."""

from flask import Flask, current_app
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.grants import Purpose
from qms.findings.opening import Taken
from qms.intake import service as intake
from qms.practices import service as practices
from tests.support.cases import Case, acting
from tests.support.letter_links import link_of
from tests.support.world import TODAY, World


def rows(table: str) -> int:
    with db.engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - our own names


def test_cases_that_no_audit_found_go_with_all_that_hangs_on_them(app: Flask, world: World) -> None:
    place, audited = world.bochnia, Case(world.bochnia, category="strength").publish()
    with scoped(frozenset({place.office.id})):
        told = intake.Told(what="Zły adres.", noticed_on=TODAY)
        made = []
        for kind in ("nonconformity", "strength"):
            problem = intake.report(place.office, told, by=acting(place.fn_clerk), today=TODAY)
            taken = Taken(
                department_id=place.departments["FN"].id,
                category=kind,
                statement="Zły adres.",
                clause_id=audited.finding.clause_id,
            )
            intake.take(problem, taken, by=acting(place.proxy), today=TODAY)
            made.append(problem.finding)
        for finding in (made[1], audited.finding):
            practices.offer(finding, "Wzór.", is_named=False, by=acting(place.proxy), today=TODAY)
        db.session.commit()
        case_key = made[0].key
    with scoped(EVERY_OFFICE):
        link_of(Purpose.ANSWER, case_key, place.fn_head)
        db.session.commit()
    assert rows("letter_grant") == 1
    db.session.remove()
    folder = current_app.extensions["migrate"].directory

    downgrade(directory=folder, revision="0018")

    assert (rows("finding"), rows("practice"), rows("letter_grant")) == (1, 1, 0)
    upgrade(directory=folder)
    assert rows("problem") == 0
