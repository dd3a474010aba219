"""The wheel alone, in an empty folder, serves what a checkout serves."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from zipfile import ZipFile

import pytest

from qms.papers.paper import Paper

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds for the first page


def _free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def installed(tmp_path):
    """The wheel unpacked where no checkout is, ahead of everything else."""
    built = tmp_path / "built"
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(built)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    with ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")
    return tmp_path / "site"


@contextmanager
def _served(installed, folder):
    port = _free_port()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), "PORT": str(port)}
    command = [sys.executable, "-c", "from qms.cli import main; main()", "run"]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=said, stderr=said)
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _page(address, process):
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.read().decode("utf-8", errors="replace")
        except urllib.error.HTTPError:
            raise
        except OSError:
            if process.poll() is not None or time.monotonic() > give_up_at:
                raise
            time.sleep(0.2)


def test_the_wheel_in_an_empty_folder_serves_the_register(installed, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()

    with _served(installed, folder) as (address, process):
        page = _page(f"{address}/logowanie", process)
        style = _page(f"{address}/static/app.css", process)
        font = _page(f"{address}/static/fonts/PublicSans%5Bwght%5D.ttf", process)
        guide = _page(f"{address}/pomoc", process)

    assert "Zaloguj" in page
    assert "--ink" in style
    assert len(font) > 10_000
    assert "Pomoc" in guide
    assert (folder / "instance" / "qms.db").is_file()


def test_the_wheel_alone_sets_a_paper_as_pdf(installed, tmp_path):
    paper = Paper(kind="raport", language="pl", office="Urząd", number="1", title="Raport", mark="", sections=())
    task = json.dumps({"paper": asdict(paper), "made_at": "2026-11-20T10:00:00+00:00"}).encode()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "qms.papers.typesetting"]

    done = subprocess.run(command, cwd=tmp_path, env=env, input=task, capture_output=True, check=True)

    assert base64.b64decode(json.loads(done.stdout)["pdf"]).startswith(b"%PDF-")
