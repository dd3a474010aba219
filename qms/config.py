"""Settings from the environment. Every one that is missing, wrong or unknown is named at once, at start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final
from urllib.parse import urlsplit

from qms.domain.errors import InvalidInput
from qms.domain.mail_server import parse_url
from qms.domain.words import clean_email

PREFIX: Final = "QMS_"
_MEBIBYTE: Final = 1 << 20

SETTINGS: Final[Mapping[str, str]] = {
    "QMS_INSTANCE": "folder of the database, files and local mailbox",
    "QMS_DATABASE_URL": "database, as sqlite:///… or postgresql://…; the default is a file in the instance folder",
    "QMS_SMTP_URL": "mail server, as smtp://name:password@host:587 (TLS required unless ?tls=off) or smtps://…",
    "QMS_MAIL_FROM": "address that letters come from",
    "QMS_BASE_URL": "address people reach the register at; links in letters begin with it",
    "QMS_TODAY": "a day, as 2026-11-22, to take for today; demonstrations and tests only",
    "QMS_HOST": "address to listen on",
    "QMS_TRUSTED_PROXIES": "how many reverse proxies stand in front, 0 to 5",
    "QMS_UPLOAD_MB": "largest file, in megabytes",
    "QMS_FAULTS": "tests only: `long` repeats the fault tests many times",
    "QMS_REQUIRE_ALL": "tests only: a test that cannot run fails",
}


class WrongSettings(SystemExit):
    """The settings do not allow a start; says all that is wrong in one go."""

    def __init__(self, problems: list[str]) -> None:
        listed = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"The register did not start. Correct these settings and start again:\n{listed}")


@dataclass(frozen=True)
class Settings:
    """What the environment says, checked."""

    instance: Path
    database_url: str
    smtp_url: str | None
    mail_from: str
    base_url: str
    today: date | None
    host: str
    port: int
    trusted_proxies: int
    upload_limit: int
    secret_key: bytes

    @property
    def is_secure(self) -> bool:
        """Whether people reach the register over https."""
        return self.base_url.startswith("https://")


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings. Raises `WrongSettings` naming each one that is wrong or unknown."""
    env = os.environ if environment is None else environment
    reader = _Reader(env)
    reader.refuse_unknown()
    instance = Path(env.get("QMS_INSTANCE") or _default_instance()).resolve()
    port = reader.number("PORT", default=8000, lowest=1, highest=65535)
    settings = {
        "database_url": reader.database(instance),
        "smtp_url": reader.smtp(),
        "mail_from": reader.mail_from(),
        "host": reader.host(),
        "base_url": reader.address(f"http://127.0.0.1:{port}"),
        "today": reader.day(),
        "trusted_proxies": reader.number("QMS_TRUSTED_PROXIES", default=0, lowest=0, highest=5),
        "upload_limit": reader.number("QMS_UPLOAD_MB", default=10, lowest=1, highest=200) * _MEBIBYTE,
    }
    if settings["today"] and settings["smtp_url"]:
        reader.problems.append("QMS_TODAY moves the day and QMS_SMTP_URL sends real letters: unset one of them")
    reader.refuse_unwritable(instance)
    if reader.problems:
        raise WrongSettings(reader.problems)
    return Settings(
        instance=instance,
        port=port,
        secret_key=_secret_key(instance),
        **settings,  # type: ignore[arg-type] # each value was read with its own type above
    )


class _Reader:
    """Reads single settings and gathers what is wrong with them."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.problems: list[str] = []

    def refuse_unknown(self) -> None:
        known = ", ".join(sorted(SETTINGS))
        self.problems += [
            f"{name} is not a setting of the register; known are {known}"
            for name in sorted(self.env)
            if name.startswith(PREFIX) and name not in SETTINGS
        ]

    def number(self, name: str, *, default: int, lowest: int, highest: int) -> int:
        text = self.env.get(name, "").strip()
        if not text:
            return default
        if text.isascii() and text.isdigit() and lowest <= int(text[:9]) <= highest:
            return int(text)
        self.problems.append(f"{name} has to be a whole number from {lowest} to {highest}, not {text!r}")
        return default

    def day(self) -> date | None:
        text = self.env.get("QMS_TODAY", "").strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.problems.append(f"QMS_TODAY has to be a day such as 2026-11-22, not {text!r}")
            return None

    def database(self, instance: Path) -> str:
        url = self.env.get("QMS_DATABASE_URL", "").strip()
        if not url:
            return f"sqlite:///{instance / 'qms.db'}"
        if url.startswith("postgresql://"):
            return url.replace("postgresql://", "postgresql+psycopg://", 1)
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            self.problems.append("QMS_DATABASE_URL has to begin with sqlite:/// or postgresql://")
        return url

    def smtp(self) -> str | None:
        url = self.env.get("QMS_SMTP_URL", "").strip()
        if not url:
            return None
        try:
            parse_url(url)
        except ValueError as error:
            self.problems.append(f"QMS_SMTP_URL: {error}")
        if not self.env.get("QMS_MAIL_FROM"):
            self.problems.append("QMS_MAIL_FROM has to name the address letters come from, since QMS_SMTP_URL is set")
        return url

    def mail_from(self) -> str:
        address = self.env.get("QMS_MAIL_FROM") or "rejestr@localhost.localdomain"
        try:
            return clean_email(address)
        except InvalidInput:
            self.problems.append(f"QMS_MAIL_FROM has to be an address such as audity@example.pl, not {address!r}")
            return address

    def host(self) -> str:
        host = self.env.get("QMS_HOST") or "127.0.0.1"
        if host != "localhost" and not _is_address(host):
            self.problems.append(f"QMS_HOST has to be an address of this machine such as 127.0.0.1, not {host!r}")
        return host

    def address(self, default: str) -> str:
        url = (self.env.get("QMS_BASE_URL") or default).rstrip("/")
        if not _is_web_address(url):
            self.problems.append("QMS_BASE_URL has to look like https://audity.example.pl")
        return url

    def refuse_unwritable(self, instance: Path) -> None:
        try:
            instance.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=instance):
                pass
        except OSError as error:
            self.problems.append(
                f"QMS_INSTANCE: {instance} cannot be written ({error.strerror}): name a folder of ours"
            )


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username and parts.port != 0
    except ValueError:
        return False


def _default_instance() -> Path:
    """Beside the checkout when developing, in the working folder when installed."""
    checkout = Path(__file__).resolve().parents[1]
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()) / "instance"


def _secret_key(instance: Path) -> bytes:
    """The key that signs cookies and message numbers: made at first start, readable by its owner only."""
    path = instance / "secret.key"
    instance.mkdir(parents=True, exist_ok=True)
    if not path.is_file():
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - mode
                file.write(secrets.token_bytes(32))
        except FileExistsError:  # another process was first
            return path.read_bytes()
    key = path.read_bytes()
    if len(key) < 32:  # noqa: PLR2004 - bytes of the key
        raise WrongSettings([f"{path} is too short to be a key: remove it and start again; everybody signs in anew"])
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise WrongSettings([f"{path} can be read by others: run chmod 600 {path}"])
    return key
