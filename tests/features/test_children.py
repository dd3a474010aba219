"""Child processes: two at once, with limits, knowing nothing they were not given."""

import time

import pytest

from qms.core import children
from tests.support.cases import Case

CHILD = "tests.support.child"


@pytest.fixture
def both_taken(monkeypatch):
    """Two children are at work, and nobody waits for long."""
    monkeypatch.setattr(children, "_PATIENCE", 0.05)
    for _ in range(2):
        assert children._places.acquire(blocking=False)
    yield
    for _ in range(2):
        children._places.release()


def test_a_child_knows_no_settings(monkeypatch):
    monkeypatch.setenv("QMS_SMTP_URL", "smtp://name:secret@mail.example.com")
    monkeypatch.setenv("QMS_DATABASE_URL", "postgresql://name:secret@db.example.com")

    told = children.run(CHILD, {"do": "tell"})["environment"]

    assert [name for name, value in told.items() if name.startswith("QMS_") or "secret" in value] == []


def test_a_child_that_breaks_is_reported_and_gives_its_place_back():
    for _ in range(3):
        with pytest.raises(children.ChildFailed):
            children.run(CHILD, {"do": "break"})

    assert children.run(CHILD, {"do": "tell"})


def test_a_child_that_eats_memory_is_stopped():
    with pytest.raises(children.ChildFailed):
        children.run(CHILD, {"do": "eat", "bytes": 2_000_000_000})


def test_a_child_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(children, "_LONGEST", 0.5)
    began = time.monotonic()

    with pytest.raises(children.ChildFailed):
        children.run(CHILD, {"do": "sleep"})

    assert time.monotonic() - began < 10


@pytest.mark.usefixtures("both_taken")
def test_a_third_child_does_not_begin():
    with pytest.raises(children.Busy):
        children.run(CHILD, {"do": "tell"})


@pytest.mark.usefixtures("both_taken")
@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_a_reader_who_comes_while_both_work_is_told_when_to_come_again(world, signed_in, ending):
    case = Case(world.bochnia).publish()
    here = f"/u/sp-bochnia/audity/{case.audit.key}/raport"

    answer = signed_in(world.bochnia.proxy).get(f"{here}.{ending}")

    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Poczekaj kilka sekund" in page
    assert f'href="{here}.{ending}"' in page
    assert f'href="{here}"' in page
