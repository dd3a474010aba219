"""The measurement itself, in its shortest form: whoever changes a page finds out here that it can still be measured."""

import subprocess
import sys

import pytest


@pytest.mark.timeout(600)  # it starts five servers one after another
def test_the_bench_measures_every_page_and_its_floor():
    done = subprocess.run([sys.executable, "-m", "tests.bench", "--quick"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    measured = [line.split("|")[0] for line in done.stdout.splitlines() if line.count("|") == 3]
    assert len(measured) == 18, done.stdout  # two lines of headings, sixteen pages
    assert "sweep of" in done.stdout
    assert "planning, nothing owed" in done.stdout
    assert "letters/s" in done.stdout
    assert "report of 60 findings: page" in done.stdout
    assert "statements for 10 and for 1,000 findings" in done.stdout
