"""When letters may leave that nobody waits for, and where the register listens."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from qms import config, jobs, serving
from qms.app import create_app
from qms.config import WrongSettings
from qms.core import clock
from tests.support.post import MONDAY, at, letter, put
from tests.support.world import World

SUNDAY = MONDAY - timedelta(days=1)


def test_the_local_mailbox_wakes_nobody_so_letters_come_to_it_at_night_too(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "KEEPS_QUIET_HOURS", False)  # noqa: FBT003 - a setting
    with clock.at(at(SUNDAY, 23)):
        put(world.bochnia.proxy, "now", is_awaited=False)
        put(world.bochnia.proxy, "on Monday", is_awaited=False, at=at(SUNDAY + timedelta(days=1), 7, 30))
        jobs.run_job("send", SUNDAY)

        assert (letter("now").state, letter("on Monday").state) == ("sent", "queued")


@pytest.mark.parametrize(("url", "keeps"), [("", False), ("smtp://127.0.0.1:2525", True)])
def test_with_a_mail_server_hours_are_quiet(tmp_path: Path, url: str, keeps: bool) -> None:  # noqa: FBT001
    mail = {"QMS_SMTP_URL": url, "QMS_MAIL_FROM": "rejestr@example.com"} if url else {}
    app = create_app(config.from_environment({"QMS_INSTANCE": str(tmp_path)} | mail))

    assert app.config["KEEPS_QUIET_HOURS"] is keeps


def test_a_port_that_is_taken_is_said_in_one_sentence(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setitem(app.config, "HOST", "127.0.0.1")
        monkeypatch.setitem(app.config, "PORT", other.getsockname()[1])
        with pytest.raises(WrongSettings, match="choose another PORT"):
            serving.serve(app, say=str)
