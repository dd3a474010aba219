"""Both languages are complete: every text of the product has a Polish one, and none of them is the English one."""

import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"%\([a-z0-9_]+\)[sd]")
# Words that are the same in both languages, and texts with nothing to translate.
ALIKE = frozenset(["Audit", "Audit %(number)s", "Auditor", "ISO/IEC 17021-1:2015", "Menu", "Symbol", "auditor", "tel."])


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """Every text marked in the code and the templates, collected as `make i18n` does."""
    found = tmp_path_factory.mktemp("texts") / "messages.pot"
    recipe = next(line for line in (ROOT / "Makefile").read_text().splitlines() if "extract" in line)
    keywords = re.findall(r"--keywords=\S+", recipe)
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "--mapping-file=pyproject.toml"]
    subprocess.run([*command, *keywords, f"--output-file={found}", "."], cwd=ROOT, check=True, capture_output=True)
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(found)) if entry.msgid}


@pytest.fixture(scope="module")
def polish():
    catalogue = polib.pofile(str(ROOT / "qms/translations/pl/LC_MESSAGES/messages.po"))
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}


def _forms(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_has_a_polish_one(texts, polish):
    missing = [key for key in texts if key not in polish or not all(_forms(polish[key]))]

    assert missing == [], "run `make i18n` and translate what is empty"


def test_no_polish_text_is_a_guess_or_left_over(texts, polish):
    assert [key for key, entry in polish.items() if entry.fuzzy] == []
    assert sorted(set(polish) - set(texts), key=str) == []


def test_no_polish_text_is_the_english_one(polish):
    same = {entry.msgid for entry in polish.values() if entry.msgid in _forms(entry)}

    assert same == ALIKE


def test_every_polish_text_holds_the_same_placeholders(polish):
    wrong = [
        (entry.msgid, form)
        for entry in polish.values()
        for form in _forms(entry)
        if not set(PLACEHOLDER.findall(form)) <= set(PLACEHOLDER.findall(f"{entry.msgid} {entry.msgid_plural}"))
        or (not entry.msgid_plural and set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(entry.msgid)))
    ]

    assert wrong == []


def test_counted_things_have_the_three_polish_forms(polish):
    assert {len(entry.msgstr_plural) for entry in polish.values() if entry.msgid_plural} == {3}
