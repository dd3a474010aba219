"""The promises of `make run` and `make install`: what they install, what they say when they cannot, what ships."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")
SCRIPTS = ("Makefile", ".ci/install", ".ci/lock")
OLD_PIP = "__version__ = '22.2'"


def entries(lock: str) -> list[str]:
    """Return one logical line for each locked package."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "")
    return [line for line in text.splitlines() if line]


def locked(lock: str) -> dict[str, set[str]]:
    """Return the versions of each package; there may be one for each kind of machine."""
    versions: dict[str, set[str]] = {}
    for entry in entries(lock):
        name, version = re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", entry).groups()  # type: ignore[union-attr]
        versions.setdefault(canonicalize_name(name), set()).add(version)
    return versions


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_each_package_by_hash_and_names_no_place(lock: str) -> None:
    for entry in entries(lock):
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ ", entry), f"{lock}: not a pinned package: {entry[:80]}"
        assert "--hash=sha256:" in entry, f"{lock}: no hash: {entry[:80]}"
        assert "/" not in entry, f"{lock}: an address or a path: {entry[:80]}"


def test_development_has_the_very_packages_that_run() -> None:
    development = locked("requirements-dev.lock")

    assert {name: development.get(name) for name in locked("requirements.lock")} == locked("requirements.lock")


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements.lock", PROJECT["dependency-groups"]["build"]),
        ("requirements-dev.lock", PROJECT["project"]["optional-dependencies"]["postgres"]),
        ("requirements-dev.lock", PROJECT["dependency-groups"]["test"]),
        ("requirements-dev.lock", PROJECT["dependency-groups"]["lint"]),
    ],
    ids=["runtime", "build", "postgres", "test", "lint"],
)
def test_the_locks_have_what_pyproject_asks_for(lock: str, wanted: list[str]) -> None:
    versions = locked(lock)

    for requirement in map(Requirement, wanted):
        found = versions.get(canonicalize_name(requirement.name), set())
        assert any(requirement.specifier.contains(version) for version in found), f"{requirement}: run `make lock`"


def test_every_ignored_lint_rule_has_its_reason_on_the_line() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ruff = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.flake8-annotations]")]

    rules = [line for line in ruff.splitlines() if re.search(r'"[A-Z]{1,4}\d*"', line) and "select" not in line]

    assert rules
    assert [line for line in rules if "#" not in line] == []


def test_make_explains_every_command() -> None:
    commands = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    explained = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert commands is not None
    assert re.findall(r"^make (\w+) ", explained, re.MULTILINE) == commands[1].split()


@pytest.mark.parametrize("script", SCRIPTS)
def test_setting_up_leaves_the_system_alone(script: str) -> None:
    without_sentences = re.sub(r'"[^"]*"', "", (ROOT / script).read_text(encoding="utf-8"))

    assert not re.search(r"\b(apt-get|apt|sudo)\b", without_sentences), "only .ci/run installs system packages"


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
    return file


def refusal(kind: str, **environment: str) -> str:
    """Run the installer on a machine that lacks something, and return its only words."""
    command = ["/bin/sh", str(ROOT / ".ci" / "install"), kind]
    answer = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stdout == ""
    return answer.stderr


def test_an_old_python_is_named_in_a_sentence(tmp_path: Path) -> None:
    python = write(tmp_path / "python3", "#!/bin/sh\nexit 1\n")

    assert "Install Python 3.11 or newer" in refusal("run", PYTHON=str(python))


def test_a_missing_pip_is_named_in_a_sentence(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)

    assert "has no pip. Install it" in refusal("run", PYTHON=str(tmp_path / "bin" / "python"))


def test_an_old_pip_is_named_in_a_sentence(tmp_path: Path) -> None:
    write(tmp_path / "pip" / "__init__.py", OLD_PIP)
    write(tmp_path / "pip" / "__main__.py", "")

    assert "older than 22.3. Renew it" in refusal("run", PYTHON=sys.executable, PYTHONPATH=str(tmp_path))


def test_a_missing_git_is_named_in_a_sentence(tmp_path: Path) -> None:
    write(tmp_path / "modules" / "pip" / "__init__.py", "__version__ = '25.0'")
    write(tmp_path / "modules" / "pip" / "__main__.py", "")
    write(tmp_path / "commands" / "dirname", f"#!/bin/sh\nprintf '%s' '{ROOT / '.ci'}'\n")
    machine = {"PATH": str(tmp_path / "commands"), "PYTHONPATH": str(tmp_path / "modules")}

    assert refusal("dev", PYTHON=sys.executable, **machine).startswith("git is missing")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_has_every_file_of_the_product(wheel: ZipFile) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "qms", "templates", "static"]
    ours = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    expected = {file if file.startswith("qms/") else f"qms/{file}" for file in ours if (ROOT / file).exists()}

    assert expected - set(wheel.namelist()) == set()


def test_the_wheel_speaks_every_language(wheel: ZipFile) -> None:
    catalogues = {file.relative_to(ROOT) for file in (ROOT / "qms" / "translations").rglob("*.po")}

    assert {str(file.with_suffix(".mo")) for file in catalogues} <= set(wheel.namelist())


def test_the_wheel_has_nothing_but_the_product(wheel: ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}

    assert tops == {"qms", f"qms_compliance-{PROJECT['project']['version']}.dist-info"}
