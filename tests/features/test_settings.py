"""Settings that cannot be right: each is named at start, all of them at once, and nothing is served."""

import os
from pathlib import Path

import pytest

from qms import config
from qms.config import WrongSettings

MAIL = {"QMS_MAIL_FROM": "audity@example.pl"}
WRONG = [
    *[
        ("QMS_SMTP_URL", url)
        for url in (
            "smtp://x:abc",
            "smtp://x:99999",
            "smtp://x:0",
            "smtp://x:25?tls=maybe",
            "smtp://x:25?tls=on&tls=off",
            "smtp://x:25?starttls=off",
            "smtp://x:25?tls",
            "smtp://x:25?tls=",
            "smtps://x?tls=off",
            "smtp://[::1",
            "smtp://x/folder",
            "smtp://",
            "http://x",
            "x:25",
        )
    ],
    *[("QMS_MAIL_FROM", address) for address in ("audity", "@example.pl", "a b@example.pl", "Anna <a@example.pl>")],
    *[
        ("QMS_BASE_URL", address)
        for address in ("https://[::1", "https://x:abc", "https://x:99999", "ftp://x", "https://", "https://a@x")
    ],
    *[("QMS_HOST", host) for host in ("999.1.1.1", "audity.example.pl", "127.0.0.1:80", "[::1]")],
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_setting_that_cannot_be_right_is_named_at_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(WrongSettings, match=name):
        config.from_environment({"QMS_INSTANCE": str(tmp_path)} | MAIL | {name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QMS_SMTP_URL", "smtp://x"),
        ("QMS_SMTP_URL", "smtp://x:25?tls=off"),
        ("QMS_SMTP_URL", "smtp://anna:a%3Fb@x:587/"),
        ("QMS_SMTP_URL", "smtps://[::1]:465?tls=on"),
        ("QMS_MAIL_FROM", "Audity@Example.PL"),
        ("QMS_BASE_URL", "https://[::1]:8443/rejestr/"),
        ("QMS_HOST", "0.0.0.0"),  # noqa: S104 - as a setting
        ("QMS_HOST", "::"),
        ("QMS_HOST", "localhost"),
    ],
)
def test_a_setting_that_is_right_starts(tmp_path: Path, name: str, value: str) -> None:
    assert config.from_environment({"QMS_INSTANCE": str(tmp_path)} | MAIL | {name: value})


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    first_of_each = dict(reversed(WRONG))

    with pytest.raises(WrongSettings) as refusal:
        config.from_environment({"QMS_INSTANCE": str(tmp_path)} | first_of_each)

    assert [name for name in first_of_each if name not in str(refusal.value)] == []


def test_a_folder_that_cannot_be_made_or_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    folders = [file, file / "below"]
    if os.geteuid() != 0:  # nothing is closed to root
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        folders.append(closed)

    for folder in folders:
        with pytest.raises(WrongSettings, match="QMS_INSTANCE"):
            config.from_environment({"QMS_INSTANCE": str(folder)})
